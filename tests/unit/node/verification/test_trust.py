"""Whose word counts, for what, where and when."""

from __future__ import annotations

from dataclasses import replace

import pytest

from node.verification.policy import Policy, Question
from node.verification.reasons import Reason
from node.verification.trust import check_trust
from node.verification.verdict import Outcome
from registry.records import NOW, AsOf, Standing
from tests.simulators.clock import SimulatedClock
from tests.simulators.ledger_view import LedgerViewSimulator
from tests.simulators.policies import ANY_ISSUER_POLICY, DEFAULT_POLICY

BOARD = "did:web:board.example"
LICENCE = ("VerifiableCredential", "NursingLicenceCredential")
FAILED, PASSED, OPEN, NONE = Outcome.FAILED, Outcome.PASSED, Outcome.INDETERMINATE, Outcome.NOT_APPLICABLE


@pytest.fixture
def ledger(clock: SimulatedClock) -> LedgerViewSimulator:
    ledger = LedgerViewSimulator(clock)
    ledger.accredit(
        BOARD,
        jurisdictions=("US-CO", "CA"),
        valid_from=clock.now - 1000,
        valid_until=clock.now + 1000,
    )
    return ledger


def ended(
    ledger: LedgerViewSimulator,
    clock: SimulatedClock,
    types: tuple[str, ...] = LICENCE,
    policy: Policy = DEFAULT_POLICY,
    at: AsOf = NOW,
    issuer: str = BOARD,
) -> tuple[Outcome, Reason]:
    check = check_trust(types, issuer, ledger, Question(policy, clock.now, at))
    return check.outcome, check.reason


def test_accredited(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    assert ended(ledger, clock) == (PASSED, Reason.OK)


def test_a_stranger(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    stranger = "did:key:z6Mk"
    assert ended(ledger, clock, issuer=stranger) == (FAILED, Reason.ISSUER_NOT_ACCREDITED)
    assert ended(ledger, clock, issuer=stranger, policy=ANY_ISSUER_POLICY) == (
        NONE,
        Reason.ISSUER_NOT_ACCREDITED,
    )


@pytest.mark.parametrize(
    ("types", "outcome"),
    [
        (LICENCE, PASSED),
        ((*LICENCE, "OpenBadgeCredential"), PASSED),
        (("VerifiableCredential", "MedicalLicenceCredential"), FAILED),
        ((*LICENCE, "MedicalLicenceCredential"), FAILED),  # what it may issue lends nothing to what it may not
        (("VerifiableCredential",), FAILED),
        (("VerifiableCredential", "OpenBadgeCredential"), FAILED),
    ],
)
def test_types(
    ledger: LedgerViewSimulator, clock: SimulatedClock, types: tuple[str, ...], outcome: Outcome
) -> None:
    assert ended(ledger, clock, types)[0] is outcome


def test_a_carrier_counts_where_it_is_all_there_is(clock: SimulatedClock) -> None:
    ledger = LedgerViewSimulator(clock)
    ledger.accredit(BOARD, types=("OpenBadgeCredential",))
    assert ended(ledger, clock, ("VerifiableCredential", "OpenBadgeCredential")) == (PASSED, Reason.OK)


@pytest.mark.parametrize(
    ("jurisdiction", "outcome"), [("US-CO", PASSED), ("CA-QC", PASSED), ("US-TX", FAILED), ("US", FAILED)]
)
def test_jurisdictions(
    ledger: LedgerViewSimulator, clock: SimulatedClock, jurisdiction: str, outcome: Outcome
) -> None:
    assert ended(ledger, clock, policy=replace(DEFAULT_POLICY, jurisdiction=jurisdiction))[0] is outcome


def test_suspension_and_withdrawal_fail_under_every_policy(
    ledger: LedgerViewSimulator, clock: SimulatedClock
) -> None:
    before = clock.now
    clock.advance(10)
    ledger.change_standing(BOARD, Standing.SUSPENDED)
    for policy in (DEFAULT_POLICY, ANY_ISSUER_POLICY):
        assert ended(ledger, clock, policy=policy) == (FAILED, Reason.ISSUER_SUSPENDED)
    assert ended(ledger, clock, at=AsOf(known_at=before)) == (PASSED, Reason.OK)
    assert ended(ledger, clock, at=AsOf(valid_at=before)) == (PASSED, Reason.OK)
    ledger.change_standing(BOARD, Standing.WITHDRAWN)
    for policy in (DEFAULT_POLICY, ANY_ISSUER_POLICY):
        assert ended(ledger, clock, policy=policy) == (FAILED, Reason.ISSUER_WITHDRAWN)


def test_the_window_of_an_accreditation(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    start = clock.now
    assert ended(ledger, clock, at=AsOf(valid_at=start - 1001))[1] is Reason.ACCREDITATION_NOT_YET_VALID
    assert ended(ledger, clock, at=AsOf(valid_at=start - 1000)) == (PASSED, Reason.OK)
    clock.advance(999)
    ledger.block()
    assert ended(ledger, clock) == (PASSED, Reason.OK)
    clock.advance(1)
    ledger.block()
    assert ended(ledger, clock) == (FAILED, Reason.ACCREDITATION_EXPIRED)


def test_a_replica_that_lags(ledger: LedgerViewSimulator, clock: SimulatedClock) -> None:
    ledger.go_down()
    clock.advance(301)
    assert ended(ledger, clock) == (OPEN, Reason.REPLICA_STALE)
    assert ended(ledger, clock, issuer="did:key:z6Mk") == (OPEN, Reason.REPLICA_STALE)
    ledger.change_standing(BOARD, Standing.WITHDRAWN)
    assert ended(ledger, clock) == (FAILED, Reason.ISSUER_WITHDRAWN)
    assert ended(LedgerViewSimulator(clock), clock) == (OPEN, Reason.LEDGER_UNAVAILABLE)
