"""The vectors of vc-di-ecdsa for ecdsa-sd-2023: every form between a credential and its proofs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from node.crypto import multibase
from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.proofs.data_integrity.members import PROOF_MEMBERS
from node.verification.proofs.selective.ecdsa_sd import BaseProof, DerivedProof, parse
from node.verification.proofs.selective.ecdsa_sd_making import Secrets, base_proof_value
from node.verification.proofs.selective.reading import Reading, Statements, Whole, digest_name, read
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from tests.simulators.signers import NOW, resolve_did_key

FOLDERS = {"prc": ("prCredMandatory", "prCredSelective"), "employ": ("employMandatory", "employSelective")}


class Case:
    """One example of the specification, and what we make of its credential."""

    def __init__(self, vectors: Path, folder: str) -> None:
        self.root = vectors / "vc-di-ecdsa"
        self.place = self.root / "ecdsa-sd-2023" / folder
        self.mandatory, self.selective = (
            json.loads((self.root / f"{n}.json").read_text()) for n in FOLDERS[folder]
        )
        self.signed = self.json("addSignedSDBase")
        self.unsecured = {name: value for name, value in self.signed.items() if name != "proof"}
        material = json.loads((self.root / "ecdsa-sd-2023" / "SDKeyMaterial.json").read_text())
        self.key, statement_key = (
            SigningKey.from_bytes(KeyType.P256, multibase.decode(material[pair]["secretKeyMultibase"])[2:])
            for pair in ("baseKeyPair", "proofKeyPair")
        )
        self.secrets = Secrets(statement_key, bytes.fromhex(material["hmacKeyString"]))
        self.integrity = DataIntegrity(Contexts())
        self.whole = Whole(self.unsecured, self.integrity.documents)
        self.names = self.whole.reading.shuffled(self.secrets.hmac_key)
        self.said = self.whole.reading.named(self.names)

    def json(self, name: str) -> Any:
        return json.loads((self.place / f"{name}.json").read_text())

    def part(self, pointers: list[str]) -> tuple[dict[str, Any], Reading]:
        return self.whole.part(pointers)

    def places(self, pointers: list[str]) -> frozenset[int]:
        return self.said.places(self.part(pointers)[1].named(self.names))


@pytest.fixture(scope="module", params=list(FOLDERS))
def case(vectors: Path, request: pytest.FixtureRequest) -> Case:
    return Case(vectors, request.param)


def group(said: Statements, places: Collection[int], *, inside: bool = True) -> list[list[Any]]:
    return [[place, line] for place, line in enumerate(said.lines) if (place in places) is inside]


def test_the_transformation(case: Case) -> None:
    canonical = case.whole.reading.named(case.whole.reading.canonical)
    assert list(canonical.lines) == case.json("addBaseDocCanon")
    assert list(case.said.lines) == case.json("addBaseDocHMACCanon")
    transformed = case.json("addBaseTransform")
    places = case.places(case.mandatory)
    assert transformed["mandatoryPointers"] == case.mandatory
    assert transformed["mandatory"]["value"] == group(case.said, places)
    assert transformed["nonMandatory"]["value"] == group(case.said, places, inside=False)


def test_what_the_pointers_select(case: Case) -> None:
    for entry in case.json("addPointerValues"):
        value: Any = case.part([entry["pointer"]])[0]
        for token in entry["pointer"].split("/")[1:]:
            value = value[token]
        assert value == entry["value"]


def test_the_hashes(case: Case) -> None:
    config = case.json("addProofConfig")
    canonical = case.integrity.documents.canonical(config, PROOF_MEMBERS)
    assert canonical == (case.place / "addProofConfigCanon.txt").read_text()
    hashes = case.json("addHashData")
    assert hashlib.sha256(canonical.encode()).hexdigest() == hashes["proofHash"]
    places = case.places(case.mandatory)
    together = "".join(line for place, line in enumerate(case.said.lines) if place in places)
    assert hashlib.sha256(together.encode()).hexdigest() == hashes["mandatoryHash"]


def test_the_base_proof(case: Case) -> None:
    config = bytes.fromhex(case.json("addHashData")["proofHash"])
    value = base_proof_value(
        case.unsecured, config, case.key, case.mandatory, case.integrity.documents, drawn=case.secrets
    )
    assert value == case.signed["proof"]["proofValue"]
    raw, recovered = case.json("addRawBaseSignatureInfo"), case.json("derivedRecoveredBaseData")
    base = parse(value)
    assert isinstance(base, BaseProof)
    assert base.encoded() == value
    assert base.signatures.base.hex() == raw["baseSignature"] == recovered["baseSignature"]
    assert multibase.encode(base.signatures.public_key) == raw["publicKey"] == recovered["proofPublicKey"]
    assert [one.hex() for one in base.signatures.statements] == raw["signatures"] == recovered["signatures"]
    assert base.hmac_key.hex() == recovered["hmacKey"]
    assert list(base.mandatory_pointers) == raw["mandatoryPointers"] == recovered["mandatoryPointers"]


def test_the_groups(case: Case) -> None:
    groups, indexes = case.json("derivedAllGroupData")["groups"], case.json("derivedGroupIndexes")
    for name, pointers in (
        ("mandatory", case.mandatory),
        ("selective", case.selective),
        ("combined", [*case.mandatory, *case.selective]),
    ):
        places = case.places(pointers)
        assert sorted(places) == indexes[f"{name}Indexes"]
        assert groups[name]["matching"]["value"] == group(case.said, places)
        assert groups[name]["nonMatching"]["value"] == group(case.said, places, inside=False)
    others = sorted(set(range(len(case.said.lines))) - case.places(case.mandatory))
    assert others == indexes["nonMandatoryIndexes"]


def test_the_derived_proof(case: Case) -> None:
    derived = case.integrity.derive(case.signed, case.selective)
    assert derived == case.json("derivedRevealDocument")
    unsecured = {name: value for name, value in derived.items() if name != "proof"}
    assert unsecured == case.json("derivedUnsignedReveal")
    proof = parse(derived["proof"]["proofValue"])
    assert isinstance(proof, DerivedProof)
    assert proof.encoded() == derived["proof"]["proofValue"]
    disclosed, stated = case.json("derivedDisclosureData"), case.json("verifyDerivedProofValue")
    signatures = [one.hex() for one in proof.signatures.statements]
    assert proof.signatures.base.hex() == disclosed["baseSignature"] == stated["baseSignature"]
    assert multibase.encode(proof.signatures.public_key) == disclosed["publicKey"] == stated["publicKey"]
    assert signatures == disclosed["signatures"] == stated["signatures"]
    assert signatures == case.json("derivedAdjSignatures")["filteredSignatures"]
    mandatory = case.json("derivedAdjMandatoryIndexes")["adjMandatoryIndexes"]
    assert list(proof.mandatory) == mandatory == disclosed["mandatoryIndexes"] == stated["mandatoryIndexes"]
    labels = [[f"c14n{number}", digest_name(one)[2:]] for number, one in enumerate(proof.labels)]
    assert labels == disclosed["labelMap"]["value"] == stated["labelMap"]

    others = sorted(set(range(len(case.said.lines))) - case.places(case.mandatory))
    kept = [number for number, place in enumerate(others) if place in case.places(case.selective)]
    assert kept == case.json("derivedAdjSignatures")["adjSignatureIndexes"]


def test_what_is_verified(case: Case) -> None:
    derived = case.json("derivedRevealDocument")
    proof = parse(derived["proof"]["proofValue"])
    assert isinstance(proof, DerivedProof)
    reading = read(
        {name: value for name, value in derived.items() if name != "proof"}, case.integrity.documents
    )
    said = reading.named(reading.mapped([digest_name(label) for label in proof.labels]))
    assert list(said.lines) == case.json("verifyNQuads")
    data = case.json("verifyCreateVerifyData")
    assert [line for _, line in group(said, proof.mandatory, inside=False)] == data["nonMandatory"]
    together = "".join(line for _, line in group(said, proof.mandatory))
    assert hashlib.sha256(together.encode()).hexdigest() == data["mandatoryHash"]
    assert [one.hex() for one in proof.signatures.statements] == data["signatures"]


@pytest.mark.parametrize("name", ["addSignedSDBase", "derivedRevealDocument"])
def test_both_kinds_hold(case: Case, name: str) -> None:
    signed = case.json(name)

    def check(document: dict[str, Any]) -> frozenset[str] | None:
        result = case.integrity.check(
            document, purpose="assertionMethod", resolve_method=resolve_did_key, now=NOW, skew=0
        )
        return result.withheld

    assert check(signed) == {"credentialStatus"}
    with pytest.raises(Refused) as refused:
        check({**signed, "validUntil": "2040-01-01T00:00:00Z"})
    assert refused.value.reason is Reason.SIGNATURE_INVALID
