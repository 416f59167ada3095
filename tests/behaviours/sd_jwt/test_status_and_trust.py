"""SD-JWT VCs: dates, status and trust."""

from __future__ import annotations

from typing import Any

import pytest

from node.verification.policy import Policy
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from registry.records import AsOf, StatusPurpose
from tests.simulators import sd_jwt
from tests.simulators.issuer import STATUS_LIST
from tests.simulators.relying_party import SimulatedRelyingParty, ended
from tests.simulators.sd_jwt import (
    NOW,
    body_of,
    issue,
    licence_claims,
    refused,
    sign_payload,
)

FAILED, PASSED, OPEN = Outcome.FAILED, Outcome.PASSED, Outcome.INDETERMINATE


def test_dates(party: SimulatedRelyingParty) -> None:
    def judged(**claims: Any) -> tuple[Outcome, Reason]:
        return ended(party.verify(issue(party.board, licence_claims(party.board, **claims))), CheckId.VALIDITY)

    assert judged(exp=NOW - 61) == (FAILED, Reason.EXPIRED)
    assert judged(exp=NOW - 30) == (PASSED, Reason.OK)
    assert judged(nbf=NOW + 61) == (FAILED, Reason.NOT_YET_VALID)
    assert judged(nbf=NOW + 0.5, exp=NOW + 9.5) == (PASSED, Reason.OK)
    assert judged(nbf=None, exp=None) == (PASSED, Reason.OK)
    future = party.verify(issue(party.board, licence_claims(party.board, iat=NOW + 61)))
    refused(future, Reason.PROOF_NOT_YET_VALID)
    for broken in ("2027-01-01T00:00:00Z", -1, True, 1e300):
        payload = licence_claims(party.board, exp=broken)
        refused(party.verify(sign_payload(party.board, payload)), Reason.MALFORMED_DATE)


def test_its_status_is_looked_up(party: SimulatedRelyingParty) -> None:
    compact = issue(party.board, licence_claims(party.board))
    assert ended(party.verify(compact), CheckId.STATUS) == (PASSED, Reason.OK)
    then = party.clock.now
    party.clock.advance(60)
    party.ledger.publish(STATUS_LIST, {7: 1})
    assert ended(party.verify(compact), CheckId.STATUS) == (FAILED, Reason.REVOKED)
    assert party.verify(compact, at=AsOf(known_at=then)).decision is Decision.ACCEPT


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"status_list": {"idx": 7, "uri": "https://nowhere.example/1"}}, (OPEN, Reason.STATUS_LIST_UNKNOWN)),
        ({"status_list": {"idx": 1 << 24, "uri": STATUS_LIST}}, (FAILED, Reason.STATUS_INDEX_OUT_OF_RANGE)),
        ({"status_list": {"idx": "7", "uri": STATUS_LIST}}, (FAILED, Reason.STATUS_MALFORMED)),
        ({"status_list": {"idx": -1, "uri": STATUS_LIST}}, (FAILED, Reason.STATUS_MALFORMED)),
        ({"status_list": {"idx": True, "uri": STATUS_LIST}}, (FAILED, Reason.STATUS_MALFORMED)),
        ({"status_list": {"idx": 7}}, (FAILED, Reason.STATUS_MALFORMED)),
        ({"status_list": [7]}, (FAILED, Reason.STATUS_MALFORMED)),
        ({"identifier_list": {"id": "aa"}}, (OPEN, Reason.STATUS_TYPE_UNSUPPORTED)),
        ({}, (OPEN, Reason.STATUS_TYPE_UNSUPPORTED)),
        (7, (OPEN, Reason.STATUS_TYPE_UNSUPPORTED)),
    ],
)
def test_a_status_that_cannot_be_read_is_never_passed_over(
    party: SimulatedRelyingParty, status: Any, expected: tuple[Outcome, Reason]
) -> None:
    verdict = party.verify(sign_payload(party.board, licence_claims(party.board, status=status)))
    assert ended(verdict, CheckId.STATUS) == expected
    assert verdict.decision is not Decision.ACCEPT


@pytest.mark.parametrize(
    ("value", "outcome", "reason"),
    [
        (0, PASSED, Reason.OK),
        (1, FAILED, Reason.REVOKED),
        (2, FAILED, Reason.SUSPENDED),
        (3, PASSED, Reason.STATUS_MESSAGE),
    ],
)
def test_values_of_a_list_of_several_bits(
    party: SimulatedRelyingParty, value: int, outcome: Outcome, reason: Reason
) -> None:
    party.ledger.create_list("https://board.example/t", party.board.did, StatusPurpose.MESSAGE, bits=2)
    party.ledger.publish("https://board.example/t", {9: value})
    status = {"status_list": {"idx": 9, "uri": "https://board.example/t"}}
    verdict = party.verify(issue(party.board, licence_claims(party.board, status=status)))
    assert ended(verdict, CheckId.STATUS) == (outcome, reason)


def test_a_list_of_someone_else_or_for_something_else(party: SimulatedRelyingParty) -> None:
    party.ledger.accredit("did:web:other.example")
    party.ledger.create_list("https://other.example/1", "did:web:other.example")
    party.ledger.create_list("https://board.example/r", party.board.did, StatusPurpose.REFRESH)
    for uri, reason in (
        ("https://other.example/1", Reason.STATUS_ISSUER_MISMATCH),
        ("https://board.example/r", Reason.STATUS_PURPOSE_MISMATCH),
    ):
        claims = licence_claims(party.board, status={"status_list": {"idx": 7, "uri": uri}})
        assert ended(party.verify(issue(party.board, claims)), CheckId.STATUS) == (FAILED, reason)


def test_trust_and_policy_go_by_the_type(party: SimulatedRelyingParty) -> None:
    other = issue(party.board, licence_claims(party.board, vct="https://board.example/vct/surgeon"))
    assert ended(party.verify(other), CheckId.TRUST) == (FAILED, Reason.TYPE_NOT_ACCREDITED)
    wanted = Policy("surgeons", accepted_types=frozenset({"https://board.example/vct/surgeon"}))
    assert ended(party.verify(other, wanted), CheckId.POLICY) == (PASSED, Reason.OK)
    licence = issue(party.board, licence_claims(party.board))
    assert ended(party.verify(licence, wanted), CheckId.POLICY) == (FAILED, Reason.TYPE_NOT_REQUESTED)


def test_no_claim_stands_in_for_a_registered_one(party: SimulatedRelyingParty) -> None:
    """Members of VCDM mean nothing in an SD-JWT VC, wherever they come from."""
    posing: dict[str, Any] = {
        "issuer": "did:web:royal.example",
        "type": ["VerifiableCredential", "Surgeon"],
        "validUntil": "2999-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:else"},
    }
    claims = licence_claims(party.board, exp=NOW - 61, **posing)
    verdict = party.verify(issue(party.board, claims, tuple(f"/{name}" for name in posing)))
    assert ended(verdict, CheckId.VALIDITY) == (FAILED, Reason.EXPIRED)
    body = body_of(verdict)
    assert body["issuer"] == party.board.did
    assert body["type"] == ["VerifiableCredential", sd_jwt.LICENCE]
    assert posing.items() <= body["credentialSubject"].items()
