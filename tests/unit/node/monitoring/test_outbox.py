"""Retries, and giving up where somebody sees it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from node.errors import NotConfigured
from node.monitoring.delivery.outbox import Delivery, DeliveryState, Outbox, RetryPolicy, queue
from node.monitoring.delivery.webhook import Endpoint
from node.store.engine import writing
from node.store.tables import AlertRow
from tests.simulators.database import sqlite_database

HERE, THERE = "https://hospital.example/hooks", "https://archive.example/hooks"


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_delays_grow_and_stay_within_bounds(attempts: int, jitter: float) -> None:
    policy = RetryPolicy(jitter=lambda: jitter)
    assert 0.5 <= policy.delay(attempts) <= 3600.0
    assert policy.delay(attempts) <= policy.delay(attempts + 1)


class Deliveries:
    def __init__(self, folder: Path, alerts: int = 1) -> None:
        self.now = 1_000.0
        self.engine = sqlite_database(folder)
        self.outbox = Outbox(self.engine, lambda: self.now, RetryPolicy(attempts=3, jitter=lambda: 1.0))
        with Session(writing(self.engine)) as session, session.begin():
            rows = [an_alert(number) for number in range(alerts)]
            session.add_all(rows)
            session.flush()
            queue(session, [row.id for row in rows if row.id], [HERE, THERE], self.now)

    def due(self) -> list[Delivery]:
        return self.outbox.due(HERE, 100)


def an_alert(number: int) -> AlertRow:
    return AlertRow(
        enrolment_id=f"{number}",
        reference="badge",
        kind="revoked",
        detail="The issuer revoked the credential.",
        subject="https://board.example/r",
        entry_index=7,
        previous_decision="accept",
        decision="reject",
        change_seq=number + 1,
        block_number=1,
        block_hash=bytes(32),
        block_time=1,
        created_at=1,
    )


def test_each_endpoint_has_a_delivery_of_its_own(tmp_path: Path) -> None:
    deliveries = Deliveries(tmp_path, alerts=3)
    assert len({one.id for one in deliveries.outbox.list()}) == 6
    assert [one.alert.id for one in deliveries.due()] == [1, 2, 3]


def test_a_failed_attempt_is_repeated_later_and_later_then_given_up_visibly(tmp_path: Path) -> None:
    deliveries = Deliveries(tmp_path)
    ids, waits = set(), []
    while due := deliveries.due():
        ids.add(due[0].id)
        deliveries.outbox.record([(due[0], "the endpoint answered 503")])
        assert deliveries.due() == []
        soonest = deliveries.outbox.next_due(HERE)
        if soonest is None:
            break
        waits.append(soonest - deliveries.now)
        deliveries.now = soonest
    assert waits == [1.0, 2.0]
    assert len(ids) == 1
    (given_up,) = deliveries.outbox.list(state=DeliveryState.ABANDONED)
    assert (given_up.attempts, given_up.last_error) == (3, "the endpoint answered 503")
    assert len(deliveries.outbox.due(THERE, 10)) == 1


def test_what_was_delivered_is_done_with(tmp_path: Path) -> None:
    deliveries = Deliveries(tmp_path)
    deliveries.outbox.record([(deliveries.due()[0], None)])
    assert deliveries.due() == []
    (done,) = deliveries.outbox.list(state=DeliveryState.DELIVERED)
    assert (done.delivered_at, done.attempts, done.last_error) == (1_000, 1, "")


def test_what_waits_for_an_endpoint_that_is_configured_no_more_is_given_up_visibly(tmp_path: Path) -> None:
    deliveries = Deliveries(tmp_path, alerts=2)
    assert deliveries.outbox.abandon_all_but([HERE]) == 2
    assert {one.endpoint for one in deliveries.outbox.list(state=DeliveryState.ABANDONED)} == {THERE}
    assert len(deliveries.due()) == 2


@pytest.mark.parametrize("url", [HERE, "http://127.0.0.1:8080/", "http://localhost/x", "http://[::1]:1/"])
def test_endpoints_are_https_or_on_this_machine(url: str) -> None:
    assert Endpoint(url, b"sixteen bytes at least").url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://hospital.example/",
        "http://127.0.0.1.evil.example/",
        "http://10.0.0.1/",
        "https://user:word@hospital.example/",
        "https://hospital.example/#part",
        "ftp://hospital.example/",
        "https:///path",
        "http://[",
        "https://hospital.example:99999/",
        "https://hospital.example:port/",
        "",
    ],
)
def test_other_endpoints_are_refused(url: str) -> None:
    with pytest.raises(NotConfigured):
        Endpoint(url, b"sixteen bytes at least")


def test_a_weak_secret_is_refused_and_none_is_shown() -> None:
    with pytest.raises(NotConfigured):
        Endpoint(HERE, b"short")
    assert "sixteen" not in repr(Endpoint(HERE, b"sixteen bytes at least"))
