"""ecdsa-sd-2023 against a holder who cheats: no part of document or proof can be another."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from node.crypto import base64url
from node.verification.proofs.selective.ecdsa_sd import DerivedProof, Signatures
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from tests.simulators.signers import BOARD_TERMS, licence
from tests.unit.node.verification.proofs.selective.signed import (
    BOARD,
    INTEGRITY,
    MALLORY,
    SHOWN,
    Document,
    issue,
    outcome,
    proof_of,
    with_proof,
)


def test_a_node_cannot_be_taken_apart() -> None:
    """Two parts under one name would be one licence's number beside another's kind."""
    terms = {name: BOARD_TERMS + name for name in ("licences", "number", "kind")}
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2", terms],
        "type": ["VerifiableCredential"],
        "issuer": BOARD.did,
        "credentialSubject": {"licences": {"number": "RN-1", "kind": "student"}},
    }
    signed = issue(document, ["/issuer"])
    derived = INTEGRITY.derive(signed, ["/credentialSubject"])
    proof = proof_of(derived)
    derived["credentialSubject"]["licences"] = [{"number": "RN-1"}, {"kind": "student"}]
    for extra in (proof.labels[0], proof.labels[1], proof.labels[-1], bytes(32)):
        for signatures in (
            proof.signatures.statements,
            (*proof.signatures.statements, *proof.signatures.statements),
        ):
            attacked = DerivedProof(
                replace(proof.signatures, statements=signatures), (*proof.labels, extra), proof.mandatory
            )
            assert outcome(with_proof(derived, attacked)) is not Reason.OK


def _edits(proof: Any) -> Iterator[tuple[str, Any]]:
    signed: Signatures = proof.signatures

    def signatures(**changes: Any) -> Any:
        return replace(proof, signatures=replace(signed, **changes))

    yield "a signature less", signatures(statements=signed.statements[1:])
    yield "a signature more", signatures(statements=(*signed.statements, signed.statements[0]))
    yield (
        "two signatures swapped",
        signatures(statements=(signed.statements[1], signed.statements[0], *signed.statements[2:])),
    )
    yield "no signature", signatures(statements=())
    yield "another key", signatures(public_key=b"\x80\x24" + MALLORY.key.public.raw)
    yield "no key at all", signatures(public_key=b"\x80\x24\x02" + b"\xff" * 32)
    yield "zeros", signatures(base=bytes(64))
    if isinstance(proof, DerivedProof):
        yield "nothing mandatory", replace(proof, mandatory=())
        yield "a place less", replace(proof, mandatory=proof.mandatory[1:])
        yield "a place past the end", replace(proof, mandatory=(*proof.mandatory, 999))
        yield "a place more", replace(proof, mandatory=(*proof.mandatory, max(proof.mandatory) + 1))
        yield "labels swapped", replace(proof, labels=(proof.labels[1], proof.labels[0], *proof.labels[2:]))
        yield "a label less", replace(proof, labels=proof.labels[1:])
        yield "a label more", replace(proof, labels=(*proof.labels, bytes(32)))
    else:
        yield "another label key", replace(proof, hmac_key=bytes(32))
        yield "less is mandatory", replace(proof, mandatory_pointers=proof.mandatory_pointers[1:])
        yield (
            "more is mandatory",
            replace(proof, mandatory_pointers=(*proof.mandatory_pointers, "/credentialSubject")),
        )
        yield "nothing is", replace(proof, mandatory_pointers=())
        yield "what is not there", replace(proof, mandatory_pointers=("/nothing",))
        yield "no pointer", replace(proof, mandatory_pointers=("issuer",))


@pytest.mark.parametrize("kind", ["base", "derived"])
def test_every_part_of_a_proof_counts(request: pytest.FixtureRequest, kind: str) -> None:
    document = request.getfixturevalue(kind)
    assert outcome(document) is Reason.OK
    for what, proof in _edits(proof_of(document)):
        assert outcome(with_proof(document, proof)) in {Reason.SIGNATURE_INVALID, Reason.MALFORMED_PROOF}, what


@pytest.mark.parametrize("kind", ["base", "derived"])
def test_no_bit_of_a_proof_value_can_be_changed(request: pytest.FixtureRequest, kind: str) -> None:
    document = request.getfixturevalue(kind)
    if kind == "base":  # fewer statements, fewer signatures
        document = issue(licence(BOARD.did, credentialSubject={"givenName": "Ada"}))
    data = base64url.decode(document["proof"]["proofValue"][1:])
    for place in range(len(data)):
        flipped = bytearray(data)
        flipped[place] ^= 1 << (place % 8)
        twin = {
            **document,
            "proof": {**document["proof"], "proofValue": "u" + base64url.encode(bytes(flipped))},
        }
        assert outcome(twin) is not Reason.OK, place


def test_no_member_can_be_added_or_respelled(derived: Document) -> None:
    subject = derived["credentialSubject"]
    for twin in (
        {**derived, "name": "Surgeon"},
        {**derived, "credentialSubject": {**subject, "https://schema.org/jobTitle": "Surgeon"}},
        {**derived, "credentialSubject": [subject, {"id": "did:example:mallory", "givenName": "M"}]},
        {**derived, "type": [*derived["type"], "https://board.example/vocabulary#Administrator"]},
        {**derived, "undefined": 1},
    ):
        assert outcome(twin) in {Reason.SIGNATURE_INVALID, Reason.UNSIGNED_CONTENT}
    respelled = {name: value for name, value in derived.items() if name != "validUntil"}
    respelled["https://www.w3.org/2018/credentials#validUntil"] = {
        "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
        "@value": derived["validUntil"],
    }
    assert outcome(respelled) is Reason.RESPELLED_MEMBER
    nulled = {**derived, "@context": [*derived["@context"], {"credentialStatus": None}]}
    assert outcome(nulled) is Reason.UNSAFE_CONTEXT


def test_another_issuers_statements_do_not_mix(derived: Document) -> None:
    """The key of the statements is signed by the issuer, and made for one credential."""
    forged = issue(licence(BOARD.did), signer=MALLORY)
    theirs, ours = proof_of(INTEGRITY.derive(forged, SHOWN)), proof_of(derived)
    mixed = replace(theirs, signatures=replace(theirs.signatures, base=ours.signatures.base))
    assert outcome(with_proof(derived, mixed)) is Reason.SIGNATURE_INVALID


def test_the_proofs_own_members_are_signed(derived: Document) -> None:
    for members in (
        {"created": "2026-01-01T00:00:00Z"},
        {"challenge": "c"},
        {"verificationMethod": MALLORY.method},
    ):
        assert outcome({**derived, "proof": {**derived["proof"], **members}}) is Reason.SIGNATURE_INVALID
    other = {**derived["proof"], "cryptosuite": "ecdsa-rdfc-2019"}
    assert outcome({**derived, "proof": other}) is Reason.MALFORMED_PROOF


@pytest.mark.parametrize("kind", ["base", "derived"])
def test_a_poison_graph_is_refused_before_any_signature(request: pytest.FixtureRequest, kind: str) -> None:
    """Ten blank nodes, each linked to all the others."""
    poisoned = copy.deepcopy(request.getfixturevalue(kind))
    terms = {"knows": {"@id": BOARD_TERMS + "knows", "@type": "@id"}}
    clique = [f"_:n{number}" for number in range(10)]
    poisoned["@context"].append(terms)
    poisoned["credentialSubject"] = [{"id": one, "knows": [o for o in clique if o != one]} for one in clique]
    assert outcome(poisoned) is Reason.TOO_COMPLEX
    for pointers in ([], ["/credentialSubject"]):
        with pytest.raises(Refused) as refused:
            INTEGRITY.derive(poisoned, pointers)
        assert refused.value.reason in {Reason.TOO_COMPLEX, Reason.MALFORMED_PROOF}
