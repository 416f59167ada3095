"""Every failure names the check, the reason, the member at fault and a problem type, for each credential alone."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from node.api.presenters import vcalm_credential_json, vcalm_presentation_json
from node.crypto import base64url
from node.verification.proofs import jose
from node.verification.verdict import Decision
from tests.simulators import sd_jwt
from tests.simulators.issuer import SimulatedIssuer, key_of, status_entry
from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.wallet import CHALLENGE, DOMAIN

VCDM = "https://www.w3.org/TR/vc-data-model#"
SECURITY = "https://w3id.org/security#"
STATUS = "https://www.w3.org/ns/credentials/status-list#"
OWN = "urn:goodstanding:reason:"
Made = Callable[[SimulatedRelyingParty], Any]


def signed(**members: Any) -> Made:
    """By the board, whatever it says."""
    return lambda party: party.board.sign(party.board.licence(index=7) | members)


def changed(pointer: str, value: Any) -> Made:
    """After signing; the last part of `pointer` is set, or removed for None."""

    def made(party: SimulatedRelyingParty) -> Any:
        document = copy.deepcopy(party.board.sign(party.board.licence(index=7)))
        *way, last = pointer.strip("/").split("/")
        holder = document
        for part in way:
            holder = holder[part]
        if value is None:
            del holder[last]
        else:
            holder[last] = value
        return document

    return made


def entry(**members: Any) -> Made:
    return signed(credentialStatus=status_entry(7) | members)


def jwt(key: str = "board", **members: Any) -> Made:
    def made(party: SimulatedRelyingParty) -> str:
        document = party.board.licence(index=7) | members
        header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": party.board.method}
        return jose.sign_compact(header, document, key_of(key))

    return made


def token(key: str = "board", **claims: Any) -> Made:
    def made(party: SimulatedRelyingParty) -> str:
        issuer = SimulatedIssuer(key, did=party.board.did)
        return sd_jwt.sign_payload(issuer, sd_jwt.licence_claims(party.board, **claims))

    return made


# ruff: noqa: E501 -- a table is read by its columns
# fmt: off
FAULTS: list[tuple[Made | Any, str, str, str, str]] = [
    # what was presented, check, reason, member, problem type
    ("{", "parse", "malformed_json", "", VCDM + "PARSING_ERROR"),
    ('{"a": 1, "a": 2}', "parse", "duplicate_member", "", VCDM + "PARSING_ERROR"),
    ("[" * 100 + "]" * 100, "parse", "too_deep", "", VCDM + "PARSING_ERROR"),
    ("{}", "parse", "unknown_format", "/type", VCDM + "PARSING_ERROR"),
    (changed("issuer", None), "parse", "malformed_credential", "/issuer", VCDM + "MALFORMED_VALUE_ERROR"),
    (changed("@context", []), "parse", "malformed_credential", "/@context", VCDM + "MALFORMED_VALUE_ERROR"),
    (changed("credentialSubject", []), "parse", "malformed_credential", "/credentialSubject", VCDM + "MALFORMED_VALUE_ERROR"),
    (changed("proof", None), "proof", "no_proof", "/proof", SECURITY + "PROOF_VERIFICATION_ERROR"),
    (changed("proof/proofValue", "z"), "proof", "malformed_proof", "/proof/proofValue", SECURITY + "PROOF_VERIFICATION_ERROR"),
    (changed("proof/cryptosuite", "x"), "proof", "unknown_cryptosuite", "/proof/cryptosuite", SECURITY + "PROOF_VERIFICATION_ERROR"),
    (changed("proof/created", "soon"), "proof", "malformed_date", "/proof/created", VCDM + "MALFORMED_VALUE_ERROR"),
    (changed("proof/proofPurpose", "authentication"), "proof", "wrong_proof_purpose", "/proof/proofPurpose", SECURITY + "INVALID_PROOF_PURPOSE_FOR_VERIFICATION"),
    (changed("proof/verificationMethod", "did:web:board.example#2"), "proof", "key_not_found", "/proof/verificationMethod", SECURITY + "INVALID_VERIFICATION_METHOD"),
    (changed("proof/verificationMethod", "did:web:other.example#1"), "proof", "issuer_mismatch", "/proof/verificationMethod", VCDM + "CRYPTOGRAPHIC_SECURITY_ERROR"),
    (changed("name", "Doctor"), "proof", "signature_invalid", "/proof", VCDM + "CRYPTOGRAPHIC_SECURITY_ERROR"),
    (changed("validUntil", ["2030-01-01T00:00:00Z"]), "proof", "malformed_credential", "/validUntil", VCDM + "MALFORMED_VALUE_ERROR"),
    (signed(validUntil="2026-01-02T00:00:00Z"), "validity", "expired", "/validUntil", VCDM + "RANGE_ERROR"),
    (signed(validFrom="2029-01-02T00:00:00Z"), "validity", "not_yet_valid", "/validFrom", VCDM + "RANGE_ERROR"),
    (signed(validFrom="yesterday"), "validity", "malformed_date", "/validFrom", VCDM + "MALFORMED_VALUE_ERROR"),
    (entry(statusListIndex="131072"), "status", "status_index_out_of_range", "/credentialStatus", VCDM + "RANGE_ERROR"),
    (entry(statusListIndex="seven"), "status", "status_malformed", "/credentialStatus/statusListIndex", STATUS + "STATUS_VERIFICATION_ERROR"),
    (entry(statusPurpose="suspension"), "status", "status_purpose_mismatch", "/credentialStatus", STATUS + "STATUS_VERIFICATION_ERROR"),
    (entry(statusListCredential="https://x.example/1"), "status", "status_list_unknown", "/credentialStatus", STATUS + "STATUS_RETRIEVAL_ERROR"),
    (jwt("another"), "proof", "signature_invalid", "", VCDM + "CRYPTOGRAPHIC_SECURITY_ERROR"),
    (jwt(validUntil="2026-01-02T00:00:00Z"), "validity", "expired", "/validUntil", VCDM + "RANGE_ERROR"),
    (jwt(issuer="did:web:other.example"), "proof", "did_unresolvable", "", OWN + "did_unresolvable"),
    (token("another"), "proof", "signature_invalid", "", VCDM + "CRYPTOGRAPHIC_SECURITY_ERROR"),
    (token(exp=sd_jwt.NOW - 100), "validity", "expired", "/exp", VCDM + "RANGE_ERROR"),
    (token(nbf=sd_jwt.NOW + 100), "validity", "not_yet_valid", "/nbf", VCDM + "RANGE_ERROR"),
    (token(exp="soon"), "parse", "malformed_date", "/exp", VCDM + "MALFORMED_VALUE_ERROR"),
    (token(vct=7), "parse", "malformed_credential", "/vct", VCDM + "MALFORMED_VALUE_ERROR"),
    (token(status={"status_list": {"idx": -1, "uri": "https://x.example"}}), "status", "status_malformed", "/status/status_list/idx", STATUS + "STATUS_VERIFICATION_ERROR"),
    (token(status={"status_list": {"idx": 1 << 20, "uri": "https://board.example/status-lists/1"}}), "status", "status_index_out_of_range", "/status/status_list", VCDM + "RANGE_ERROR"),
    (token(vct="OtherCredential"), "trust", "type_not_accredited", "/iss", OWN + "type_not_accredited"),
]
# fmt: on


@pytest.fixture(scope="module")
def party() -> SimulatedRelyingParty:
    return SimulatedRelyingParty()


@pytest.mark.parametrize(
    ("presented", "check", "reason", "member", "problem"),
    [pytest.param(*one, id=f"{one[1]} {one[2]} {one[3]}") for one in FAULTS],
)
def test_a_fault(
    party: SimulatedRelyingParty, presented: Made | str, check: str, reason: str, member: str, problem: str
) -> None:
    document = presented if isinstance(presented, str) else presented(party)
    found = vcalm_credential_json(party.verify(document))
    assert found["verified"] is False
    first = found["problemDetails"][0]
    assert (first["check"], first["reason"], first["member"], first["type"]) == (check, reason, member, problem)
    assert first["detail"].endswith(".")
    assert first["outcome"] in {"FAILED", "INDETERMINATE"}
    for one in found["problemDetails"]:
        _stands(one["member"], document)


def _stands(member: str, document: Any) -> None:
    """The pointer leads to what is at fault, or to where something is missing."""
    if not member or (isinstance(document, str) and not document.startswith("eyJ")):
        return
    value = document
    if isinstance(document, str):
        value = json.loads(base64url.decode(document.split(".")[1]))
    *way, last = member.strip("/").split("/")
    for part in way:
        value = value[int(part)] if isinstance(value, list) else value[part]
    assert isinstance(value, dict | list), f"{last} of {member} could not stand there"


def test_in_a_presentation_each_credential_answers_for_itself(party: SimulatedRelyingParty) -> None:
    """Good, revoked, forged, unreadable, and without a list: each says what is wrong with it alone."""
    good = party.board.sign(party.board.licence(party.nurse.did, index=1))
    held = [
        good,
        signed(validUntil="2026-01-02T00:00:00Z")(party),
        changed("name", "Doctor")(party),
        {"type": "VerifiableCredential"},
        "eyJhbGciOiJub25lIn0.e30.",
        entry(statusListCredential="https://x.example/1")(party),
        token("another")(party),
        good,
    ]
    presentation = party.nurse.present(*held, cryptosuite="eddsa-jcs-2022")
    verdict = party.verify(presentation, challenge=CHALLENGE, domain=DOMAIN)
    found = vcalm_presentation_json(verdict, challenge=CHALLENGE, domain=DOMAIN)
    told = [
        [(one["check"], one["reason"]) for one in each["problemDetails"]][:1]
        for each in found["results"]["credentials"]
    ]
    assert told == [
        [],
        [("validity", "expired")],
        [("proof", "signature_invalid")],
        [("parse", "malformed_credential")],
        [("parse", "algorithm_mismatch")],
        [("status", "status_list_unknown")],
        [("proof", "signature_invalid")],
        [],
    ]
    assert [one.decision for one in verdict.credentials][::7] == [Decision.ACCEPT, Decision.ACCEPT]
    assert found["problemDetails"] == []
    assert found["verified"] is False
