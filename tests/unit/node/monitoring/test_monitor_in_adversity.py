"""Alerts go out once, whatever fails, is slow, runs twice or dies meanwhile."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from sqlalchemy import event

from node.monitoring.rules import FindingKind
from node.store.engine import create_engine
from node.verification.verdict import Decision
from registry.changes import ChangeKind
from tests.simulators.database import sqlite_database
from tests.simulators.licences import REVOCATIONS, SUSPENSIONS, verified
from tests.unit.node.monitoring.hospital import Hospital


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
