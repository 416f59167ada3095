"""What a status check says of a ledger that lags, halts or is asked about the past."""

from __future__ import annotations

from dataclasses import replace

from node.verification.reasons import Reason
from node.verification.verdict import Outcome
from registry.records import AsOf
from tests.simulators.clock import SimulatedClock
from tests.simulators.ledger_view import LedgerViewSimulator
from tests.simulators.policies import DEFAULT_POLICY
from tests.unit.node.verification.statuses import FAILED, LIST, OPEN, PASSED, ended, entry


def test_a_replica_that_lags_is_never_fine(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    ledger.publish(LIST, {9: 1})
    ledger.go_down()
    clock.advance(300)
    assert ended(entry("7"), ledger, clock) == (PASSED, Reason.OK)
    clock.advance(1)
    assert ended(entry("7"), ledger, clock) == (OPEN, Reason.REPLICA_STALE)
    # what is final stays known
    assert ended(entry("9"), ledger, clock) == (FAILED, Reason.REVOKED)
    assert ended(entry(statusListCredential="https://new"), ledger, clock) == (OPEN, Reason.REPLICA_STALE)


def test_a_halted_replica(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    ledger.halt("an event nobody understands")
    assert ended(entry(), ledger, clock) == (OPEN, Reason.REPLICA_STALE)


def test_a_ledger_that_answers_but_makes_no_blocks(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    """Its validators are gone: what the board revokes meanwhile cannot be recorded."""
    ledger.publish(LIST, {9: 1})
    clock.advance(DEFAULT_POLICY.max_replica_age)
    assert ended(entry(), ledger, clock) == (PASSED, Reason.OK)
    clock.advance(1)
    assert ledger.freshness().confirmed_at == clock.now
    assert ended(entry(), ledger, clock) == (OPEN, Reason.REPLICA_STALE)
    assert ended(entry("9"), ledger, clock) == (FAILED, Reason.REVOKED)  # what is final stays known
    ledger.block()
    assert ended(entry(), ledger, clock) == (PASSED, Reason.OK)


def test_a_ledger_that_was_never_reached(clock: SimulatedClock) -> None:
    assert ended(entry(), LedgerViewSimulator(clock), clock) == (OPEN, Reason.LEDGER_UNAVAILABLE)


def test_a_list_that_was_not_confirmed_for_too_long(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    policy = replace(DEFAULT_POLICY, max_list_age=3600)
    clock.advance(3601)
    ledger.block()
    assert ended(entry(), ledger, clock, policy=policy) == (OPEN, Reason.STATUS_STALE)
    ledger.publish(LIST, {})
    assert ended(entry(), ledger, clock, policy=policy) == (PASSED, Reason.OK)


def test_as_of_a_past_moment(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    start = clock.now
    clock.advance(1000)
    ledger.publish(LIST, {7: 1}, effective_at=start + 500)
    ledger.go_down()
    clock.advance(10_000)  # the replica is stale by now, which does not matter for what is settled

    def then(**members: int) -> tuple[Outcome, Reason]:
        return ended(entry(), ledger, clock, at=AsOf(**members))

    assert then(known_at=start + 999) == (PASSED, Reason.OK)
    assert then(known_at=start + 1000) == (FAILED, Reason.REVOKED)
    assert then(known_at=start + 1000, valid_at=start + 499) == (PASSED, Reason.OK)
    assert then(known_at=start + 1000, valid_at=start + 500) == (FAILED, Reason.REVOKED)
    assert then(valid_at=start + 499) == (OPEN, Reason.REPLICA_STALE)  # as known now: nobody can say
    assert then(block=2) == (OPEN, Reason.STATUS_LIST_UNKNOWN)
    assert then(block=99) == (FAILED, Reason.REVOKED)
    assert then(known_at=start + 5000) == (FAILED, Reason.REVOKED)


def test_a_moment_without_records(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    """Before the first block, or still to come: never a pass, never a failure."""
    clock.advance(1000)
    first = ledger.block()
    ledger.first = first
    for at in (
        AsOf(block=first.number - 1),
        AsOf(known_at=first.time - 1),
        AsOf(valid_at=first.time - 1),
        AsOf(valid_at=clock.now + 61),
        AsOf(known_at=clock.now + 61),
        AsOf(block=first.number + 1),
    ):
        assert ended(entry(), ledger, clock, at=at) == (OPEN, Reason.MOMENT_NOT_RECORDED), at
    for at in (AsOf(block=first.number), AsOf(known_at=first.time), AsOf(valid_at=first.time)):
        assert ended(entry(), ledger, clock, at=at) == (PASSED, Reason.OK), at
