"""The vectors of vc-di-bbs, seen from a verifier: what holds, what is not supported, what was tampered with."""

from __future__ import annotations

import hashlib
import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from node.crypto import base64url, multibase
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.proofs.data_integrity.members import PROOF_MEMBERS
from node.verification.proofs.selective.bbs_2023 import DERIVED
from node.verification.proofs.selective.components import components_of, encode
from node.verification.proofs.selective.reading import Statements, Whole, read
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.verdict import Decision
from tests.simulators import checked
from tests.simulators.policies import ANY_ISSUER_POLICY, UNSAFE_PROOF_ONLY_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty

pytest.importorskip("py_arkworks_bls12381", reason="the extra bbs is not installed")

# Of the optional features' examples; that they cannot be checked is told before it would matter.
INTEGRITY = DataIntegrity(Contexts({"https://w3id.org/vdl/aamva/v1": b'{"@context": {}}'}))
Document = dict[str, Any]
check, outcome = partial(checked.check, INTEGRITY), partial(checked.outcome, INTEGRITY)


@pytest.fixture(params=[".", "prc"])
def place(vectors: Path, request: pytest.FixtureRequest) -> Path:
    return vectors / "vc-di-bbs" / str(request.param)


def load(place: Path, name: str) -> Any:
    return json.loads((place / f"{name}.json").read_text())


def said_by(document: Document, components: list[Any]) -> Statements:
    reading = read({name: value for name, value in document.items() if name != "proof"}, INTEGRITY.documents)
    return reading.named(reading.mapped([f"_:b{components[1][number]}" for number in sorted(components[1])]))


def test_every_step_of_verifying(place: Path) -> None:
    derived = load(place, "derivedRevealDocument")
    components = components_of(derived["proof"]["proofValue"])
    assert encode(DERIVED, components) == derived["proof"]["proofValue"]
    stated = load(place, "derivedDisclosureData")
    proof, labels, mandatory, selective, presentation_header = components
    assert proof.hex() == stated["bbsProof"]
    assert [[f"c14n{number}", f"b{label}"] for number, label in labels.items()] == stated["labelMap"]["value"]
    assert (mandatory, selective) == (stated["mandatoryIndexes"], stated["adjSelectiveIndexes"])
    assert list(presentation_header) == list(stated["presentationHeader"].values())

    config = load(place, "addProofConfig")
    canonical = INTEGRITY.documents.canonical(config, PROOF_MEMBERS)
    assert canonical == (place / "addProofConfigCanon.txt").read_text()
    hashes = load(place, "addHashData")
    assert hashlib.sha256(canonical.encode()).hexdigest() == hashes["proofHash"]
    said = said_by(derived, components)
    together = "".join(line for number, line in enumerate(said.lines) if number in mandatory)
    assert hashlib.sha256(together.encode()).hexdigest() == hashes["mandatoryHash"]
    if (place / "verifyNQuads.json").exists():
        assert list(said.lines) == load(place, "verifyNQuads")

    result = check(derived)
    assert result.cryptosuite == "bbs-2023"
    assert "credentialStatus" in (result.withheld or ())


def test_what_the_issuer_signed(vectors: Path, place: Path) -> None:
    """The issuer's own forms, as far as the two suites share them."""
    signed = load(place, "addSignedSDBase")
    whole = Whole({name: value for name, value in signed.items() if name != "proof"}, INTEGRITY.documents)
    assert list(whole.reading.named(whole.reading.canonical).lines) == load(place, "addBaseDocCanon")
    material = load(vectors / "vc-di-bbs", "BBSKeyMaterial")
    digests = whole.reading.digests(bytes.fromhex(material["hmacKeyString"]))
    order = sorted(digests, key=lambda label: base64url.encode(digests[label]))
    names = {label: f"_:b{number}" for number, label in enumerate(order)}
    said = whole.reading.named(names)
    assert list(said.lines) == load(place, "addBaseDocHMACCanon")
    pointers = load(place, "addRawBaseSignatureInfo")["mandatoryPointers"]
    mandatory = said.places(whole.part(pointers)[1].named(names))
    assert sorted(mandatory) == load(place, "derivedGroupIndexes")["mandatoryIndexes"]


@pytest.mark.parametrize("folder", ["HolderBinding", "Pseudonym", "PseudonymHB"])
@pytest.mark.parametrize("name", ["addSignedSDBase", "derivedRevealDocument"])
def test_what_is_not_supported_says_so(vectors: Path, folder: str, name: str) -> None:
    with pytest.raises(Refused) as refused:
        check(load(vectors / "vc-di-bbs" / folder, name))
    assert refused.value.reason is Reason.UNKNOWN_CRYPTOSUITE
    expected = "base proof" if name == "addSignedSDBase" else "of its holder"
    assert expected in refused.value.detail


def test_a_base_proof_is_its_holders(place: Path) -> None:
    assert outcome(load(place, "addSignedSDBase")) is Reason.UNKNOWN_CRYPTOSUITE


def test_no_byte_of_a_proof_value_can_be_changed(place: Path) -> None:
    """Every one of what is not the proof itself, and a third of that."""
    derived = load(place, "derivedRevealDocument")
    data = base64url.decode(derived["proof"]["proofValue"][1:])
    proof = components_of(derived["proof"]["proofValue"])[0]
    start = data.index(proof)
    tried = [*range(start), *range(start, start + len(proof), 3), *range(start + len(proof), len(data))]
    for at in tried:
        flipped = bytearray(data)
        flipped[at] ^= 1 << (at % 8)
        twin = {**derived, "proof": {**derived["proof"], "proofValue": "u" + base64url.encode(bytes(flipped))}}
        assert outcome(twin) is not Reason.OK, at


def test_the_parts_of_the_proof_value_count(place: Path) -> None:
    derived = load(place, "derivedRevealDocument")
    genuine = components_of(derived["proof"]["proofValue"])
    proof, labels, mandatory, selective, header = genuine

    def swapped(first: int, second: int) -> dict[int, int]:
        return {**labels, first: labels[second], second: labels[first]}

    for parts in (
        [proof[:-32], labels, mandatory, selective, header],
        [proof + proof[-32:], labels, mandatory, selective, header],
        [proof, swapped(0, 1), mandatory, selective, header],
        [proof, dict.fromkeys(labels, 0), mandatory, selective, header],
        [proof, {**labels, len(labels): 90}, mandatory, selective, header],
        [proof, labels, mandatory[1:], selective, header],
        [proof, labels, [*mandatory, 999], selective, header],
        [proof, labels, [], selective, header],
        [proof, labels, mandatory, selective[1:], header],
        [proof, labels, mandatory, selective[::-1], header],
        [proof, labels, mandatory, [*selective[:-1], 999], header],
        [proof, labels, mandatory, selective, b"another"],
        [proof, labels, mandatory, selective],
        [*genuine, b""],
    ):
        twin = {**derived, "proof": {**derived["proof"], "proofValue": encode(DERIVED, parts)}}
        assert outcome(twin) in {Reason.SIGNATURE_INVALID, Reason.MALFORMED_PROOF}


def test_another_key_or_another_kind_of_key(place: Path) -> None:
    derived = load(place, "derivedRevealDocument")
    p256 = "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP"
    off_curve = multibase.encode(b"\xeb\x01\x81" + bytes(95))
    for key, expected in ((p256, Reason.ALGORITHM_MISMATCH), (off_curve, Reason.KEY_NOT_FOUND)):
        method = f"did:key:{key}#{key}"
        assert outcome({**derived, "proof": {**derived["proof"], "verificationMethod": method}}) is expected


def test_as_a_relying_party_sees_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = (place / "derivedRevealDocument.json").read_bytes()
    party = SimulatedRelyingParty()
    assert party.verify(raw, UNSAFE_PROOF_ONLY_POLICY).decision is Decision.ACCEPT
    assert party.verify(raw, ANY_ISSUER_POLICY).decision in {Decision.REJECT, Decision.INDETERMINATE}
    monkeypatch.setitem(sys.modules, "py_arkworks_bls12381", None)
    verdict = party.verify(raw, UNSAFE_PROOF_ONLY_POLICY)
    assert verdict.decision is Decision.INDETERMINATE
    check = verdict.credentials[0].checks[1]
    assert check.reason is Reason.UNKNOWN_CRYPTOSUITE and "extra `bbs`" in check.detail
