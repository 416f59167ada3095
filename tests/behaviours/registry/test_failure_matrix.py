"""The failure matrix: the process killed at every step of publishing and of replication, and started again.

One row a step; every row is run for each moment (before the step, after it, and where the step is a database
transaction, at its commit) and for each thing the ledger may do while nobody is there. Afterwards, always:
what was told as final stands, nothing was published twice, the replica is what a fresh one would be, and a
reader of the feed who goes on from the last number it saw has met every change once and in order.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

import registry.blocks
import registry.replica.store
from node.store.engine import create_engine
from registry.actions import PublishStatus
from registry.audit import compared
from registry.chain import Finality
from registry.changes import Change
from registry.follower import Follower
from registry.publisher.publisher import Publisher
from registry.publisher.signer import LocalSigner, Role
from registry.replica.projection import Projection
from registry.replica.replica import Replica
from registry.replica.state import LedgerState
from tests.behaviours.registry.replicated import DID, LIST, standing_changes
from tests.simulators.crashes import Killed, kill, kill_at_commit
from tests.simulators.database import sqlite_database
from tests.simulators.ledger import CONTRACTS
from tests.simulators.transacting_ledger import TransactingLedger

Target = Callable[["Process"], Any]
BEFORE, AT_COMMIT, AFTER = "before", "at the commit of", "after"
AROUND, IN_DATABASE = (BEFORE, AFTER), (BEFORE, AT_COMMIT, AFTER)

STORE = registry.replica.store

# fmt: off
PUBLISHING: list[tuple[str, Target, str, tuple[str, ...]]] = [
    # step                    where it is taken             by                moments
    ("unsettled read",        lambda it: it.outbox,         "unsettled",      AROUND),
    ("planned",               lambda it: it.planner,        "plan",           AROUND),
    ("tried out",             lambda it: it.ledger,         "estimate_gas",   AROUND),
    ("signed",                lambda it: it.operator,       "sign_hash",      AROUND),
    ("written to the outbox", lambda it: it.outbox,         "record_signed",  IN_DATABASE),
    ("sent",                  lambda it: it.ledger,         "send_raw",       AROUND),
    ("mined",                 lambda it: it.ledger,         "mine_pool",      AROUND),
    ("receipt read",          lambda it: it.ledger,         "receipt",        AROUND),
    ("settled",               lambda it: it.outbox,         "settle",         IN_DATABASE),
]

REPLICATION: list[tuple[str, Target, str, int, tuple[str, ...]]] = [
    # step                    where it is taken             by                call  moments
    ("head read",             lambda it: it.ledger,         "final_head",     1,    AROUND),
    ("logs fetched",          lambda it: it.ledger,         "logs_of_block",  1,    AROUND),
    ("decoded",               lambda it: registry.blocks,   "decode",         1,    AROUND),
    ("projected",             lambda it: Projection,        "apply",          1,    AROUND),
    ("cursor moved",          lambda it: STORE,             "_move",          1,    AROUND),
    ("blocks written",        lambda it: STORE,             "_insert",        1,    AROUND),
    ("events written",        lambda it: STORE,             "_insert",        2,    AROUND),
    ("updates written",       lambda it: STORE,             "_insert",        3,    AROUND),
    ("changes written",       lambda it: STORE,             "_insert",        4,    AROUND),
    ("batch written",         lambda it: it.replica._store, "append",         1,    IN_DATABASE),
    ("bitmaps shown",         lambda it: it.replica,        "_show",          1,    AROUND),
    ("feed announced",        lambda it: it.replica.feed,   "announce",       1,    AROUND),
    ("confirmed",             lambda it: it.replica._store, "confirm",        1,    IN_DATABASE),
]

UNDOING: list[tuple[str, Target, str, int, tuple[str, ...]]] = [
    # step                    where it is taken             by                call  moments
    ("common block found",    lambda it: it.replica,        "stamps",         1,    AROUND),
    ("changes read back",     lambda it: it.replica._store, "changes_above",  1,    AROUND),
    ("cursor moved back",     lambda it: STORE,             "_move",          1,    AROUND),
    ("withdrawals written",   lambda it: STORE,             "_insert",        1,    AROUND),
    ("rows removed",          lambda it: it.replica._store, "remove_above",   1,    IN_DATABASE),
    ("bitmaps shown",         lambda it: it.replica,        "_show",          1,    AROUND),
    ("other branch written",  lambda it: it.replica._store, "append",         1,    IN_DATABASE),
]
# fmt: on

DEPTH = 2  # confirmations that make a block final
TICKS = 60  # of publisher, ledger and replica: far more than anything takes


def stood_still(ledger: TransactingLedger) -> None: ...


def went_on(ledger: TransactingLedger) -> None:
    for _ in range(DEPTH + 1):
        ledger.mine_pool()


def reorganised(ledger: TransactingLedger) -> None:
    """As far as finality allows; the transactions of the blocks dropped, and those waiting, are forgotten."""
    ledger.fork(len(ledger.blocks) - 1 - DEPTH)
    for _ in range(DEPTH + 1):
        ledger.mine()


MEANWHILE = (stood_still, went_on, reorganised)


class Process:
    """Publisher, follower and replica of one process: begun from the rows, the key and the ledger alone."""

    def __init__(self, engine: Engine, ledger: TransactingLedger, operator: LocalSigner) -> None:
        self.engine, self.ledger, self.operator = engine, ledger, operator
        self.replica = Replica(engine)
        self.replica.load()
        self.follower = Follower(ledger, self.replica, CONTRACTS, clock=lambda: float(ledger.time))
        self.publisher = Publisher(
            engine,
            ledger,  # type: ignore[arg-type] # it has what a publisher asks
            lambda: CONTRACTS,
            self.replica.queries,
            {Role.OPERATOR: operator},
            lambda: float(ledger.time),
        )
        self.outbox, self.planner = self.publisher._outbox, self.publisher._planner

    def restarted(self) -> Process:
        return Process(self.engine, self.ledger, self.operator)

    async def tick(self) -> None:
        await self.publisher.step()
        self.ledger.mine_pool()
        await self.follower.catch_up()

    async def run_until_done(self, *publications: int) -> None:
        for _ in range(TICKS):
            if all(self.publisher.get(it).state == "done" for it in publications):
                return
            await self.tick()
        pytest.fail("it is never done")


class FeedReader:
    """Somebody outside who asks for what came after the last change it saw."""

    def __init__(self) -> None:
        self.seen: list[Change] = []

    def read(self, replica: Replica) -> None:
        last = self.seen[-1].seq if self.seen else 0
        self.seen += replica.feed.read(last, 10_000)


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copied for each test: to create all the tables takes longer than a test."""
    folder = tmp_path_factory.mktemp("empty")
    engine = sqlite_database(folder)
    with engine.connect() as db:
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return folder / "node.db"


@pytest.fixture
def engine(tmp_path: Path, empty_database: Path) -> Iterator[Engine]:
    shutil.copy(empty_database, tmp_path)
    engine = create_engine(f"sqlite:///{tmp_path / 'node.db'}")
    event.listen(engine, "connect", lambda it, _: it.execute("PRAGMA synchronous = OFF"))
    yield engine
    engine.dispose()


@pytest.fixture
def process(engine: Engine) -> Process:
    ledger, operator = TransactingLedger(Finality.confirmations(DEPTH)), LocalSigner(b"\7" * 32)
    ledger.mine(lambda it: it.accredit(DID), lambda it: it.create(1, LIST))
    for _ in range(DEPTH):
        ledger.mine()
    return Process(engine, ledger, operator)


def arm(
    monkeypatch: pytest.MonkeyPatch, process: Process, where: Target, by: str, when: str, nth: int = 1
) -> None:
    if when == AT_COMMIT:
        kill_at_commit(monkeypatch, where(process), by, process.engine)
    else:
        kill(monkeypatch, where(process), by, when, nth)


def assert_whole(process: Process, reader: FeedReader) -> None:
    """The replica is what a fresh one would be, in memory and in the rows; the feed has no gap, no repeat."""
    ledger = process.ledger
    projection = Projection(LedgerState())
    final = ledger.batches()[: len(ledger.blocks) - ledger.finality.depth]
    told = [it for batch in final for it in projection.apply(batch)]
    right = projection.state()
    assert process.replica.cursor == final[-1].stamp
    assert list(compared(right, process.replica.state)) == []
    assert list(compared(right, process.restarted().replica.state)) == []
    reader.read(process.replica)
    assert reader.seen == process.replica.feed.read(0, 10_000)
    assert [it.seq for it in reader.seen] == list(range(1, process.replica.feed.last_seq() + 1))
    assert [(it.kind, it.key, it.stamp, it.values) for it in standing_changes(reader.seen)] == [
        (it.kind, it.key, it.stamp, it.values) for it in told
    ]


PUBLISHING_CASES = [
    pytest.param(where, by, when, meanwhile, id=f"{when} {step}, the ledger {meanwhile.__name__}")
    for step, where, by, moments in PUBLISHING
    for when, meanwhile in product(moments, MEANWHILE)
]


@pytest.mark.parametrize(("where", "by", "when", "meanwhile"), PUBLISHING_CASES)
async def test_killed_while_publishing(
    process: Process,
    monkeypatch: pytest.MonkeyPatch,
    where: Target,
    by: str,
    when: str,
    meanwhile: Callable[[TransactingLedger], None],
) -> None:
    reader = FeedReader()
    first = process.publisher.submit(PublishStatus(LIST, ((3, 1),)), "first")
    await process.run_until_done(first)
    reader.read(process.replica)
    told = process.publisher.get(first)

    wanted = {"heartbeat": PublishStatus(LIST, ()), "second": PublishStatus(LIST, ((5, 1), (9, 1)))}
    numbers = [process.publisher.submit(action, key) for key, action in wanted.items()]
    with monkeypatch.context() as patch:
        arm(patch, process, where, by, when)
        with pytest.raises(Killed):
            await process.run_until_done(*numbers)
    meanwhile(process.ledger)

    process = process.restarted()
    assert process.publisher.get(first) == told
    # As a caller would that never heard an answer.
    assert [process.publisher.submit(action, key) for key, action in wanted.items()] == numbers
    await process.run_until_done(first, *numbers)
    assert process.publisher.get(first) == told
    for publication in map(process.publisher.get, (first, *numbers)):
        assert publication.error is None and publication.stamp
        assert process.ledger.blocks[publication.stamp.number].header.stamp == publication.stamp
    updates = [positions for positions, _ in process.ledger.contracts.lists[LIST].updates]
    assert updates == [[3], [], [5, 9]]
    assert await process.ledger.nonce(process.operator.address) == 2  # transactions in all
    await process.follower.catch_up()
    assert_whole(process, reader)


REPLICATION_CASES = [
    pytest.param(undoing, where, by, nth, when, meanwhile, id=f"{when} {step}, the ledger {meanwhile.__name__}")
    for undoing, steps in ((False, REPLICATION), (True, UNDOING))
    for step, where, by, nth, moments in steps
    for when, meanwhile in product(moments, (stood_still, reorganised))
]


@pytest.mark.parametrize(("undoing", "where", "by", "nth", "when", "meanwhile"), REPLICATION_CASES)
async def test_killed_while_replicating(
    process: Process,
    monkeypatch: pytest.MonkeyPatch,
    undoing: bool,
    where: Target,
    by: str,
    nth: int,
    when: str,
    meanwhile: Callable[[TransactingLedger], None],
) -> None:
    ledger, reader = process.ledger, FeedReader()
    ledger.finality = Finality.instant()  # every block counts at once, and may be undone
    await process.follower.catch_up()
    if undoing:
        ledger.mine(lambda it: it.publish(LIST, [1], 1), lambda it: it.accredit("did:web:gone.example"))
        await process.follower.catch_up()
        ledger.fork(len(ledger.blocks) - 2)
    reader.read(process.replica)
    told = list(reader.seen)
    ledger.mine(lambda it: it.publish(LIST, [3], 1), lambda it: it.pin(DID, b'{"id":"one"}'))
    ledger.mine(lambda it: it.publish(LIST, [5, 9], 1), lambda it: it.accredit("did:web:two.example"))

    with monkeypatch.context() as patch:
        arm(patch, process, where, by, when, nth)
        with pytest.raises(Killed):
            await process.follower.catch_up()
    meanwhile(ledger)

    process = process.restarted()
    reader.read(process.replica)
    await process.follower.catch_up()
    assert_whole(process, reader)
    assert reader.seen[: len(told)] == told
