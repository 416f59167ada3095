"""Records that hold credentials: each judged by itself, none lent anything, none hidden."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from node.verification.enclosed import Relation
from node.verification.policy import Policy
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from tests.behaviours.enclosed.credentials import NURSE, carelessly, inside, jwt, reason_of, record
from tests.simulators.envelopes import enveloped
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.wallet import CHALLENGE, DOMAIN


@pytest.mark.parametrize("form", ["embedded", "enveloped", "token"])
def test_a_record_and_what_it_holds(party: SimulatedRelyingParty, form: str) -> None:
    licence = party.board.licence(NURSE, 7)
    held: Any = {
        "embedded": party.board.sign(licence),
        "enveloped": enveloped("vc+jwt", jwt(licence, party.board)),
        "token": jwt(licence, party.board),
    }[form]
    signed = jwt(record(party.board, held), party.board)
    verdict = party.verify(signed)
    assert verdict.decision is Decision.ACCEPT
    (one,) = inside(verdict)
    assert (one.relation, one.member) == (Relation.CONTAINED, "/credentialSubject/verifiableCredential/0")
    party.ledger.publish("https://board.example/status-lists/1", {7: 1})
    verdict = party.verify(signed)
    assert verdict.decision is Decision.REVIEW
    assert reason_of(inside(verdict)[0].verdict, CheckId.STATUS) == (Outcome.FAILED, Reason.REVOKED)
    assert reason_of(verdict.credentials[0], CheckId.CONTENTS)[1] is Reason.ENCLOSED_NOT_GOOD


def test_a_record_signed_over_rdf(party: SimulatedRelyingParty) -> None:
    held = party.board.sign(party.board.licence(NURSE, 7))
    verdict = party.verify(party.board.sign(record(party.board, held)))
    assert [one.verdict.decision for one in inside(verdict)] == [Decision.ACCEPT]


def test_somebody_elses_licence_in_a_record(party: SimulatedRelyingParty) -> None:
    held = party.board.sign(party.board.licence("did:example:someone-else"))
    verdict = party.verify(jwt(record(party.board, held), party.board))
    assert verdict.decision is Decision.REVIEW
    (one,) = inside(verdict)
    assert one.verdict.decision is Decision.REVIEW
    assert reason_of(one.verdict, CheckId.BELONGING)[1] is Reason.ABOUT_SOMETHING_ELSE


def test_a_licence_that_names_nobody_in_a_record(party: SimulatedRelyingParty) -> None:
    licence = party.board.licence()
    del licence["credentialSubject"]["id"]
    verdict = party.verify(jwt(record(party.board, party.board.sign(licence)), party.board))
    assert reason_of(inside(verdict)[0].verdict, CheckId.BELONGING)[1] is Reason.SUBJECT_NOT_NAMED
    assert verdict.decision is Decision.REVIEW


@pytest.mark.parametrize(
    "alias",
    [
        {"lasts": "https://www.w3.org/2018/credentials#validUntil"},
        {"holds": {"@id": "https://www.w3.org/2018/credentials#credentialStatus", "@type": "@id"}},
    ],
)
def test_an_alias_in_what_is_held(party: SimulatedRelyingParty, alias: dict[str, Any]) -> None:
    """What would fail it is renamed, and a willing issuer signs a record around it, or even itself."""
    licence = party.board.sign(party.board.licence(NURSE, 7, validUntil="2026-02-01T00:00:00Z"))
    ((name, _),) = alias.items()
    licence["@context"].append(alias)
    licence[name] = licence.pop("validUntil" if name == "lasts" else "credentialStatus")
    embedded = party.verify(carelessly(record(party.board, licence), party.board))
    assert embedded.decision is Decision.REJECT
    assert inside(embedded) == ()
    as_token = carelessly(licence, party.board)
    verdict = party.verify(jwt(record(party.board, as_token), party.board))
    assert verdict.decision is Decision.REVIEW
    (one,) = inside(verdict)
    assert (one.verdict.decision, one.verdict.summary) == (Decision.REJECT, None)


def test_what_is_held_is_not_measured_by_what_was_asked_for(party: SimulatedRelyingParty) -> None:
    """The relying party asks for records, by their holder: the endorsements in them are no such thing."""
    policy = replace(DEFAULT_POLICY, accepted_types=frozenset({"ClrCredential"}), require_holder=True)
    held = party.board.sign(party.board.licence(party.nurse.did))
    signed = jwt(record(party.board, held, subject=party.nurse.did), party.board)
    presented = party.nurse.present(enveloped("vc+jwt", signed), cryptosuite="eddsa-jcs-2022")
    verdict = party.verify(presented, policy, challenge=CHALLENGE, domain=DOMAIN)
    assert verdict.decision is Decision.ACCEPT
    assert inside(verdict)[0].verdict.decision is Decision.ACCEPT


def test_an_empty_policy_does_not_become_one_by_what_is_held(party: SimulatedRelyingParty) -> None:
    held = party.board.sign(party.board.licence(NURSE))
    assert (
        party.verify(jwt(record(party.board, held), party.board), Policy("empty")).decision is Decision.REJECT
    )
