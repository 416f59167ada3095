"""A second process that checks heads and roots changes nothing but the time it takes, come what may of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from registry import status_delta
from registry.changes import Change, ChangeKind
from registry.events import (
    BlockBatch,
    DirectoryEntryChanged,
    LedgerEvent,
    LoggedEvent,
    StatusListCreated,
    StatusPublished,
)
from registry.records import NOW, BlockStamp
from registry.replica import update_rules
from registry.replica.errors import InconsistentLedger
from registry.replica.heads import genesis_head, next_head
from registry.replica.replica import Replica
from registry.replica.root_checker import RootChecker
from registry.replica.state import LedgerState
from tests.behaviours.registry.replicated import DID, LIST, shown
from tests.simulators import stories
from tests.simulators.contracts import ContractsModel, merkle_root
from tests.simulators.database import sqlite_database
from tests.simulators.ledger import CONTRACTS, SimulatedLedger

OTHER = "https://board.example/lists/other"
READS = """
import sys
from registry.replica.root_checking import FRAME, Told
what = None
while what != Told.ASKED:
    what, size = FRAME.unpack(sys.stdin.buffer.read(FRAME.size))
    sys.stdin.buffer.read(size)
"""
SAYS = "sys.stdout.buffer.write({}); sys.stdout.flush(); "
WAITS = "sys.stdin.read()"
ORPHANING = """
import time
from registry.replica.root_checker import RootChecker
from registry.replica.state import LedgerState
checker = RootChecker(many=0)
checker.projected(LedgerState(), 0, [])
print(checker.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def checker() -> Iterator[RootChecker]:
    """Of all tests: it is told anew whenever they go on from something else."""
    checker = RootChecker(many=0)
    yield checker
    checker.close()


@pytest.fixture
def ledger() -> SimulatedLedger:
    ledger = SimulatedLedger()
    ledger.mine(lambda it: it.accredit(DID))
    ledger.mine(lambda it: it.create(1, LIST), lambda it: it.create(1, OTHER))
    ledger.mine(lambda it: it.publish(LIST, [7], 1), lambda it: it.publish(OTHER, [3], 1))
    return ledger


def made_of(
    checker: RootChecker, batches: list[BlockBatch], base: LedgerState | None = None
) -> tuple[LedgerState, list[Change]]:
    projection, changes = checker.projected(base or LedgerState(), 0, batches)
    state = projection.state()
    checker.goes_on_from(state)
    return state, changes


def alike(one: LedgerState, other: LedgerState) -> bool:
    """In all that can be asked of their lists."""
    return one.head == other.head and {key: told(it, one) for key, it in one.list_ids.items()} == {
        key: told(it, other) for key, it in other.list_ids.items()
    }


def told(list_id: bytes, state: LedgerState) -> object:
    it = state.lists[list_id]
    return it.corrupt, it.closed, it.continued, it.past(), bytes(it.bits.packed), it.bits.branch(0)


def here(batches: list[BlockBatch], base: LedgerState | None = None) -> tuple[LedgerState, list[Change]]:
    return made_of(RootChecker(many=None), batches, base)


def test_what_it_vouches_for_is_not_computed_again(
    ledger: SimulatedLedger, checker: RootChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = here(ledger.batches())
    monkeypatch.setattr(update_rules, "next_head", lambda *_: pytest.fail("it was computed here"))
    state, changes = made_of(checker, ledger.batches())
    monkeypatch.undo()
    assert alike(state, expected[0])
    assert changes == expected[1]


@pytest.mark.parametrize("seed", range(4))
def test_a_long_story_a_few_blocks_at_a_time_with_ways_back(
    tmp_path: Path, checker: RootChecker, seed: int
) -> None:
    """Lists of every kind are made and updated, and blocks undone, in one replica with it and one without."""
    random, ledger = Random(seed), SimulatedLedger()
    replicas = []
    for name, its in (("with", checker), ("without", None)):
        (tmp_path / name).mkdir()
        replicas.append(Replica(sqlite_database(tmp_path / name), its))
        replicas[-1].load()
    for _ in range(12):
        if random.random() < 0.3:
            kept = max(0, len(ledger.blocks) - 1 - random.randrange(1, 5))
            ledger.fork(kept)
            for replica in replicas:
                replica.rewind(kept)
        stories.mine(random, ledger, random.randrange(1, 6))
        for replica in replicas:
            replica.apply(ledger.batches(after=replica.cursor.number if replica.cursor else -1))
        ours, theirs = replicas
        assert shown(ours) == shown(theirs)
        assert alike(ours.state, theirs.state)
        assert ours.feed.read(0, 10_000) == theirs.feed.read(0, 10_000)
    ours.load()  # with it, from the rows
    assert alike(ours.state, theirs.state)


def lies(it: ContractsModel) -> dict[str, LedgerEvent]:
    honest, wrong = it.copy().publish(LIST, [1, 2], 5)[0], it.copy()
    assert isinstance(honest, StatusPublished)
    return {
        "number": honest._replace(seq=3),
        "head": honest._replace(head=bytes(32)),
        "delta": honest._replace(delta=status_delta.encode([1])),
        "padded delta": honest._replace(delta=b"\x80\x00"),
        "time": honest._replace(effective_at=6),
        "root": wrong.publish_raw(LIST, status_delta.encode([1, 2]), bytes(32), 5)[0],
    }


@pytest.mark.parametrize("lie", ["number", "head", "delta", "padded delta", "time", "root"])
def test_a_lie_makes_that_list_corrupt_and_no_other(
    ledger: SimulatedLedger, checker: RootChecker, lie: str
) -> None:
    before, _ = made_of(checker, ledger.batches())
    after = ledger.blocks[-1].header.stamp.number
    contracts = ledger.contracts
    good = contracts.publish(OTHER, [4], 5)
    ledger.mine_events([lies(ledger.contracts)[lie], *good], contracts)
    ledger.mine(lambda it: it.publish(LIST, [9], 5), lambda it: it.publish(OTHER, [5], 5))
    for count in (1, 2):  # in two goes, and in one
        state, changes, at = before, list[Change](), after
        while at < ledger.blocks[-1].header.stamp.number:
            batches = ledger.batches(after=at)[:count]
            state, more = made_of(checker, batches, state)
            changes, at = [*changes, *more], batches[-1].stamp.number
        expected = here(ledger.batches(after=after), before)
        assert alike(state, expected[0])
        assert [it.kind for it in changes] == [it.kind for it in expected[1]]
        assert [it.kind for it in changes].count(ChangeKind.LIST_CORRUPT) == 1
        assert state.status(OTHER, 5, NOW).list.intact


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("successors", [1, 2])
def test_a_list_that_goes_on_elsewhere_goes_on_with_its_bits(
    ledger: SimulatedLedger, checker: RootChecker, successors: int, at_once: bool
) -> None:
    """An update there, made as if the list had begun empty, is found out: its head and root fit each other."""
    it, first = ledger.contracts.lists[LIST], ledger.blocks[-1].header.stamp
    shape, root = (it.size, it.purpose, it.bits_per_entry), merkle_root(it.bits)
    head = genesis_head(it.list_id, it.issuer_id, *shape, root)
    events: list[LedgerEvent] = [DirectoryEntryChanged("StatusRegistry", 1, CONTRACTS.status_registry)]
    for number in range(successors):
        events.append(DirectoryEntryChanged("StatusRegistry", number + 2, "0x" + f"{number + 5}" * 40))
        events.append(StatusListCreated(it.list_id, it.issuer_id, *shape, head, root, LIST))
    delta, wrong = status_delta.encode([9]), merkle_root([int(n == 9) for n in range(it.size)])
    events.append(StatusPublished(it.list_id, 1, next_head(head, 1, delta, wrong, 5), wrong, 5, delta))
    batches = ledger.batches()
    for n, event in enumerate(events, 1):
        stamp = BlockStamp(first.number + n, bytes(32), first.time + n)
        batches.append(BlockBatch(stamp, bytes(32), (LoggedEvent(event, bytes(32), 0),)))
    state, made = LedgerState(), list[Change]()
    for some in [batches] if at_once else [[one] for one in batches]:
        state, changes = made_of(checker, some, state)
        made += changes
    expected = here(batches)
    assert alike(state, expected[0])
    assert [it.kind for it in made] == [it.kind for it in expected[1]]
    assert made[-1].kind is ChangeKind.LIST_CORRUPT


def test_after_what_cannot_follow_it_goes_on(ledger: SimulatedLedger, checker: RootChecker) -> None:
    """The answer that nobody waited for is not taken for the next one's."""
    before, _ = made_of(checker, ledger.batches())
    after = ledger.blocks[-1].header.stamp.number
    lie, nonsense = lies(ledger.contracts)["root"], StatusPublished(bytes(32), 1, bytes(32), bytes(32), 5, b"")
    ledger.mine_events([nonsense])
    with pytest.raises(InconsistentLedger):
        made_of(checker, ledger.batches(after=after), before)
    ledger.fork(after)
    ledger.mine_events([lie])
    state, _ = made_of(checker, ledger.batches(after=after), before)
    assert not state.status_list(LIST, NOW).intact


def test_a_list_larger_than_any_is_refused_as_it_is_here(ledger: SimulatedLedger, checker: RootChecker) -> None:
    (event,) = ledger.contracts.create(1, "https://board.example/lists/large")
    assert isinstance(event, StatusListCreated)
    ledger.mine_events([replace(event, size=(1 << 32) - 256, bits_per_entry=255)])
    with pytest.raises(InconsistentLedger, match="too large"):
        made_of(checker, ledger.batches())


def test_after_a_way_back_it_is_told_anew(
    ledger: SimulatedLedger, checker: RootChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, _ = made_of(checker, ledger.batches()[:3])
    made_of(checker, ledger.batches(after=2), begun)
    ledger.fork(2)
    ledger.mine(lambda it: it.publish(LIST, [9], 5))
    expected = here(ledger.batches())[0]
    monkeypatch.setattr(update_rules, "next_head", lambda *_: pytest.fail("it was computed here"))
    state, _ = made_of(checker, ledger.batches(after=2), begun)
    monkeypatch.undo()
    assert alike(state, expected)


LOST = {
    "is not there": ["/nowhere/python"],
    "ends at once": [sys.executable, "-c", "pass"],
    "never answers": [sys.executable, "-c", READS + WAITS],
    "never reads": [sys.executable, "-c", "import time; time.sleep(600)"],
    "ends when asked": [sys.executable, "-c", READS],
    "answers half": [sys.executable, "-c", READS + SAYS.format("FRAME.pack(4, 64) + bytes(32)")],
    "answers something else": [sys.executable, "-c", READS + SAYS.format("FRAME.pack(2, 0)") + WAITS],
    "names half a list": [sys.executable, "-c", READS + SAYS.format("FRAME.pack(4, 5) + bytes(5)") + WAITS],
}


@pytest.mark.parametrize("how", LOST)
def test_lost_it_is_done_without(ledger: SimulatedLedger, caplog: pytest.LogCaptureFixture, how: str) -> None:
    checker = RootChecker(0, LOST[how], patience=0.5 if how.startswith("never") else 60)
    expected, changes = here(ledger.batches())
    state, made = made_of(checker, ledger.batches())
    assert alike(state, expected)
    assert made == changes
    assert caplog.text.count("checked here") == 1
    ledger.mine(lambda it: it.publish(LIST, [9], 1))
    after, _ = made_of(checker, ledger.batches(after=3), state)
    assert alike(after, here(ledger.batches())[0])
    assert caplog.text.count("checked here") == 1  # it is not tried again


def test_killed_between_two_calls_it_is_done_without(ledger: SimulatedLedger) -> None:
    checker = RootChecker(many=0)
    state, _ = made_of(checker, ledger.batches())
    assert checker.pid is not None
    os.kill(checker.pid, signal.SIGKILL)
    ledger.mine(lambda it: it.publish(LIST, [9], 1))
    after, _ = made_of(checker, ledger.batches(after=3), state)
    assert checker.pid is None
    assert alike(after, here(ledger.batches())[0])


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_ends_when_the_node_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", ORPHANING], stdout=subprocess.PIPE) as node:
        assert node.stdout is not None
        its = int(node.stdout.readline())
        node.kill()
    while runs(its):
        time.sleep(0.01)


def test_it_is_given_none_of_the_nodes_secrets(
    ledger: SimulatedLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOODSTANDING_API_KEY", "secret")
    checker = RootChecker(many=0)
    made_of(checker, ledger.batches())
    assert b"GOODSTANDING" not in Path(f"/proc/{checker.pid}/environ").read_bytes()
    checker.close()


def test_it_runs_while_there_is_much_to_do_and_no_longer(
    tmp_path: Path, ledger: SimulatedLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    checker = RootChecker(many=5)
    replica = Replica(sqlite_database(tmp_path), checker)
    replica.load()
    replica.apply(ledger.batches()[:3])
    assert checker.pid is None
    ledger.mine(*[lambda it, n=n: it.publish(LIST, [n], 1) for n in range(20, 24)])
    monkeypatch.setattr(update_rules, "next_head", lambda *_: pytest.fail("it was computed here"))
    replica.apply(ledger.batches(after=2))
    monkeypatch.undo()
    assert checker.pid is not None
    ledger.mine(lambda it: it.publish(LIST, [9], 1))
    replica.apply(ledger.batches(after=4))
    assert checker.pid is not None
    replica.confirm(1_800_000_000.0)
    assert checker.pid is None
    ledger.mine(lambda it: it.publish(LIST, [11], 1))
    replica.apply(ledger.batches(after=5))
    assert checker.pid is None
    assert alike(replica.state, here(ledger.batches())[0])
