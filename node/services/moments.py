"""When a block was: moments may be named by block number, and what a question needs is a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from node.errors import NotFound, Unavailable
from registry.chain import BlockHeader, LedgerError, LedgerUnavailable, WrongLedger
from registry.records import BlockStamp, Freshness


class Headers(Protocol):
    """The ledger, as far as this needs it."""

    async def header(self, block: int) -> BlockHeader | None:
        """Raises LedgerUnavailable, LedgerError, WrongLedger."""
        ...


class Moments:
    """Blocks that recorded something, and recent ones, are known here; of any other the ledger is asked."""

    def __init__(
        self,
        kept: Callable[[int], BlockStamp | None],
        freshness: Callable[[], Freshness],
        ledger: Headers,
    ) -> None:
        """`kept`: the newest block not above that number that is on record here; it may read a database."""
        self._kept = kept
        self._freshness = freshness
        self._ledger = ledger

    async def of_block(self, number: int) -> int:
        """Its time, Unix seconds. Raises NotFound outside of what is replicated, Unavailable."""
        fresh = self._freshness()
        if fresh.head is None:
            raise Unavailable("nothing has been replicated yet")
        if number > fresh.head.number:
            raise NotFound(f"block {number} is not on record here: the newest is block {fresh.head.number}")
        if fresh.first is not None and number < fresh.first.number:
            raise NotFound(f"the register begins with block {fresh.first.number}, after block {number}")
        before = await asyncio.to_thread(self._kept, number)
        if before is not None and before.number == number:
            return before.time
        try:
            header = await self._ledger.header(number)
        except (LedgerUnavailable, LedgerError, WrongLedger) as error:
            raise Unavailable(
                f"the time of block {number} is not on record here, and no ledger answers"
            ) from error
        earliest = before.time if before else 0
        if (
            header is None
            or header.stamp.number != number
            or not earliest <= header.stamp.time <= fresh.head.time
        ):
            raise Unavailable(f"the ledger and this node's copy of it disagree about block {number}")
        return header.stamp.time
