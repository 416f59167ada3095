"""How a replica is kept at the head of its ledger, whatever ledger and database do: on any database."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from sqlalchemy import Engine

from registry.bindings.decoder import UndecodableEvent
from registry.chain import Finality, LedgerUnavailable, RawLog, WrongLedger
from registry.changes import ChangeKind
from registry.follower import Follower
from registry.records import AsOf
from registry.replica.replica import Replica
from tests.behaviours.registry.replicated import (
    DID,
    LIST,
    Replicated,
    changes_of,
    crash_before_statement,
    governs,
    loaded,
    ruled,
    shown,
    standing_changes,
)
from tests.simulators import stories
from tests.simulators.ledger import CONTRACTS, SimulatedLedger


class FollowingBehaviours(Replicated):
    async def test_it_follows(self, follower: Follower, ledger: SimulatedLedger, replica: Replica) -> None:
        assert await follower.catch_up()
        assert replica.cursor == ledger.blocks[-1].header.stamp
        assert replica.queries.freshness().confirmed_at == 1_800_000_000.0
        assert not await follower.catch_up()
        ledger.mine(lambda it: it.publish(LIST, [3], 1))
        assert await follower.catch_up()
        assert replica.queries.status(LIST, 3).value == 1
        assert replica.queries.issuer_id(DID) == 1
        pinned = replica.queries.pinned_document(DID)
        assert pinned is not None and pinned.version == 1

    @pytest.mark.parametrize("limit", [None, 700, 3, 1, 0])
    async def test_it_comes_from_far_behind(
        self, engine: Engine, follower: Follower, ledger: SimulatedLedger, replica: Replica, limit: int | None
    ) -> None:
        random = Random(3)
        stories.mine(random, ledger, 25)
        for _ in range(50):
            ledger.mine()
        stories.mine(random, ledger, 25)
        ledger.range_limit = limit
        await follower.catch_up()
        assert shown(replica) == shown(loaded(engine))
        assert replica.cursor == ledger.blocks[-1].header.stamp
        for uri, entry in ledger.contracts.lists.items():
            found = replica.queries.status_list(uri)
            assert found is not None and (found.head, found.intact) == (entry.head, True)

    @pytest.mark.parametrize("seed", range(4))
    async def test_after_any_reorganisation_it_is_what_a_new_one_would_be(
        self, engine: Engine, follower: Follower, ledger: SimulatedLedger, replica: Replica, seed: int
    ) -> None:
        random = Random(seed)
        for _ in range(9):
            stories.mine(random, ledger, random.randrange(1, 6))
            await follower.catch_up()
            kept = max(0, len(ledger.blocks) - 1 - random.randrange(1, 9))
            ledger.fork(kept)
            stories.mine(random, ledger, random.randrange(1, 12))
            while ledger.blocks[-1].header.stamp.number < replica.cursor.number:  # type: ignore[union-attr] # caught up
                ledger.mine()  # a shorter branch would be taken for a lag at first
            await follower.catch_up()
            for uri, entry in ledger.contracts.lists.items():
                found = replica.queries.status_list(uri)
                assert found is not None
                assert (found.head, found.seq, found.closed) == (entry.head, len(entry.updates), entry.closed)
            assert {it.uri for it in replica.queries.status_lists()} == set(ledger.contracts.lists)
            for block in ledger.blocks:
                assert governs(replica, AsOf(block=block.header.stamp.number)) == ruled(block.contracts.council)
            assert shown(loaded(engine)) == shown(replica)
        # What stands in the feed is what a replica that never saw the other branches would have told.
        stands = [
            (it.kind, it.key, it.stamp, it.values) for it in standing_changes(replica.feed.read(0, 10_000))
        ]
        assert stands == [(it.kind, it.key, it.stamp, it.values) for it in changes_of(ledger)]

    async def test_a_restored_ledger_is_a_reorganisation(
        self, follower: Follower, ledger: SimulatedLedger, replica: Replica, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ledger.mine(lambda it: it.publish(LIST, [3], 1))
        ledger.mine()
        await follower.catch_up()
        ledger.fork(2)
        await follower.catch_up()
        assert replica.queries.status(LIST, 3).value == 1  # perhaps it only lags: nothing is withdrawn yet
        monkeypatch.setattr("registry.follower.LAG_TOLERATED", 0.0)
        await follower.catch_up()
        assert replica.queries.status(LIST, 3).value == 0
        assert replica.cursor == ledger.blocks[2].header.stamp

    async def test_a_lagging_ledger_withdraws_nothing_and_confirms_nothing(
        self, ledger: SimulatedLedger, replica: Replica
    ) -> None:
        now = [100.0]
        follower = Follower(ledger, replica, CONTRACTS, clock=lambda: now[0])
        ledger.mine(lambda it: it.publish(LIST, [3], 1))
        await follower.catch_up()
        newest, now[0] = ledger.blocks.pop(), 200.0
        assert not await follower.catch_up()
        assert replica.queries.freshness().confirmed_at == 100.0
        ledger.blocks.append(newest)
        await follower.catch_up()
        assert replica.queries.freshness().confirmed_at == 200.0
        assert all(it.kind is not ChangeKind.WITHDRAWN for it in replica.feed.read(0))

    async def test_a_ledger_made_anew_is_read_anew_and_the_old_answers_stay_meanwhile(
        self, follower: Follower, ledger: SimulatedLedger, replica: Replica
    ) -> None:
        ledger.mine(lambda it: it.publish(LIST, [3], 1))
        await follower.catch_up()
        confirmed = replica.queries.freshness()
        ledger.blocks.clear()
        other = SimulatedLedger()
        other.fork(0)
        for _ in range(5):
            other.mine(lambda it: it.accredit("did:web:other.example") if not it.dids else [])
        # Not even the first block is the same.
        foreign = [block for block in other.blocks if block.header.stamp.number]
        ledger.blocks.extend([other.blocks[0], *foreign])
        seen: list[object] = []
        spoil = ledger.spoil

        def look(logs: list[RawLog]) -> list[RawLog]:
            seen.append(replica.queries.status(LIST, 3).value)
            return spoil(logs)

        ledger.spoil = look
        replica.rewind(-1)
        assert replica.queries.freshness() == confirmed
        await follower.catch_up()
        assert seen == [1]
        assert replica.queries.status_list(LIST) is None
        assert replica.queries.accreditation("did:web:other.example") is not None

    async def test_only_final_blocks_are_taken(self, replica: Replica) -> None:
        ledger = SimulatedLedger(Finality.confirmations(2))
        ledger.mine(lambda it: it.accredit(DID))
        follower = Follower(ledger, replica, CONTRACTS)
        await follower.catch_up()
        assert replica.cursor is None
        ledger.mine()
        ledger.mine()
        await follower.catch_up()
        assert replica.cursor is not None and replica.cursor.number == 1

    async def test_an_undecodable_event_halts_and_says_so(
        self, follower: Follower, ledger: SimulatedLedger, replica: Replica
    ) -> None:
        await follower.catch_up()
        ledger.mine(lambda it: it.publish(LIST, [3], 1))
        ledger.spoil = lambda logs: [{**log, "data": "0x00"} for log in logs]
        with pytest.raises(UndecodableEvent):
            await follower.catch_up()
        running = asyncio.create_task(follower.run())
        try:
            async with asyncio.timeout(10):
                while replica.queries.freshness().halted is None:
                    await asyncio.sleep(0.01)
                assert replica.queries.status(LIST, 3).value == 0
                ledger.spoil = lambda logs: logs  # another node behind the same address tells the truth
                while replica.queries.freshness().halted is not None:
                    await asyncio.sleep(0.01)
            assert replica.queries.status(LIST, 3).value == 1
        finally:
            running.cancel()

    async def test_a_network_file_of_another_ledger_is_found_out(
        self, follower: Follower, ledger: SimulatedLedger, replica: Replica
    ) -> None:
        """Its addresses are well formed, and nothing is there: silence would read as "not accredited"."""
        ledger.mine(lambda it: it.accredit("did:web:late.example"))
        ledger.deployed = ledger.deployed[:2]
        with pytest.raises(WrongLedger, match="no contract at"):
            await follower.catch_up()
        assert replica.cursor is None

    async def test_a_ledger_that_leaves_logs_out_is_noticed(
        self, follower: Follower, ledger: SimulatedLedger, replica: Replica
    ) -> None:
        await follower.catch_up()
        ledger.mine(lambda it: it.publish(LIST, [3], 1))
        ledger.spoil = lambda logs: []
        await follower.catch_up()
        ledger.spoil = lambda logs: logs
        ledger.mine(lambda it: it.publish(LIST, [4], 1))
        await follower.catch_up()
        assert not replica.queries.status(LIST, 4).list.intact

    async def test_logs_of_a_block_that_was_replaced_are_not_mixed_in(
        self, follower: Follower, ledger: SimulatedLedger, replica: Replica
    ) -> None:
        await follower.catch_up()
        ledger.mine(lambda it: it.publish(LIST, [3], 1))
        moved: list[int] = []

        def reorganise(logs: list[RawLog]) -> list[RawLog]:
            if not moved:
                moved.append(1)
                ledger.fork(2)
                ledger.mine(lambda it: it.publish(LIST, [5], 1))
                return [{**log, "blockHash": "0x" + "00" * 32} for log in logs]
            return logs

        ledger.spoil = reorganise
        await follower.catch_up()
        assert [replica.queries.status(LIST, index).value for index in (3, 5)] == [0, 1]

    async def test_blocks_are_read_again_when_another_address_took_over_meanwhile(
        self, follower: Follower, ledger: SimulatedLedger, replica: Replica
    ) -> None:
        """The second lags, and knows nothing of a log that the first would have shown."""
        await follower.catch_up()
        ledger.mine(lambda it: it.publish(LIST, [3], 1))

        def lagging(logs: list[RawLog]) -> list[RawLog]:
            ledger.turns += 1
            ledger.spoil = lambda logs: logs
            return []

        ledger.spoil = lagging
        await follower.catch_up()
        assert replica.queries.status(LIST, 3).value == 1

    async def test_it_outlasts_an_outage_of_the_ledger(
        self, follower: Follower, ledger: SimulatedLedger, replica: Replica
    ) -> None:
        ledger.down = True
        with pytest.raises(LedgerUnavailable):
            await follower.catch_up()
        running = asyncio.create_task(follower.run())
        try:
            async with asyncio.timeout(10):
                await asyncio.sleep(0.05)
                assert replica.cursor is None
                ledger.down = False
                while replica.cursor != ledger.blocks[-1].header.stamp:
                    await asyncio.sleep(0.01)
                ledger.mine(lambda it: it.publish(LIST, [3], 1))
                await replica.feed.wait(replica.feed.last_seq(), timeout=5)
                assert replica.queries.status(LIST, 3).value == 1
        finally:
            running.cancel()

    async def test_it_outlasts_an_outage_of_the_database(
        self, engine: Engine, follower: Follower, ledger: SimulatedLedger, replica: Replica
    ) -> None:
        with crash_before_statement(engine, 3):
            running = asyncio.create_task(follower.run())
            try:
                async with asyncio.timeout(10):
                    while replica.cursor != ledger.blocks[-1].header.stamp:
                        await asyncio.sleep(0.01)
            finally:
                running.cancel()
        assert shown(loaded(engine)) == shown(replica)

    async def test_it_reads_from_the_first_block_it_is_told(
        self, replica: Replica, ledger: SimulatedLedger
    ) -> None:
        await Follower(ledger, replica, CONTRACTS, first_block=1).catch_up()
        assert [stamp.number for stamp in replica.stamps(100, 100)] == [2, 1]

    async def test_built_anew_when_asked_readable_meanwhile(
        self, engine: Engine, follower: Follower, ledger: SimulatedLedger, replica: Replica
    ) -> None:
        ledger.mine(lambda it: it.publish(LIST, [3], 1))
        await follower.catch_up()
        before = shown(replica)
        follower.rebuild()
        ledger.down = True
        with pytest.raises(LedgerUnavailable):
            await follower.catch_up()
        assert replica.cursor is not None  # nothing is thrown away while nobody could tell it again
        ledger.down = False
        ledger.spoil = lambda logs: [{**log, "data": "0x00"} for log in logs]
        with pytest.raises(UndecodableEvent):
            await follower.catch_up()
        assert replica.rebuilding and shown(replica) == before
        ledger.spoil = lambda logs: logs
        await follower.catch_up()
        assert not replica.rebuilding
        assert shown(replica) == before == shown(loaded(engine))
