"""What monitoring expects of a change feed: of the replica's, and of the simulated one its own tests use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from node.monitoring.monitor import ChangeFeed
from registry.changes import Change, ChangeKind
from registry.events import BlockBatch, IssuerAccredited, LoggedEvent, TermsChanged
from registry.records import Terms
from registry.replica.replica import Replica
from tests.simulators.change_feed import SimulatedFeed, stamp
from tests.simulators.database import sqlite_database

BOARD = "did:web:board.example"
Tell = Callable[[int], Change]


@pytest.fixture(params=["replica", "simulated"])
def feed_and_tell(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[ChangeFeed, Tell]:
    """A feed, and how to have it tell of one more change."""
    if request.param == "simulated":
        simulated = SimulatedFeed()
        return simulated, lambda number: simulated.tell(ChangeKind.ISSUER, BOARD)
    replica = Replica(sqlite_database(tmp_path))
    replica.load()

    def tell(number: int) -> Change:
        terms = Terms(f"Board {number}", (), (), 0, 1)
        known = replica.feed.last_seq() > 0
        event = TermsChanged(1, terms) if known else IssuerAccredited(1, BOARD, "0x0", terms)
        block = stamp(replica.feed.last_seq() + 1)
        batch = BlockBatch(block, stamp(block.number - 1).hash, (LoggedEvent(event, bytes(32), 0),))
        (change,) = replica.apply([batch])
        return change

    return replica.feed, tell


@pytest.fixture
def feed(feed_and_tell: tuple[ChangeFeed, Tell]) -> ChangeFeed:
    return feed_and_tell[0]


@pytest.fixture
def tell(feed_and_tell: tuple[ChangeFeed, Tell]) -> Tell:
    return feed_and_tell[1]


def test_a_feed_starts_empty(feed: ChangeFeed) -> None:
    assert feed.last_seq() == 0
    assert feed.read(0, 10) == []


def test_changes_are_read_in_order_after_a_number_and_up_to_a_limit(feed: ChangeFeed, tell: Tell) -> None:
    told = [tell(number) for number in range(5)]
    assert [one.seq for one in told] == [1, 2, 3, 4, 5]
    assert feed.read(0, 10) == told
    assert feed.read(2, 2) == told[2:4]
    assert feed.read(5, 10) == []
    assert feed.last_seq() == 5


async def test_waiting_ends_at_once_when_there_is_something(feed: ChangeFeed, tell: Tell) -> None:
    tell(1)
    assert await feed.wait(0, 60)


async def test_waiting_ends_with_the_next_change(feed: ChangeFeed, tell: Tell) -> None:
    tell(1)
    waiting = [asyncio.create_task(feed.wait(1, 60)) for _ in range(2)]
    await asyncio.sleep(0.01)
    tell(2)
    assert await asyncio.gather(*waiting) == [True, True]


async def test_waiting_ends_when_the_time_is_up(feed: ChangeFeed) -> None:
    assert not await feed.wait(0, 0.01)
