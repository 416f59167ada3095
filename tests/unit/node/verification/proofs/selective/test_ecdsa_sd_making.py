"""Signing and deriving under ecdsa-sd-2023: what is shown, and what cannot be."""

from __future__ import annotations

import copy

import pytest

from node.verification.proofs.selective.selection import BadPointer
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from tests.simulators.signers import NOW, licence
from tests.unit.node.verification.proofs.selective.signed import (
    BOARD,
    INTEGRITY,
    SHOWN,
    Document,
    issue,
    outcome,
    proof_of,
)


def test_nothing_drawn_is_drawn_twice() -> None:
    one, other = proof_of(issue()), proof_of(issue())
    assert one.hmac_key != other.hmac_key
    assert one.signatures.public_key != other.signatures.public_key


def test_too_many_statements() -> None:
    many = licence(BOARD.did)
    many["credentialSubject"]["licence"]["specialties"] = [f"number {i}" for i in range(1_001)]
    with pytest.raises(Refused) as refused:
        issue(many)
    assert refused.value.reason is Reason.TOO_COMPLEX


@pytest.mark.parametrize(
    "pointer",
    [
        "/nothing",
        "issuer",
        "/credentialSubject/licence/ranked/1",
        "/credentialSubject/licence/raw/b",
        "/description/@value",
        "/description/@language",
    ],
)
def test_pointers_to_what_cannot_be_shown(pointer: str) -> None:
    description = {"@value": "Zulassung", "@language": "de"}
    base = issue(licence(BOARD.did, description=description))
    with pytest.raises(BadPointer) as error:
        INTEGRITY.derive(base, ["/credentialSubject/givenName", pointer])
    assert error.value.pointer == pointer
    with pytest.raises(BadPointer):
        issue(licence(BOARD.did, description=description), ["/issuer", pointer])


def test_lists_and_json_are_shown_whole(base: Document) -> None:
    derived = INTEGRITY.derive(
        base,
        [
            "/credentialSubject/licence/ranked",
            "/credentialSubject/licence/raw",
            "/credentialSubject/licence/hours",
        ],
    )
    assert outcome(derived) is Reason.OK
    assert derived["credentialSubject"]["licence"]["ranked"] == ["first", "second"]


def test_only_what_its_issuer_signed_is_derived_from(base: Document, derived: Document) -> None:
    tampered = copy.deepcopy(base)
    tampered["credentialSubject"]["givenName"] = "Mallory"
    plain = INTEGRITY.sign(
        licence(BOARD.did),
        key=BOARD.key,
        verification_method=BOARD.method,
        cryptosuite="ecdsa-rdfc-2019",
        created=NOW,
    )
    for document, expected in (
        (derived, Reason.MALFORMED_PROOF),
        (plain, Reason.UNKNOWN_CRYPTOSUITE),
        (licence(BOARD.did), Reason.NO_PROOF),
        ({**base, "proof": [base["proof"], base["proof"]]}, Reason.UNKNOWN_CRYPTOSUITE),
        (tampered, Reason.SIGNATURE_INVALID),
    ):
        with pytest.raises(Refused) as refused:
            INTEGRITY.derive(document, SHOWN)
        assert refused.value.reason is expected


def test_one_object_in_two_places_is_two_parts() -> None:
    """Python may hold one object twice where JSON has two."""
    again = {"type": "NursingLicence", "licenceNumber": "RN-1"}
    document = licence(BOARD.did)
    document["credentialSubject"]["licence"] = [again, again]
    signed = issue(document)
    assert outcome(signed) is Reason.OK
    twin = copy.deepcopy(signed)
    assert outcome(INTEGRITY.derive(twin, ["/credentialSubject"])) is Reason.OK
