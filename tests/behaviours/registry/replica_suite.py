"""What a replica does on any database: run by one test class for each."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from registry.bindings.decoder import UndecodableEvent
from registry.chain import Finality, LedgerUnavailable, RawLog, WrongLedger
from registry.changes import Change, ChangeKind
from registry.follower import Follower
from registry.governance import ProposalState
from registry.records import NOW, AsOf, StatusPurpose
from registry.replica.follower_lock import FollowerLock
from registry.replica.projection import Projection
from registry.replica.replica import Replica
from registry.replica.state import LedgerState
from registry.replica.store import ReplicaDamaged, ReplicaStore, Superseded
from registry.sharing import SharedReplica
from tests.simulators import stories
from tests.simulators.council_model import CouncilModel
from tests.simulators.ledger import CONTRACTS, SimulatedLedger

DID, LIST = "did:web:board.example", "https://board.example/lists/first"


class Crash(SQLAlchemyError):
    """The connection broke."""


@contextmanager
def crash_before_statement(engine: Engine, number: int) -> Iterator[None]:
    """The database goes away before the `number`th statement of a transaction, or just before its commit."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            raise Crash

    event.listen(engine, "before_cursor_execute", count)
    event.listen(engine, "commit", count)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", count)
        event.remove(engine, "commit", count)


def tamper_with_deltas(engine: Engine, delta: bytes) -> None:
    """In the rows, of every status update that named one low bit."""
    with engine.begin() as db:
        for number, payload in db.execute(
            text("SELECT block_number, payload FROM replica_status_updates")
        ).all():
            tampered = bytes(payload)[: -len(delta)] + delta
            statement = "UPDATE replica_status_updates SET payload = :payload WHERE block_number = :number"
            db.execute(text(statement), {"payload": tampered, "number": number})


def loaded(engine: Engine) -> Replica:
    replica = Replica(engine)
    replica.load()
    return replica


def shown(replica: Replica) -> object:
    """Everything a reader could see."""
    q = replica.queries
    now = [
        [q.status(it.uri, index) for index in range(0, it.size, 37 if it.bits_per_entry == 1 else 5)]
        for it in q.status_lists()
    ]
    head = q.freshness().head
    past = AsOf(block=head.number - 3 if head else 0)
    return (
        head,
        q.issuers(),
        [(q.document_history(it.did), q.pinned_document(it.did, past)) for it in q.issuers()],
        q.status_lists(),
        [q.bits(it.uri) for it in q.status_lists()],
        [q.status_list(it.uri, past) for it in q.status_lists()],
        now,
        q.memberships(),
        [(q.membership(at), q.proposals(at), q.directory(at)) for at in (NOW, past)],
    )


def standing_changes(changes: list[Change]) -> list[Change]:
    """Those that were not withdrawn."""
    withdrawn = {change.withdraws for change in changes}
    return [it for it in changes if it.kind is not ChangeKind.WITHDRAWN and it.seq not in withdrawn]


def governs(replica: Replica, at: AsOf) -> object:
    """Who governed then, by which rules, and what waited for whom."""
    pending = {
        it.id: list(it.approvals) for it in replica.queries.proposals(at) if it.state is ProposalState.OPEN
    }
    it = replica.queries.membership(at)
    if it is None:
        return 0, 0, (), {}, pending
    rules = {(rule.target, rule.selector): (rule.quorum, rule.delay) for rule in it.rules}
    return it.epoch, it.quorum, it.governors, rules, pending


def ruled(model: CouncilModel) -> object:
    """The same by the contract."""
    rules = {
        (target, selector if any(selector) else None): given
        for (target, selector), given in model.rules.items()
    }
    return model.epoch, model.quorum, model.governors, rules, model.pending


class ReplicaBehaviours:
    """Subclasses give the fixture `engine`: a database with empty tables."""

    @pytest.fixture
    def replica(self, engine: Engine) -> Replica:
        return loaded(engine)

    @pytest.fixture
    def ledger(self) -> SimulatedLedger:
        ledger = SimulatedLedger()
        ledger.mine(lambda it: it.accredit(DID))
        ledger.mine(lambda it: it.create(1, LIST), lambda it: it.pin(DID, b'{"id":"did:web:board.example"}'))
        return ledger

    @pytest.fixture
    def follower(self, ledger: SimulatedLedger, replica: Replica) -> Follower:
        return Follower(ledger, replica, CONTRACTS, clock=lambda: 1_800_000_000.0)

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

    @pytest.mark.parametrize("statement", range(1, 12))
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

    @pytest.mark.parametrize("statement", range(1, 9))
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

    # --- following

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

    # --- several processes

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


def changes_of(ledger: SimulatedLedger) -> list[Change]:
    projection = Projection(LedgerState())
    return [change for batch in ledger.batches() for change in projection.apply(batch)]
