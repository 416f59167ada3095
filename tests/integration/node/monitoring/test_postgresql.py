"""Monitoring on PostgreSQL: several processes at once, and locks that are not SQLite's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from node.monitoring.alerts import Alerts
from node.monitoring.delivery.outbox import DeliveryState, Outbox
from node.monitoring.monitor import Monitor
from node.monitoring.roster import Roster, VerdictOutdated
from node.monitoring.sealing import CredentialCipher
from node.store import tables as _tables  # noqa: F401 (registers its tables)
from node.store.engine import create_engine, migrate
from node.verification.verdict import Decision, Verdict
from tests.simulators.change_feed import SimulatedFeed, SimulatedLedger
from tests.simulators.licences import REVOCATIONS, verdict, verified


@pytest.fixture
def engine(postgresql: str) -> Iterator[Engine]:
    made = create_engine(postgresql)
    migrate(made)
    yield made
    made.dispose()


async def rejected(_: bytes) -> Verdict:
    await asyncio.sleep(0)
    return verdict(Decision.REJECT)


async def test_two_monitors_and_a_roster_that_grows_alert_everybody_once(engine: Engine) -> None:
    """Whoever is enrolled on a verdict from before a change is alerted to it, or told to verify again."""
    feed = SimulatedFeed()
    roster = Roster(engine, CredentialCipher(bytes(32)), time.time)
    monitors = [
        Monitor(
            engine=engine,
            feed=feed,
            roster=roster,
            ledger=SimulatedLedger(),
            reverify=rejected,
            endpoints=["https://hospital.example/hooks"],
            clock=time.time,
        )
        for _ in range(2)
    ]
    count = 60
    told_to_verify_again: set[int] = set()

    async def enrol() -> None:
        for index in range(count):
            try:
                await asyncio.to_thread(roster.enrol, verified(index), reference=f"badge {index}", since=index)
            except VerdictOutdated:
                told_to_verify_again.add(index)

    async def revoke() -> None:
        for index in range(count):
            feed.status(REVOCATIONS, {index: 1})
            await asyncio.sleep(0.002)

    async def follow(monitor: Monitor) -> None:
        while monitor.position() < count:
            await monitor.step()

    async with asyncio.timeout(60):
        await asyncio.gather(enrol(), revoke(), *(follow(monitor) for monitor in monitors))
        await monitors[0].step()
    alerts = Alerts(engine, time.time).list(limit=1000)
    alerted = [one.entry_index for one in alerts]
    assert len(alerted) == len(set(alerted))
    assert set(alerted) | told_to_verify_again == set(range(count))
    assert not set(alerted) & told_to_verify_again
    pending = Outbox(engine, time.time).list(state=DeliveryState.PENDING, limit=1000)
    assert len(pending) == len(alerts)
