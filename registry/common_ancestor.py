"""Where a replica and its ledger parted ways."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from registry.chain import BlockHeader
from registry.records import BlockStamp


class HeaderSource(Protocol):
    """What is asked of a ledger."""

    async def header(self, block: int) -> BlockHeader | None: ...


class KeptBlocks(Protocol):
    """What is asked of a replica."""

    def stamps(self, below: int, limit: int) -> Sequence[BlockStamp]: ...


async def common_ancestor(ledger: HeaderSource, replica: KeptBlocks, below: int) -> int:
    """The last block that both have, not above `below`. -1: there is none, everything has to be built anew."""
    upper, count = below + 1, 16
    while stamps := await asyncio.to_thread(replica.stamps, upper, count):
        if await _has(ledger, stamps[-1]):
            low, high = 0, len(stamps) - 1  # the newest that is on the ledger, by halves
            while low < high:
                middle = (low + high) // 2
                if await _has(ledger, stamps[middle]):
                    high = middle
                else:
                    low = middle + 1
            return stamps[high].number
        upper, count = stamps[-1].number, min(count * 4, 4096)
    return -1


async def _has(ledger: HeaderSource, stamp: BlockStamp) -> bool:
    header = await ledger.header(stamp.number)
    return header is not None and header.stamp.hash == stamp.hash
