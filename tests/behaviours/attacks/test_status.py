"""Attacks on status: whatever cannot be looked up is neither good nor revoked."""

from __future__ import annotations

from dataclasses import replace

from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from tests.simulators.issuer import STATUS_LIST, SimulatedIssuer, status_entry
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, check_of, ended

FAILED, OPEN = Outcome.FAILED, Outcome.INDETERMINATE


def test_a_list_nobody_knows_is_neither_good_nor_revoked(party: SimulatedRelyingParty) -> None:
    licence = party.board.licence()
    licence["credentialStatus"] = status_entry(7, "https://board.example/status-lists/404")
    verdict = party.verify(party.board.sign(licence), replace(DEFAULT_POLICY, allow_web=True))
    assert verdict.decision is Decision.INDETERMINATE
    assert ended(verdict, CheckId.STATUS) == (OPEN, Reason.STATUS_LIST_UNKNOWN)
    assert party.web.asked == []  # and nobody was asked


def test_a_revoked_licence(party: SimulatedRelyingParty) -> None:
    signed = party.board.sign(party.board.licence(index=7))
    assert party.verify(signed).decision is Decision.ACCEPT
    party.clock.advance(60)
    party.ledger.publish(STATUS_LIST, {7: 1})
    verdict = party.verify(signed)
    assert verdict.decision is Decision.REJECT
    assert ended(verdict, CheckId.STATUS) == (FAILED, Reason.REVOKED)
    assert check_of(verdict, CheckId.STATUS).since == party.clock.now


def test_cutting_the_verifier_off_does_not_bring_a_licence_back(party: SimulatedRelyingParty) -> None:
    revoked = party.board.sign(party.board.licence(index=7))
    valid = party.board.sign(party.board.licence(index=8))
    party.ledger.publish(STATUS_LIST, {7: 1})
    party.ledger.go_down()
    party.clock.advance(10_000)
    assert party.verify(revoked).decision is Decision.REJECT
    verdict = party.verify(valid)
    assert verdict.decision is Decision.INDETERMINATE
    assert ended(verdict, CheckId.STATUS) == ended(verdict, CheckId.TRUST) == (OPEN, Reason.REPLICA_STALE)


def test_a_status_list_of_someone_else(party: SimulatedRelyingParty) -> None:
    other = SimulatedIssuer("other")
    party.ledger.accredit(other.did)
    party.ledger.create_list("https://other.example/1", other.did)
    licence = party.board.licence()
    licence["credentialStatus"] = status_entry(7, "https://other.example/1")
    verdict = party.verify(party.board.sign(licence))
    assert ended(verdict, CheckId.STATUS) == (FAILED, Reason.STATUS_ISSUER_MISMATCH)
    assert verdict.decision is Decision.REJECT
