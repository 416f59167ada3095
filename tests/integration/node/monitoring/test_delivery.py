"""From a change to a webhook on loopback, over refusals and restarts."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from node.monitoring.delivery import signature
from node.monitoring.delivery.outbox import DeliveryState, Outbox, RetryPolicy
from node.monitoring.delivery.webhook import Endpoint, WebhookSender
from node.monitoring.monitor import Monitor
from node.monitoring.roster import Roster
from node.monitoring.sealing import CredentialCipher
from node.verification.verdict import Decision, Verdict
from tests.simulators.change_feed import SimulatedFeed, SimulatedLedger
from tests.simulators.database import sqlite_database
from tests.simulators.licences import REVOCATIONS, verdict, verified
from tests.simulators.webhook_host import WebhookHost

SECRET = b"a secret of some length"
QUICK = RetryPolicy(attempts=4, first_delay=0.02, longest_delay=0.05)


async def rejected(_: bytes) -> Verdict:
    return verdict(Decision.REJECT)


class Hospital:
    def __init__(self, folder: Path, *urls: str) -> None:
        self.engine = sqlite_database(folder)
        self.feed = SimulatedFeed()
        self.outbox = Outbox(self.engine, time.time, QUICK)
        self.roster = Roster(self.engine, CredentialCipher(bytes(32)), time.time)
        self.sender = WebhookSender(
            self.outbox, [Endpoint(url, SECRET) for url in urls], clock=time.time, poll=30.0
        )
        self.monitor = Monitor(
            engine=self.engine,
            feed=self.feed,
            roster=self.roster,
            ledger=SimulatedLedger(),
            reverify=rejected,
            endpoints=urls,
            clock=time.time,
            on_alerts=self.sender.wake,
        )

    def enrol(self, *indexes: int) -> None:
        for index in indexes:
            self.roster.enrol(verified(index), reference=f"badge {index}", since=self.feed.last_seq())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self.monitor.run()), asyncio.create_task(self.sender.run())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.005)


async def test_a_change_becomes_a_signed_request(tmp_path: Path) -> None:
    with WebhookHost() as host:
        hospital = Hospital(tmp_path, host.url)
        hospital.enrol(7)
        async with hospital.running():
            hospital.feed.status(REVOCATIONS, {7: 1}, effective_at=900)
            await until(lambda: hospital.outbox.list(state=DeliveryState.DELIVERED))
    ((headers, body),) = host.received
    signature.check(headers["Webhook-Signature"], SECRET, body, int(time.time()))
    sent = json.loads(body)
    assert sent["id"] == headers["Webhook-Id"]
    assert headers["Content-Type"] == "application/json"
    assert (sent["alert"]["kind"], sent["alert"]["reference"]) == ("revoked", "badge 7")
    assert (sent["alert"]["decision"], sent["alert"]["effectiveAt"]) == ("reject", 900)
    assert b"Okafor" not in body


@pytest.mark.parametrize("answers", [(500,), (0,), (302, 404), (503, 0, 429)])
async def test_a_refused_delivery_is_repeated_until_it_is_taken(
    tmp_path: Path, answers: tuple[int, ...]
) -> None:
    with WebhookHost(*answers) as host:
        hospital = Hospital(tmp_path, host.url)
        hospital.enrol(7)
        hospital.feed.status(REVOCATIONS, {7: 1})
        async with hospital.running():
            await until(lambda: hospital.outbox.list(state=DeliveryState.DELIVERED))
    (delivered,) = hospital.outbox.list()
    assert delivered.attempts == len(answers) + 1 == len(host.received)
    assert len({headers["Webhook-Id"] for headers, _ in host.received}) == 1
    assert len({body for _, body in host.received}) == 1


async def test_an_endpoint_that_never_takes_it_is_given_up_visibly_and_holds_up_no_other(
    tmp_path: Path,
) -> None:
    with WebhookHost(*[500] * 20) as broken, WebhookHost() as sound:
        hospital = Hospital(tmp_path, broken.url, sound.url)
        hospital.enrol(7)
        hospital.feed.status(REVOCATIONS, {7: 1})
        async with hospital.running():
            await until(lambda: hospital.outbox.list(state=DeliveryState.ABANDONED))
    (abandoned,) = hospital.outbox.list(state=DeliveryState.ABANDONED)
    assert (abandoned.attempts, abandoned.last_error) == (4, "the endpoint answered 500")
    assert len(broken.received) == 4
    assert len(sound.received) == 1


async def test_what_waits_survives_a_restart(tmp_path: Path) -> None:
    with WebhookHost() as host:
        hospital = Hospital(tmp_path, host.url)
        hospital.enrol(7, 8)
        hospital.feed.status(REVOCATIONS, {7: 1, 8: 1})
        await hospital.monitor.step()  # and here the process ends, before anything is sent
        hospital.engine.dispose()
        again = Hospital(tmp_path, host.url)
        again.feed = hospital.feed
        async with again.running():
            await until(lambda: len(again.outbox.list(state=DeliveryState.DELIVERED)) == 2)
    assert sorted(json.loads(body)["alert"]["reference"] for _, body in host.received) == [
        "badge 7",
        "badge 8",
    ]


async def test_many_alerts_at_once_each_arrive(tmp_path: Path) -> None:
    with WebhookHost(500, 0, 500) as host:
        hospital = Hospital(tmp_path, host.url)
        hospital.enrol(*range(100))
        async with hospital.running():
            hospital.feed.status(REVOCATIONS, dict.fromkeys(range(100), 1))
            await until(lambda: len(hospital.outbox.list(state=DeliveryState.DELIVERED, limit=1000)) == 100)
    assert len({headers["Webhook-Id"] for headers, _ in host.received}) == 100
