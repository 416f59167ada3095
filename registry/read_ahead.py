"""Reads on while the blocks before are applied: both take about as long where there is much to catch up with.

Of what was read ahead nothing counts that was not asked for in the end: after the same block, of the same
contracts. The reader compares what it reads with the block it goes on from, so nothing more has to be checked.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from registry.bindings.addresses import ContractAddresses
from registry.events import BlockBatch
from registry.records import BlockStamp
from registry.successors import renamed_by


class Reader(Protocol):
    """`registry.blocks.BlockReader`, which does one thing at a time."""

    async def next_batches(
        self, cursor: BlockStamp | None, target: BlockStamp, contracts: ContractAddresses
    ) -> list[BlockBatch]: ...


class ReadAhead:
    """A reader that begins with the next blocks as soon as it has given some, up to the target."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._ahead: asyncio.Task[list[BlockBatch]] | None = None
        self._wanted: tuple[BlockStamp | None, ContractAddresses] | None = None  # what that reads

    async def next_batches(
        self, cursor: BlockStamp | None, target: BlockStamp, contracts: ContractAddresses
    ) -> list[BlockBatch]:
        """As `BlockReader` gives and raises them."""
        if self._ahead is not None and self._wanted == (cursor, contracts):
            ahead, self._ahead = self._ahead, None
            batches = await ahead
        else:
            await self.stop()
            batches = await self._reader.next_batches(cursor, target, contracts)
        if batches and batches[-1].stamp.number < target.number:
            for batch in batches:
                contracts = renamed_by(contracts, batch)
            self._wanted = batches[-1].stamp, contracts
            self._ahead = asyncio.create_task(
                self._reader.next_batches(batches[-1].stamp, target, contracts), name="read ahead"
            )
        return batches

    async def stop(self) -> None:
        """Nobody is going to ask for what is being read ahead; whatever it met meanwhile is of no interest."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.cancel()
            await asyncio.gather(ahead, return_exceptions=True)
