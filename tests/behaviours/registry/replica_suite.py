"""What a replica keeps, tells and answers, on any database: run by one test class for each."""

from __future__ import annotations

import asyncio
import threading
from random import Random

import pytest
from sqlalchemy import Engine, text

from registry.changes import ChangeKind
from registry.follower import Follower
from registry.records import NOW, StatusPurpose
from registry.replica.replica import Replica
from registry.replica.store import ReplicaDamaged, ReplicaStore
from tests.behaviours.registry.replicated import (
    DID,
    LIST,
    Crash,
    Replicated,
    crash_before_statement,
    loaded,
    shown,
    standing_changes,
    tamper_with_deltas,
)
from tests.simulators import stories
from tests.simulators.ledger import SimulatedLedger


class ReplicaBehaviours(Replicated):
    # --- rows and memory

    def test_nothing_yet(self, replica: Replica) -> None:
        freshness = replica.queries.freshness()
        assert (freshness.head, freshness.confirmed_at, freshness.halted) == (None, 0.0, None)
        assert replica.queries.accreditation(DID) is None
        assert replica.queries.status_list(LIST) is None
        assert replica.queries.bits(LIST) is None
        assert replica.feed.last_seq() == 0
        assert replica.feed.read(0) == []

    @pytest.mark.parametrize("seed", range(3))
    def test_a_restart_finds_what_was_there(self, engine: Engine, replica: Replica, seed: int) -> None:
        ledger = SimulatedLedger()
        stories.mine(Random(seed), ledger, 40)
        batches = ledger.batches()
        for start in range(0, len(batches), 7):
            replica.apply(batches[start : start + 7])
        replica.confirm(1_800_000_000.0)
        ledger.mine()
        replica.apply(ledger.batches(after=batches[-1].stamp.number))
        again = loaded(engine)
        assert shown(again) == shown(replica)
        assert again.queries.freshness() == replica.queries.freshness()
        assert again.feed.last_seq() == replica.feed.last_seq()
        assert again.feed.read(0, 10_000) == replica.feed.read(0, 10_000)

    def test_every_event_of_a_ledger_comes_back_from_its_row(self, engine: Engine, replica: Replica) -> None:
        ledger = SimulatedLedger()
        stories.mine(Random(5), ledger, 60)
        replica.apply(ledger.batches())
        eventful = [batch for batch in ledger.batches() if batch.events]
        assert len({type(logged.event) for batch in eventful for logged in batch.events}) >= 9
        assert list(ReplicaStore(engine).batches()) == eventful

    @pytest.mark.parametrize("statement", range(1, 13))
    def test_a_crash_in_the_middle_of_apply_leaves_nothing_behind(
        self, engine: Engine, replica: Replica, ledger: SimulatedLedger, statement: int
    ) -> None:
        replica.apply(ledger.batches())
        before, feed = shown(replica), replica.feed.read(0)
        ledger.mine(
            lambda it: it.publish(LIST, [3], 1),
            lambda it: it.accredit("did:web:two.example"),
        )
        batches = ledger.batches(after=2)
        with crash_before_statement(engine, statement):
            try:
                replica.apply(batches)
            except Crash:
                assert shown(replica) == before
                assert shown(loaded(engine)) == before
                assert replica.feed.read(0) == feed
                replica.reconcile()
                replica.apply(batches)
        assert shown(loaded(engine)) == shown(replica)
        assert [change.seq for change in replica.feed.read(0)] == list(range(1, len(feed) + 4))
        assert replica.queries.status(LIST, 3).value == 1

    @pytest.mark.parametrize("statement", range(1, 10))
    def test_a_crash_in_the_middle_of_a_rewind_leaves_nothing_behind(
        self, engine: Engine, replica: Replica, ledger: SimulatedLedger, statement: int
    ) -> None:
        ledger.mine(lambda it: it.publish(LIST, [3], 1))
        replica.apply(ledger.batches())
        before = shown(replica)
        with crash_before_statement(engine, statement):
            try:
                replica.rewind(2)
            except Crash:
                assert shown(replica) == before
                assert shown(loaded(engine)) == before
                replica.reconcile()
                replica.rewind(2)
        assert shown(loaded(engine)) == shown(replica)
        assert replica.queries.status(LIST, 3).value == 0

    def test_a_commit_whose_answer_was_lost_is_found(
        self, engine: Engine, replica: Replica, ledger: SimulatedLedger
    ) -> None:
        other = loaded(engine)
        other.apply(ledger.batches())
        assert replica.cursor is None
        replica.reconcile()
        assert shown(replica) == shown(other)

    def test_rows_that_lost_an_event_are_not_believed(
        self, engine: Engine, replica: Replica, ledger: SimulatedLedger
    ) -> None:
        ledger.mine(lambda it: it.publish(LIST, [3], 1))
        replica.apply(ledger.batches())
        with engine.begin() as db:
            db.execute(text("DELETE FROM replica_status_updates"))
        damaged = Replica(engine)
        with pytest.raises(ReplicaDamaged):
            damaged.load()
        damaged.rewind(-1)
        damaged.apply(ledger.batches())
        assert standing_changes(damaged.feed.read(0))[-1].kind is ChangeKind.STATUS
        assert loaded(engine).queries.status(LIST, 3).value == 1

    def test_a_tampered_row_makes_its_list_corrupt(
        self, engine: Engine, replica: Replica, ledger: SimulatedLedger
    ) -> None:
        ledger.mine(lambda it: it.publish(LIST, [3], 1))
        replica.apply(ledger.batches())
        tamper_with_deltas(engine, b"\x04")
        assert not loaded(engine).queries.status(LIST, 3).list.intact

    def test_headers_are_kept_for_a_while_and_events_for_good(
        self, engine: Engine, replica: Replica, ledger: SimulatedLedger
    ) -> None:
        replica.apply(ledger.batches())
        for _ in range(3):
            for _ in range(100):
                ledger.mine()
            replica.apply(ledger.batches(after=replica.cursor.number))  # type: ignore[union-attr] # it is there
        numbers = [stamp.number for stamp in replica.stamps(below=10_000, limit=10_000)]
        assert numbers == [*range(302, 46, -1), 2, 1]
        replica.rewind(40)
        assert replica.cursor == ledger.blocks[2].header.stamp

    # --- the feed

    def test_numbers_go_on_after_a_rewind(
        self, engine: Engine, replica: Replica, ledger: SimulatedLedger
    ) -> None:
        ledger.mine(lambda it: it.publish(LIST, [3], 1), lambda it: it.publish(LIST, [4], 1))
        made = replica.apply(ledger.batches())
        withdrawn = replica.rewind(2)
        assert [(it.kind, it.key, it.withdraws, it.stamp) for it in withdrawn] == [
            (ChangeKind.WITHDRAWN, LIST, it.seq, it.stamp) for it in reversed(made[-2:])
        ]
        replica.apply(ledger.batches(after=2))
        replica.rewind(2)
        told = loaded(engine).feed.read(0)
        assert [it.seq for it in told] == list(range(1, len(told) + 1))
        assert standing_changes(told) == made[:-2]
        assert replica.feed.read(after=3, limit=2) == told[3:5]

    async def test_a_change_wakes_whoever_waits_at_once(
        self, replica: Replica, ledger: SimulatedLedger
    ) -> None:
        assert not await replica.feed.wait(0, timeout=0.01)
        waiting = [asyncio.create_task(replica.feed.wait(0, timeout=60)) for _ in range(3)]
        await asyncio.sleep(0)
        threading.Thread(target=replica.apply, args=(ledger.batches(),)).start()
        assert await asyncio.gather(*waiting) == [True, True, True]
        assert await replica.feed.wait(replica.feed.last_seq() - 1, timeout=0)

    # --- readers

    async def test_readers_in_threads_see_whole_states_only(
        self, follower: Follower, ledger: SimulatedLedger, replica: Replica
    ) -> None:
        """Two entries that every update turns together are never seen apart."""
        uri = "https://board.example/lists/suspension"
        ledger.mine(lambda it: it.create(1, uri, purpose=StatusPurpose.SUSPENSION))
        await follower.catch_up()
        apart: list[object] = []
        done = threading.Event()

        def read() -> None:
            while not done.is_set():
                bits = replica.queries.bits(uri)
                if (
                    bits is None
                    or bits.packed[0] not in (0, 0b1100_0000)
                    or bits.packed[0] >> 7 != bits.seq % 2
                ):
                    apart.append(bits)

        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        for _ in range(15):
            ledger.mine(lambda it: it.publish(uri, [0, 1], 1))
            await follower.catch_up()
        done.set()
        for reader in readers:
            reader.join()
        assert apart == []
        assert replica.queries.status(uri, 0, NOW).list.seq == 15
