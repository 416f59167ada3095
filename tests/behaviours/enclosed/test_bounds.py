"""Credentials inside credentials, so deep and so many."""

from __future__ import annotations

import copy
import json

from node.verification.presentation import MAX_CREDENTIALS, MAX_ENCLOSURE, parse
from node.verification.reasons import Reason
from node.verification.secured import Secured
from node.verification.verdict import CheckId, Decision, Outcome
from tests.behaviours.enclosed.credentials import NURSE, inside, jwt, reason_of, record
from tests.simulators.envelopes import enveloped
from tests.simulators.relying_party import SimulatedRelyingParty


def nested(party: SimulatedRelyingParty, depth: int) -> str:
    token = jwt(party.board.licence(NURSE), party.board)
    for _ in range(depth):
        token = jwt(record(party.board, token), party.board)
    return token


def test_credentials_inside_credentials_as_deep_as_allowed(party: SimulatedRelyingParty) -> None:
    verdict = party.verify(nested(party, MAX_ENCLOSURE))
    assert verdict.decision is Decision.ACCEPT
    one = verdict.credentials[0]
    for _ in range(MAX_ENCLOSURE):
        (inner,) = one.enclosed
        one = inner.verdict
    assert (one.decision, one.enclosed) == (Decision.ACCEPT, ())


def test_a_bomb_of_depth(party: SimulatedRelyingParty) -> None:
    verdict = party.verify(nested(party, MAX_ENCLOSURE + 3))
    assert verdict.decision is Decision.REVIEW
    one = verdict.credentials[0]
    for _ in range(MAX_ENCLOSURE + 1):
        (inner,) = one.enclosed
        one = inner.verdict
    assert reason_of(one, CheckId.PARSE) == (Outcome.FAILED, Reason.TOO_DEEP)


def test_a_bomb_of_numbers(party: SimulatedRelyingParty) -> None:
    held = jwt(party.board.licence(NURSE), party.board)
    parsed = parse(jwt(record(party.board, *[held] * 500), party.board))
    (outer,) = parsed.credentials
    assert isinstance(outer, Secured)
    assert len(outer.enclosed) == MAX_CREDENTIALS
    assert getattr(outer.enclosed[-1].credential, "reason", None) is Reason.TOO_MANY_CREDENTIALS
    assert all(isinstance(one.credential, Secured) for one in outer.enclosed[:-1])


def test_the_credentials_of_a_presentation_share_one_limit(party: SimulatedRelyingParty) -> None:
    held = jwt(party.board.licence(NURSE), party.board)
    both = [enveloped("vc+jwt", jwt(record(party.board, *[held] * 60), party.board)) for _ in range(2)]
    first, second = parse(json.dumps(party.nurse.presentation(*both))).credentials
    assert isinstance(first, Secured)
    assert isinstance(second, Secured)
    assert len(first.enclosed) == 60
    assert len(second.enclosed) == MAX_CREDENTIALS - 60 - 2 + 1


def test_a_credential_that_holds_a_copy_of_itself(party: SimulatedRelyingParty) -> None:
    """By its own id: no reference is ever followed, so that nothing goes round in circles."""
    document = record(party.board, {"id": "urn:uuid:33333333-0000-4000-8000-000000000001"})
    inner = copy.deepcopy(document)
    document["credentialSubject"]["verifiableCredential"] = [inner]
    document["credentialSubject"]["association"] = [
        {
            "type": "Association",
            "associationType": "isPartOf",
            "sourceId": document["id"],
            "targetId": document["id"],
        }
    ]
    verdict = party.verify(jwt(document, party.board))
    assert verdict.decision is Decision.REVIEW
    assert [one.verdict.decision for one in inside(verdict)] == [Decision.REJECT]
