"""A node's monitoring on simulated surroundings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine

from node.monitoring.alerts import Alert, Alerts
from node.monitoring.delivery.outbox import Outbox
from node.monitoring.enrolment import Enrolment
from node.monitoring.monitor import Monitor
from node.monitoring.roster import Roster
from node.monitoring.sealing import CredentialCipher
from node.verification.verdict import Decision, Verdict
from tests.simulators.change_feed import SimulatedFeed, SimulatedLedger
from tests.simulators.licences import verdict, verified

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
