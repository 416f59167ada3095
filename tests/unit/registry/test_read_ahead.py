"""Blocks read ahead are given to whoever asks for just those, and to nobody else."""

from __future__ import annotations

import asyncio
from hashlib import sha256

import pytest

from registry.bindings.addresses import ContractAddresses
from registry.events import BlockBatch, DirectoryEntryChanged, LoggedEvent
from registry.read_ahead import ReadAhead
from registry.records import BlockStamp
from tests.simulators.raw_logs import CONTRACTS

AT_ONCE = 10  # blocks
SUCCESSOR = "0x" + "5" * 40


def stamp(number: int, branch: str = "") -> BlockStamp:
    return BlockStamp(number, sha256(f"{branch}{number}".encode()).digest(), 5 * number)


class ScriptedReader:
    """Gives AT_ONCE blocks at a time, when let go on; notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, ContractAddresses]] = []
        self.reading = 0
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.failure: Exception | None = None
        self.renaming: int | None = None  # the block that names a successor

    async def next_batches(
        self, cursor: BlockStamp | None, target: BlockStamp, contracts: ContractAddresses
    ) -> list[BlockBatch]:
        after = -1 if cursor is None else cursor.number
        self.asked.append((after, contracts))
        assert not self.reading, "it does one thing at a time"
        self.reading += 1
        try:
            await self.go_on.wait()
            if self.failure:
                raise self.failure
        finally:
            self.reading -= 1
        last = min(after + AT_ONCE, target.number)
        return [BlockBatch(stamp(n), stamp(n - 1).hash, self._events(n)) for n in range(after + 1, last + 1)]

    def _events(self, number: int) -> tuple[LoggedEvent, ...]:
        if number != self.renaming:
            return ()
        return (LoggedEvent(DirectoryEntryChanged("Council", 2, SUCCESSOR), bytes(32), 0),)


async def settled() -> None:
    """What can go on has gone on."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_next_blocks_are_read_while_those_before_are_applied() -> None:
    reader, target = ScriptedReader(), stamp(3 * AT_ONCE)
    ahead, cursor, seen = ReadAhead(reader), None, 0
    while cursor != target:
        batches = await ahead.next_batches(cursor, target, CONTRACTS)
        cursor = batches[-1].stamp
        await settled()  # they are applied
        seen += len(batches)
        there = cursor == target
        assert reader.asked[-1] == (cursor.number - len(batches) if there else cursor.number, CONTRACTS)
    assert seen == target.number + 1
    assert len(reader.asked) == len(set(reader.asked))  # nothing was read twice


async def test_nothing_is_read_beyond_the_target() -> None:
    reader = ScriptedReader()
    ahead = ReadAhead(reader)
    await ahead.next_batches(None, stamp(AT_ONCE - 1), CONTRACTS)
    await settled()
    assert [after for after, _ in reader.asked] == [-1]


@pytest.mark.parametrize("changed", ["cursor", "contracts"])
async def test_what_nobody_asked_for_is_dropped(changed: str) -> None:
    reader, target = ScriptedReader(), stamp(1000)
    ahead = ReadAhead(reader)
    given = await ahead.next_batches(None, target, CONTRACTS)
    reader.go_on.clear()  # it is still reading when something else is asked for
    await settled()
    asyncio.get_running_loop().call_soon(reader.go_on.set)
    if changed == "cursor":
        cursor, contracts = stamp(3, "another branch"), CONTRACTS
    else:
        cursor, contracts = given[-1].stamp, CONTRACTS.renamed("Council", SUCCESSOR)
    batches = await ahead.next_batches(cursor, target, contracts)
    assert batches[0].stamp.number == cursor.number + 1
    assert (cursor.number, contracts) in reader.asked
    await ahead.stop()


async def test_after_a_successor_is_named_its_events_are_read_ahead() -> None:
    reader, target = ScriptedReader(), stamp(1000)
    reader.renaming = 4
    ahead = ReadAhead(reader)
    await ahead.next_batches(None, target, CONTRACTS)
    await settled()
    assert reader.asked[-1] == (AT_ONCE - 1, CONTRACTS.renamed("Council", SUCCESSOR))
    await ahead.stop()


async def test_a_failure_reaches_who_asks_and_is_over_then() -> None:
    reader, target = ScriptedReader(), stamp(1000)
    ahead = ReadAhead(reader)
    cursor = (await ahead.next_batches(None, target, CONTRACTS))[-1].stamp
    reader.failure = ConnectionError("gone")
    await settled()
    with pytest.raises(ConnectionError):
        await ahead.next_batches(cursor, target, CONTRACTS)
    reader.failure = None
    assert (await ahead.next_batches(cursor, target, CONTRACTS))[0].stamp.number == cursor.number + 1
    await ahead.stop()


async def test_stopped_nothing_is_left_running() -> None:
    reader = ScriptedReader()
    ahead = ReadAhead(reader)
    await ahead.next_batches(None, stamp(1000), CONTRACTS)
    reader.go_on.clear()
    await settled()
    assert reader.reading
    await ahead.stop()
    assert not reader.reading
    assert asyncio.all_tasks() == {asyncio.current_task()}
