"""Blocks of a ledger as batches of decoded events, so fetched that two branches are never mixed.

Near the head: every header in order, each the child of the one before, and the logs by block hash. Far
behind: logs in ranges whose length adapts, and the headers of the blocks they came from, read afterwards and
compared; both ends of the range must still stand where they stood.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import Protocol

from registry.bindings.addresses import ContractAddresses
from registry.bindings.decoder import decode
from registry.chain import BlockHeader, Finality, RangeTooLarge, RawLog, UnknownBlock
from registry.events import BlockBatch, LoggedEvent
from registry.records import BlockStamp
from registry.successors import up_to_a_successor

NEAR = 64  # blocks behind, at most, to go through every header
LONGEST_RANGE = 20_000  # blocks
MANY_LOGS = 10_000  # at a time: ask for a shorter range after so many, and for no further block near the head
GAP = 16  # headers of blocks this close to one another are read in one go


class BlockSource(Protocol):
    """What is asked of a ledger (`registry.chain.Ledger`). All of it raises LedgerUnavailable, LedgerError."""

    finality: Finality

    @property
    def turns(self) -> int: ...  # how often another address took over

    async def final_head(self) -> BlockHeader | None: ...

    async def header(self, block: int) -> BlockHeader | None: ...

    async def headers(self, first: int, last: int) -> list[BlockHeader]: ...

    async def logs_of_block(self, block_hash: bytes, addresses: Sequence[str]) -> list[RawLog]: ...

    async def logs_in_range(self, first: int, last: int, addresses: Sequence[str]) -> list[RawLog]: ...

    async def code(self, address: str) -> bytes: ...

    async def wait_for_head(self, timeout: float, known: int | None = None) -> None: ...  # noqa: ASYNC109 – running out is no error


class CursorReplaced(Exception):
    """The block we stand on is not on the ledger any more."""


class BlocksMoved(Exception):
    """The ledger changed while it was being read: read again."""


class BlockReader:
    """Reads on from a cursor. Remembers nothing but how long a range the ledger bears."""

    def __init__(self, source: BlockSource, first_block: int = 0) -> None:
        """`first_block`: none before it holds an event of our contracts."""
        self._source = source
        self._first_block = first_block
        self._addresses: tuple[str, ...] = ()
        self._range = 1024

    async def next_batches(
        self, cursor: BlockStamp | None, target: BlockStamp, contracts: ContractAddresses
    ) -> list[BlockBatch]:
        """Blocks after the cursor towards the target; not always all the way, nor past a contract's successor.

        `contracts`: where they are after the cursor's block.
        Raises CursorReplaced, BlocksMoved, UndecodableEvent.
        """
        self._addresses = contracts.followed()
        first, turns = self._first_block if cursor is None else cursor.number + 1, self._source.turns
        batches = await self._read(cursor, first, target)
        batches, stand = await up_to_a_successor(self._source, batches, contracts, self._first_block)
        if self._source.turns != turns:
            raise BlocksMoved("another address of the ledger took over while it was being read")
        if not stand:
            raise BlocksMoved(f"block {batches[-1].stamp.number} was replaced while being read")
        return batches

    async def _read(self, cursor: BlockStamp | None, first: int, target: BlockStamp) -> list[BlockBatch]:
        if target.number - first < NEAR:
            return await self._one_by_one(cursor, first, target.number)
        try:
            return await self._in_range(cursor, first, min(first + self._range - 1, target.number))
        except RangeTooLarge:
            if self._range == 1:
                return await self._one_by_one(cursor, first, first)
            self._range = max(1, self._range // 4)
            return []

    async def _one_by_one(self, cursor: BlockStamp | None, first: int, last: int) -> list[BlockBatch]:
        headers = await self._source.headers(first, last)
        if not headers:
            raise BlocksMoved(f"block {first} is gone")
        if cursor is not None and headers[0].parent_hash != cursor.hash:
            raise CursorReplaced(f"block {first} is no child of ours")
        _ensure_chained(headers)
        batches, read = [], 0
        for header in headers:
            if read > MANY_LOGS:
                break
            logs: list[RawLog] = []
            if header.may_hold_logs_of(self._addresses):
                try:
                    logs = await self._source.logs_of_block(header.stamp.hash, self._addresses)
                except UnknownBlock as error:
                    raise BlocksMoved(str(error)) from error
            batches.append(_batch(header, logs))
            read += len(logs)
        return batches

    async def _in_range(self, cursor: BlockStamp | None, first: int, last: int) -> list[BlockBatch]:
        end = await self._source.header(last)
        logs = await self._source.logs_in_range(first, last, self._addresses)
        if len(logs) > MANY_LOGS:
            self._range = max(1, self._range // 2)
        else:
            self._range = min(self._range * 2, LONGEST_RANGE)
        by_number = {number: list(found) for number, found in groupby(logs, key=_number)}
        headers: dict[int, BlockHeader] = {}
        for run_first, run_last in _runs([*by_number, last] if last not in by_number else by_number):
            found = await self._source.headers(run_first, run_last)
            _ensure_chained(found)
            headers.update((header.stamp.number, header) for header in found)
        start = None if cursor is None else await self._source.header(cursor.number)
        if cursor is not None and (start is None or start.stamp.hash != cursor.hash):
            raise CursorReplaced(f"block {cursor.number} is not ours")
        if end is None or headers.get(last) != end or any(number not in headers for number in by_number):
            raise BlocksMoved(f"blocks {first} to {last} changed while being read")
        wanted = sorted({*by_number, last})
        # Decoding many logs takes a while: not in the event loop.
        return await asyncio.to_thread(
            lambda: [_batch(headers[number], by_number.get(number, [])) for number in wanted]
        )


def _batch(header: BlockHeader, logs: Iterable[RawLog]) -> BlockBatch:
    block_hash = "0x" + header.stamp.hash.hex()
    events, transactions = [], dict[str, bytes]()
    for log in logs:
        if log["blockHash"] != block_hash:
            raise BlocksMoved(f"block {header.stamp.number} was replaced while being read")
        text = log["transactionHash"]
        tx_hash = transactions.get(text)
        if tx_hash is None:
            tx_hash = transactions[text] = bytes.fromhex(text[2:])
        events.append(LoggedEvent(decode(log), tx_hash, int(log["logIndex"], 16)))
    return BlockBatch(header.stamp, header.parent_hash, tuple(events))


def _ensure_chained(headers: Sequence[BlockHeader]) -> None:
    for parent, child in pairwise(headers):
        if child.parent_hash != parent.stamp.hash:
            raise BlocksMoved(f"block {child.stamp.number} does not follow")


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ascending numbers as (first, last) of runs without wide gaps."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number - runs[-1][1] <= GAP:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return runs


def _number(log: RawLog) -> int:
    return int(log["blockNumber"], 16)
