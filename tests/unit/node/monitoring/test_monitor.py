"""From changes to alerts: whom, what, once."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from node.monitoring.alerts import Alert, Alerts
from node.monitoring.delivery.outbox import Outbox
from node.monitoring.enrolment import Enrolment
from node.monitoring.monitor import Monitor
from node.monitoring.roster import Roster
from node.monitoring.rules import FindingKind
from node.monitoring.sealing import CredentialCipher
from node.store.engine import create_engine
from node.verification.verdict import Decision, Verdict
from registry.changes import ChangeKind
from registry.records import Standing, Terms
from tests.simulators.change_feed import SimulatedFeed, SimulatedLedger, stamp
from tests.simulators.database import sqlite_database
from tests.simulators.licences import BOARD, REVOCATIONS, SUSPENSIONS, verdict, verified

ENDPOINT = "https://hospital.example/hooks"


@dataclass
class Hospital:
    """A node's monitoring on simulated surroundings; `answers` is what verifying again says."""

    engine: Engine
    feed: SimulatedFeed = field(default_factory=SimulatedFeed)
    ledger: SimulatedLedger = field(default_factory=SimulatedLedger)
    decision: Decision = Decision.REJECT
    verified_again: list[bytes] = field(default_factory=list)
    woken: int = 0
    seconds_to_answer: float = 0.0

    def __post_init__(self) -> None:
        self.roster = Roster(self.engine, CredentialCipher(bytes(32)), lambda: 1_000.0)
        self.alerts = Alerts(self.engine, lambda: 2_000.0)
        self.outbox = Outbox(self.engine, lambda: 1_000.0)
        self.before_answer: Callable[[], None] = lambda: None
        self.monitor = self.restarted()

    def restarted(self, budget: float = 10.0) -> Monitor:
        return Monitor(
            engine=self.engine,
            feed=self.feed,
            roster=self.roster,
            ledger=self.ledger,
            reverify=self.reverify,
            endpoints=[ENDPOINT],
            clock=lambda: 1_500.0,
            on_alerts=self.wake,
            reverify_budget=budget,
        )

    async def reverify(self, credential: bytes) -> Verdict:
        self.verified_again.append(credential)
        self.before_answer()
        await asyncio.sleep(self.seconds_to_answer)
        return verdict(self.decision)

    def wake(self) -> None:
        self.woken += 1

    def enrol(self, index: int) -> Enrolment:
        return self.roster.enrol(verified(index), reference=f"badge {index}", since=self.monitor.position())

    async def settle(self) -> list[Alert]:
        while await self.monitor.step():
            pass
        return list(self.alerts.list(limit=10_000))


@pytest.fixture
def hospital(tmp_path: Path) -> Hospital:
    return Hospital(sqlite_database(tmp_path))


async def test_a_revocation_is_alerted_with_its_time_and_the_new_decision(hospital: Hospital) -> None:
    nurse = hospital.enrol(7)
    change = hospital.feed.status(REVOCATIONS, {3: 1, 7: 1}, effective_at=900)
    (alert,) = await hospital.settle()
    assert (alert.kind, alert.reference, alert.enrolment_id) == (FindingKind.REVOKED, "badge 7", nurse.id)
    assert (alert.previous_decision, alert.decision) == (Decision.ACCEPT, Decision.REJECT)
    assert (alert.stamp, alert.effective_at, alert.created_at) == (change.stamp, 900, 1_500)
    assert (alert.subject, alert.entry_index, alert.change_seq) == (REVOCATIONS, 7, change.seq)
    assert hospital.roster.get(nurse.id).decision is Decision.REJECT
    (delivery,) = hospital.outbox.list()
    assert (delivery.alert, delivery.endpoint) == (alert, ENDPOINT)
    assert hospital.woken == 1


async def test_one_flipped_bit_costs_work_for_the_person_it_concerns_alone(hospital: Hospital) -> None:
    for index in range(50):
        hospital.enrol(index)
    hospital.feed.status(REVOCATIONS, {7: 1})
    hospital.feed.status("https://board.example/another-list", {8: 1})
    hospital.feed.tell(ChangeKind.HEARTBEAT, REVOCATIONS)
    loaded: list[str] = []
    event.listen(hospital.engine, "after_cursor_execute", lambda *told: loaded.append(told[2]))
    (alert,) = await hospital.settle()
    assert alert.reference == "badge 7"
    assert len(hospital.verified_again) == 1
    looked_up = [one for one in loaded if "watched_entries.list_uri = ?" in one and "entry_index" in one]
    with hospital.engine.connect() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN "
            "SELECT enrolment_id FROM watched_entries WHERE list_uri = ? AND entry_index IN (?)",
            (REVOCATIONS, 7),
        ).all()
    assert looked_up
    assert "USING INDEX ix_watched_entries_list_index" in plan[0][3]


async def test_suspended_and_reinstated_are_two_alerts(hospital: Hospital) -> None:
    hospital.enrol(7)
    hospital.feed.status(SUSPENSIONS, {7: 1})
    await hospital.settle()
    hospital.decision = Decision.ACCEPT
    hospital.feed.status(SUSPENSIONS, {7: 0})
    suspended, reinstated = await hospital.settle()
    assert (suspended.kind, suspended.decision) == (FindingKind.SUSPENDED, Decision.REJECT)
    assert (reinstated.kind, reinstated.decision) == (FindingKind.REINSTATED, Decision.ACCEPT)
    assert reinstated.previous_decision is Decision.REJECT


async def test_a_board_that_is_suspended_concerns_all_its_licences(hospital: Hospital) -> None:
    for index in range(3):
        hospital.enrol(index)
    hospital.ledger.accredit(BOARD, stamp(0))
    hospital.ledger.change_standing(BOARD, Standing.SUSPENDED, stamp(1))
    hospital.feed.tell(ChangeKind.ISSUER, BOARD, block=stamp(1))
    hospital.feed.tell(ChangeKind.ISSUER, BOARD, block=stamp(1))  # a second event of the same block
    alerts = await hospital.settle()
    assert [one.kind for one in alerts] == [FindingKind.ISSUER_SUSPENDED] * 3
    assert {one.reference for one in alerts} == {"badge 0", "badge 1", "badge 2"}


@pytest.mark.parametrize("decision", [Decision.ACCEPT, Decision.REJECT, Decision.INDETERMINATE])
async def test_a_new_key_or_new_terms_are_told_only_if_they_turn_the_decision(
    hospital: Hospital, decision: Decision
) -> None:
    hospital.enrol(7)
    hospital.decision = decision
    hospital.ledger.accredit(BOARD, stamp(0))
    hospital.ledger.change_terms(BOARD, Terms("Board", (), (), 0, 1), stamp(2))
    hospital.feed.tell(ChangeKind.DID_DOCUMENT, BOARD)
    hospital.feed.tell(ChangeKind.ISSUER, BOARD)
    kinds = {one.kind for one in await hospital.settle()}
    told = {FindingKind.DID_DOCUMENT_CHANGED, FindingKind.ISSUER_CHANGED}
    assert kinds == (set() if decision is Decision.ACCEPT else told)


async def test_a_list_that_no_longer_matches_is_told_to_all_who_rely_on_it(hospital: Hospital) -> None:
    hospital.enrol(7)
    hospital.decision = Decision.INDETERMINATE
    hospital.feed.tell(ChangeKind.LIST_CORRUPT, REVOCATIONS)
    (alert,) = await hospital.settle()
    assert (alert.kind, alert.decision) == (FindingKind.LIST_CORRUPT, Decision.INDETERMINATE)


async def test_what_a_reorganisation_undid_is_taken_back_where_it_was_told(hospital: Hospital) -> None:
    hospital.enrol(7)
    change = hospital.feed.status(REVOCATIONS, {7: 1})
    await hospital.settle()
    hospital.decision = Decision.ACCEPT
    hospital.feed.withdraw(change)
    revoked, taken_back = await hospital.settle()
    assert revoked.kind is FindingKind.REVOKED
    assert (taken_back.kind, taken_back.subject) == (FindingKind.CHANGE_WITHDRAWN, REVOCATIONS)
    assert (taken_back.previous_decision, taken_back.decision) == (Decision.REJECT, Decision.ACCEPT)


async def test_a_withdrawn_reinstatement_reaches_who_was_enrolled_on_it(hospital: Hospital) -> None:
    """Nobody was alerted to it: the licence was enrolled because of it."""
    hospital.feed.status(SUSPENSIONS, {7: 1})
    reinstated = hospital.feed.status(SUSPENSIONS, {7: 0})
    assert await hospital.settle() == []
    hospital.enrol(7)
    hospital.feed.withdraw(reinstated)
    (alert,) = await hospital.settle()
    assert (alert.kind, alert.decision) == (FindingKind.CHANGE_WITHDRAWN, Decision.REJECT)


async def test_a_withdrawn_change_nobody_was_told_of_and_that_turns_nothing_is_not_told(
    hospital: Hospital,
) -> None:
    reinstated = hospital.feed.status(SUSPENSIONS, {7: 0})
    await hospital.settle()
    hospital.enrol(7)
    hospital.decision = Decision.ACCEPT
    hospital.feed.withdraw(reinstated)
    assert await hospital.settle() == []


async def test_changes_that_the_verdict_already_knew_are_not_told(hospital: Hospital) -> None:
    hospital.feed.status(SUSPENSIONS, {7: 1})
    hospital.feed.status(SUSPENSIONS, {7: 0})
    hospital.roster.enrol(verified(7), reference="badge 7", since=2)  # the monitor has seen neither yet
    assert await hospital.settle() == []


async def test_whoever_is_enrolled_while_a_change_is_handled_is_not_missed(hospital: Hospital) -> None:
    """The enrolment lands between looking up whom a change concerns and recording the alerts."""
    hospital.enrol(7)
    hospital.feed.status(REVOCATIONS, {7: 1, 8: 1})

    def enrol_another() -> None:
        hospital.before_answer = lambda: None
        hospital.roster.enrol(verified(8), reference="badge 8", since=0)

    hospital.before_answer = enrol_another
    alerts = await hospital.settle()
    assert {one.reference for one in alerts} == {"badge 7", "badge 8"}


async def test_whoever_is_removed_while_a_change_is_handled_is_left_alone(hospital: Hospital) -> None:
    nurse = hospital.enrol(7)
    hospital.feed.status(REVOCATIONS, {7: 1})
    hospital.before_answer = lambda: hospital.roster.remove(nurse.id)
    assert await hospital.settle() == []
    assert hospital.monitor.position() == 1


async def test_an_alert_goes_out_though_verifying_again_fails(hospital: Hospital) -> None:
    hospital.enrol(7)
    hospital.feed.status(REVOCATIONS, {7: 1})

    def fail() -> None:
        raise RuntimeError("a fault in verification")

    hospital.before_answer = fail
    (alert,) = await hospital.settle()
    assert (alert.kind, alert.decision) == (FindingKind.REVOKED, Decision.INDETERMINATE)


async def test_an_alert_goes_out_though_the_stored_credential_is_damaged(hospital: Hospital) -> None:
    hospital.enrol(7)
    with hospital.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE enrolments SET sealed = x'0102'")
    hospital.feed.status(REVOCATIONS, {7: 1})
    (alert,) = await hospital.settle()
    assert alert.decision is Decision.INDETERMINATE
    assert hospital.verified_again == []


async def test_verifying_again_cannot_hold_alerts_up_for_long(hospital: Hospital) -> None:
    for index in range(3):
        hospital.enrol(index)
    hospital.seconds_to_answer = 60.0
    hospital.monitor = hospital.restarted(budget=0.01)
    hospital.feed.status(REVOCATIONS, {0: 1, 1: 1, 2: 1})
    alerts = await hospital.settle()
    assert [one.decision for one in alerts] == [Decision.INDETERMINATE] * 3


async def test_a_change_is_not_handled_before_verification_knows_it(hospital: Hospital) -> None:
    """The replica commits a change, then shows it: reverifying in between would say all is well."""
    hospital.enrol(7)
    hospital.feed.status(REVOCATIONS, {7: 1})
    hospital.feed.last_seq = lambda: 0  # type: ignore[method-assign] # committed, not shown yet
    assert await hospital.settle() == []
    del hospital.feed.last_seq
    assert len(await hospital.settle()) == 1


async def test_two_monitors_alert_once(hospital: Hospital) -> None:
    for index in range(20):
        hospital.enrol(index)
        hospital.feed.status(REVOCATIONS, {index: 1})
    other = hospital.restarted()
    await asyncio.gather(hospital.monitor.step(), other.step(), hospital.monitor.step(), other.step())
    alerts = await hospital.settle()
    assert sorted(one.entry_index or 0 for one in alerts) == list(range(20))
    assert len(hospital.outbox.list(limit=1000)) == 20


class Crash(Exception):
    """The process dies here."""


async def test_every_alert_is_raised_once_wherever_the_process_dies(tmp_path: Path) -> None:
    """The process dies before its n-th statement or commit, for every n, and starts again."""
    template = Hospital(sqlite_database(tmp_path))
    for index in range(3):
        template.enrol(index)
    template.engine.dispose()
    survived = False
    for fatal in range(1, 200):
        copy = shutil.copy(tmp_path / "node.db", tmp_path / f"{fatal}.db")
        hospital = Hospital(create_engine(f"sqlite:///{copy}"))
        hospital.feed.status(REVOCATIONS, {0: 1, 1: 1})
        hospital.feed.status(SUSPENSIONS, {2: 1})
        hospital.feed.tell(ChangeKind.LIST_CORRUPT, REVOCATIONS)
        steps = 0

        def die(*_: object, fatal: int = fatal) -> None:
            nonlocal steps
            steps += 1
            if steps == fatal:
                raise Crash

        event.listen(hospital.engine, "before_cursor_execute", die)
        event.listen(hospital.engine, "commit", die)
        try:
            await hospital.settle()
            survived = True
        except Crash:
            pass
        event.remove(hospital.engine, "before_cursor_execute", die)
        event.remove(hospital.engine, "commit", die)
        hospital.monitor = hospital.restarted()
        alerts = await hospital.settle()
        kinds = sorted((one.reference, one.kind.value) for one in alerts)
        assert kinds == [
            ("badge 0", "revoked"),
            ("badge 0", "status_list_corrupt"),
            ("badge 1", "revoked"),
            ("badge 1", "status_list_corrupt"),
            ("badge 2", "status_list_corrupt"),
            ("badge 2", "suspended"),
        ]
        assert len({one.id for one in hospital.outbox.list(limit=100)}) == 6
        assert hospital.monitor.position() == 3
        hospital.engine.dispose()
        if survived:
            assert fatal > 8
            return
    pytest.fail("the story has more steps than this test dies at")


async def test_run_is_woken_by_a_change_and_stops_when_told_to(hospital: Hospital) -> None:
    hospital.enrol(7)
    running = asyncio.create_task(hospital.monitor.run())
    await asyncio.sleep(0.05)
    hospital.feed.status(REVOCATIONS, {7: 1})
    while not hospital.woken:
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(hospital.alerts.list()) == 1


async def test_a_replica_behind_what_was_monitored_is_reported(hospital: Hospital) -> None:
    hospital.feed.status(REVOCATIONS, {7: 1})
    await hospital.settle()
    hospital.feed.changes.clear()
    running = asyncio.create_task(hospital.monitor.run())
    while hospital.monitor.failure is None:
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert "rebuilt" in hospital.monitor.failure


async def test_alerts_are_read_after_a_cursor_and_acknowledged_once(hospital: Hospital) -> None:
    for index in range(3):
        hospital.enrol(index)
    hospital.feed.status(REVOCATIONS, {0: 1, 1: 1, 2: 1})
    first, second, third = await hospital.settle()
    assert hospital.alerts.list(after=first.id) == (second, third)
    seen = hospital.alerts.acknowledge(second.id, by="ward 4")
    assert hospital.alerts.acknowledge(second.id, by="somebody else") == seen
    assert seen == replace(second, acknowledged_at=2_000, acknowledged_by="ward 4")
    assert hospital.alerts.list(open_only=True) == (first, third)
    assert hospital.alerts.list(enrolment_id=third.enrolment_id) == (third,)


async def test_alerts_outlive_the_enrolment(hospital: Hospital) -> None:
    nurse = hospital.enrol(7)
    hospital.feed.status(REVOCATIONS, {7: 1})
    alerts = await hospital.settle()
    hospital.roster.remove(nurse.id)
    assert list(hospital.alerts.list()) == alerts
