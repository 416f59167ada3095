"""ecdsa-sd-2023: what is shown was signed, and what decides is not hidden unseen."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import replace

import pytest

from node.crypto import base64url
from node.crypto.public_keys import KeyType, PublicKey
from node.verification.proofs.data_integrity.members import PROOF_MEMBERS
from node.verification.proofs.selective.ecdsa_sd import DerivedProof, Signatures, signed_by_issuer
from node.verification.proofs.selective.reading import Whole, digest_name, read
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from tests.simulators.signers import NOW, licence, resolve_did_key
from tests.unit.node.verification.proofs.selective.signed import (
    BOARD,
    INTEGRITY,
    MALLORY,
    SHOWN,
    Document,
    check,
    issue,
    outcome,
    proof_of,
    with_proof,
)


def test_a_credential_and_what_is_derived_from_it(base: Document, derived: Document) -> None:
    assert check(base).withheld == check(derived).withheld == frozenset()
    subject = derived["credentialSubject"]
    assert set(subject) == {"id", "givenName", "licence"}
    shown = {"type": "NursingLicence", "licenceNumber": "RN-4821093", "ranked": ["first", "second"]}
    assert subject["licence"] == shown
    assert {"validFrom", "validUntil", "credentialStatus", "issuer", "id", "type"} <= set(derived)


def test_nothing_more_than_what_was_chosen_can_be_read_off_the_proof(derived: Document) -> None:
    proof = proof_of(derived)
    assert isinstance(proof, DerivedProof)
    assert len(proof.signatures.statements) + len(proof.mandatory) < 30
    assert b"Siobh" not in base64url.decode(derived["proof"]["proofValue"][1:])


def test_the_holder_does_not_hide_what_decides(base: Document) -> None:
    """Statements taken out by hand, with their signatures, past what `derive` would do."""
    for member in ("credentialStatus", "validUntil", "validFrom", "issuer"):
        for source in (base, INTEGRITY.derive(base, SHOWN)):
            cut = {name: value for name, value in source.items() if name != member}
            assert outcome(cut) in {Reason.SIGNATURE_INVALID, Reason.MALFORMED_PROOF, Reason.ISSUER_MISMATCH}
    fewer = copy.deepcopy(base)
    fewer["type"].remove("NursingLicenceCredential")
    assert outcome(fewer) is Reason.SIGNATURE_INVALID


def cut_by_hand(base: Document, kept: list[str], shown: list[str]) -> Document:
    """As a holder with tools of their own would: another choice of what is mandatory."""
    proof = proof_of(base)
    unsecured = {name: value for name, value in base.items() if name != "proof"}
    whole = Whole(unsecured, INTEGRITY.documents)
    names = whole.reading.shuffled(proof.hmac_key)
    said = whole.reading.named(names)
    mandatory = said.places(whole.part(list(proof.mandatory_pointers))[1].named(names))
    revealed, part = whole.part([*kept, *shown])
    places = said.places(part.named(names))
    others = [place for place in range(len(said.lines)) if place not in mandatory]
    signatures = tuple(
        one for place, one in zip(others, proof.signatures.statements, strict=True) if place in places
    )
    digests = whole.reading.digests(proof.hmac_key)
    labels = tuple(digests[label] for label, _ in sorted(part.numbers().items(), key=lambda item: item[1]))
    return with_proof(
        {**revealed, "proof": base["proof"]},
        DerivedProof(
            replace(proof.signatures, statements=signatures),
            labels,
            tuple(number for number, place in enumerate(sorted(places)) if place in mandatory),
        ),
    )


def test_what_is_mandatory_does_not_go_missing(base: Document) -> None:
    everything = ["/issuer", "/validFrom", "/validUntil", "/credentialStatus"]
    assert outcome(cut_by_hand(base, everything, SHOWN)) is Reason.OK
    for member in everything[1:]:
        kept = [one for one in everything if one != member]
        assert outcome(cut_by_hand(base, kept, SHOWN)) is Reason.SIGNATURE_INVALID, member


def test_what_the_issuer_left_open_is_named() -> None:
    """Others issue with less care: then it is not known what was there."""
    careless = issue(mandatory=["/issuer"])
    assert check(careless).withheld == {"credentialStatus"}
    dates = ["/validFrom", "/validUntil"]
    assert check(INTEGRITY.derive(careless, SHOWN)).withheld == {"credentialStatus", "validFrom", "validUntil"}
    assert check(INTEGRITY.derive(careless, [*SHOWN, *dates])).withheld == {"credentialStatus"}
    # One of two entries shown: nobody can tell that there is another.
    assert check(INTEGRITY.derive(careless, [*dates, "/credentialStatus"])).withheld == {"credentialStatus"}
    nothing = issue(mandatory=[])
    assert "type" in (check(INTEGRITY.derive(nothing, ["/issuer", *SHOWN])).withheld or ())


def test_a_base_proof_can_be_thinned_out_and_says_no_more_than_a_derived_one() -> None:
    credential = licence(BOARD.did, credentialSubject={"id": "did:example:nurse", "givenName": "Ada"})
    del credential["credentialStatus"]
    signed = issue(credential, ["/issuer"])
    proof = proof_of(signed)
    whole = Whole({name: value for name, value in signed.items() if name != "proof"}, INTEGRITY.documents)
    names = whole.reading.shuffled(proof.hmac_key)
    said = whole.reading.named(names)
    mandatory = said.places(whole.part(["/issuer"])[1].named(names))
    others = [line for place, line in enumerate(said.lines) if place not in mandatory]
    gone = next(number for number, line in enumerate(others) if "validUntil" in line)
    statements = tuple(one for number, one in enumerate(proof.signatures.statements) if number != gone)
    thinned = with_proof(
        {name: value for name, value in signed.items() if name != "validUntil"},
        replace(proof, signatures=replace(proof.signatures, statements=statements)),
    )
    assert check(thinned).withheld == {"validUntil", "credentialStatus"}


def test_in_a_chain_or_for_a_presentation_it_is_not_judged(derived: Document, base: Document) -> None:
    first = {**base["proof"], "id": "urn:uuid:1"}
    second = {**base["proof"], "previousProof": "urn:uuid:1"}
    del first["proofValue"]
    signed = INTEGRITY.sign(
        {name: value for name, value in base.items() if name != "proof"},
        key=BOARD.key,
        verification_method=BOARD.method,
        cryptosuite="ecdsa-rdfc-2019",
        created=NOW,
    )
    assert outcome({**signed, "proof": [signed["proof"], second]}) is Reason.MALFORMED_PROOF
    both = {**signed, "proof": [base["proof"], signed["proof"]]}
    assert check(both).withheld is None  # one of them covers it all
    chained = {**base["proof"], "id": "urn:uuid:2", "previousProof": "urn:uuid:1"}
    chain = {**base, "proof": [{**base["proof"], "id": "urn:uuid:1"}, chained]}
    assert outcome(chain) is Reason.SIGNATURE_INVALID  # the first has another id than was signed
    presentation = {"@context": base["@context"][:1], "type": ["VerifiablePresentation"], "holder": BOARD.did}
    with pytest.raises(Refused) as refused:
        INTEGRITY.sign(
            presentation,
            key=BOARD.key,
            verification_method=BOARD.method,
            cryptosuite="ecdsa-sd-2023",
            created=NOW,
            purpose="authentication",
        )
    assert refused.value.reason is Reason.UNKNOWN_CRYPTOSUITE
    presentation["proof"] = {**base["proof"], "proofPurpose": "authentication"}
    with pytest.raises(Refused) as refused:
        INTEGRITY.check(presentation, purpose="authentication", resolve_method=resolve_did_key, now=NOW, skew=0)
    assert refused.value.reason is Reason.UNKNOWN_CRYPTOSUITE


def test_what_is_not_for_us_in_a_set_is_passed_over(base: Document) -> None:
    """As a wallet keeps a credential: proofs of several suites, for whatever its verifiers read."""
    document = {name: value for name, value in base.items() if name != "proof"}
    signed = INTEGRITY.sign(
        document,
        key=BOARD.key,
        verification_method=BOARD.method,
        cryptosuite="ecdsa-rdfc-2019",
        created=NOW,
    )
    bls = "did:key:" + PublicKey.from_raw(KeyType.BLS12_381_G2, b"\x81" + bytes(95)).to_multikey()
    for kind in (b"\xd9\x5d\x02", b"\xd9\x5d\x05"):
        other = {
            **signed["proof"],
            "cryptosuite": "bbs-2023",
            "verificationMethod": f"{bls}#{bls[8:]}",
            "proofValue": "u" + base64url.encode(kind),
        }
        assert outcome({**signed, "proof": [other, signed["proof"]]}) is Reason.OK
        assert outcome({**signed, "proof": [other]}) is Reason.UNKNOWN_CRYPTOSUITE
        broken = {**signed["proof"], "created": "2026-01-01T00:00:00Z"}
        assert outcome({**signed, "proof": [other, broken]}) is Reason.SIGNATURE_INVALID


def test_values_of_the_general_processor_are_verified_and_not_issued() -> None:
    """Somebody else's credential with a number beyond exactness; what is mandatory of it is not known."""
    document = licence(BOARD.did)
    document["credentialSubject"]["licence"]["hours"] = 2**53 + 1
    with pytest.raises(Refused) as refused:
        issue(document)
    assert refused.value.reason is Reason.UNKNOWN_CRYPTOSUITE

    proof = {name: value for name, value in issue()["proof"].items() if name != "proofValue"}
    config = hashlib.sha256(
        INTEGRITY.documents.canonical({**proof, "@context": document["@context"]}, PROOF_MEMBERS).encode()
    ).digest()
    reading = read(document, INTEGRITY.documents)
    labels = tuple(bytes([number]) * 32 for number in range(len(reading.canonical)))
    said = reading.named(reading.mapped([digest_name(label) for label in labels]))
    public_key = b"\x80\x24" + MALLORY.key.public.raw
    signature = BOARD.key.sign(signed_by_issuer(config, public_key, "".join(said.lines)))
    derived = DerivedProof(Signatures(signature, public_key, ()), labels, tuple(range(len(said.lines))))
    signed = {**document, "proof": {**proof, "proofValue": derived.encoded()}}
    assert check(signed).withheld == {"type", "credentialStatus"}
    signed["credentialSubject"] = {"id": "did:example:mallory"}
    assert outcome(signed) in {Reason.SIGNATURE_INVALID, Reason.MALFORMED_PROOF}
