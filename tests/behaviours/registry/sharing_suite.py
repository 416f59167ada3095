"""Several processes on one replica, on any database: run by one test class for each."""

from __future__ import annotations

import asyncio
import itertools
from random import Random

import pytest
from sqlalchemy import Engine

from registry.changes import ChangeKind
from registry.follower import Follower
from registry.replica.follower_lock import FollowerLock
from registry.replica.replica import Replica
from registry.replica.store import Superseded
from registry.sharing import SharedReplica
from tests.behaviours.registry.replicated import LIST, Replicated, crash_before_statement, loaded, shown
from tests.simulators import stories
from tests.simulators.ledger import CONTRACTS, SimulatedLedger


class SharingBehaviours(Replicated):
    async def test_another_process_reads_along(
        self, engine: Engine, ledger: SimulatedLedger, replica: Replica
    ) -> None:
        other = loaded(engine)
        assert not other.read_along()
        random, minutes = Random(11), itertools.count(1_800_000_000, 60)
        follower = Follower(ledger, replica, CONTRACTS, clock=lambda: float(next(minutes)))
        for step in range(12):
            stories.mine(random, ledger, random.randrange(1, 4))
            if step % 4 == 3:
                ledger.fork(max(0, len(ledger.blocks) - random.randrange(3, 9)))
                stories.mine(random, ledger, 9)
            await follower.catch_up()
            seen = other.feed.last_seq()
            while other.read_along():
                pass
            assert shown(other) == shown(replica)
            assert other.queries.freshness() == replica.queries.freshness()
            assert other.feed.last_seq() == replica.feed.last_seq() >= seen

    async def test_whoever_reads_along_keeps_its_answers_while_the_replica_is_built_anew(
        self, engine: Engine, follower: Follower, ledger: SimulatedLedger, replica: Replica
    ) -> None:
        ledger.mine(lambda it: it.publish(LIST, [3], 1))
        await follower.catch_up()
        other = loaded(engine)
        replica.rewind(-1)
        follower = Follower(ledger, replica, CONTRACTS, clock=lambda: 1_800_000_060.0)
        for batch in ledger.batches():
            while other.read_along():
                pass
            assert other.queries.status(LIST, 3).value == 1
            replica.apply([batch])
        await follower.catch_up()
        while other.read_along():
            pass
        assert shown(other) == shown(replica)

    def test_of_two_writers_the_second_is_told_and_writes_nothing(
        self, engine: Engine, replica: Replica, ledger: SimulatedLedger
    ) -> None:
        other = loaded(engine)
        replica.apply(ledger.batches()[:2])
        for act in (
            lambda: other.apply(ledger.batches()),
            lambda: other.rewind(0),
            lambda: other.confirm(1_800_000_000.0),
        ):
            with pytest.raises(Superseded):
                act()
            assert shown(loaded(engine)) == shown(replica)
        other.reconcile()
        other.apply(ledger.batches(after=1))
        with pytest.raises(Superseded):
            replica.apply(ledger.batches(after=1))
        replica.reconcile()
        assert shown(replica) == shown(other)

    async def test_one_follows_at_a_time_and_another_takes_over(
        self, engine: Engine, ledger: SimulatedLedger, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("registry.sharing.TRY_EVERY", 0.05)
        replicas = [loaded(engine) for _ in range(3)]
        shared = [
            SharedReplica(it, FollowerLock(engine), [Follower(ledger, it, CONTRACTS).run]) for it in replicas
        ]
        running = [asyncio.create_task(it.run()) for it in shared]
        try:
            async with asyncio.timeout(30):
                for entry in range(3):
                    ledger.mine(lambda it, entry=entry: it.publish(LIST, [entry], 1))
                    here = [it for it, task in zip(replicas, running, strict=True) if not task.done()]
                    while any(it.cursor != ledger.blocks[-1].header.stamp for it in here):
                        await asyncio.sleep(0.01)
                    assert all(it.queries.status(LIST, entry).value == 1 for it in here)
                    (leader,) = (n for n, it in enumerate(shared) if it.leads)
                    running[leader].cancel()
                    await asyncio.wait([running[leader]])
                    assert not shared[leader].leads
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        told = loaded(engine).feed.read(0)
        assert [it.seq for it in told] == list(range(1, len(told) + 1))
        assert all(it.kind is not ChangeKind.WITHDRAWN for it in told)

    async def test_a_database_that_cannot_be_written_to_is_found_out(
        self, engine: Engine, follower: Follower, ledger: SimulatedLedger, replica: Replica
    ) -> None:
        with crash_before_statement(engine, 3):
            running = asyncio.create_task(follower.run())
            async with asyncio.timeout(10):
                while follower.failure is None:
                    await asyncio.sleep(0.01)
                while follower.failure is not None:
                    await asyncio.sleep(0.01)
            running.cancel()
