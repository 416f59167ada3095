"""When the Directory gives a contract a successor: what that had said before it was named counts from then on.

A successor is made, and may be prepared, before it takes over: a council has its members, lists have been
created anew. So its events up to the block that names it are read then, and put after those of that block. In
the blocks before, it is nobody; from the next block on, the contract it replaced is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from registry.bindings.addresses import ContractAddresses
from registry.bindings.decoder import decode
from registry.chain import BlockHeader, RangeTooLarge, RawLog
from registry.events import BlockBatch, DirectoryEntryChanged, LoggedEvent

AFTERWARDS = 1 << 32  # log indexes of events put after a block's own begin here


class PastSource(Protocol):
    """What is asked of a ledger."""

    async def header(self, block: int) -> BlockHeader | None: ...

    async def logs_in_range(self, first: int, last: int, addresses: Sequence[str]) -> list[RawLog]: ...


def renamed_by(contracts: ContractAddresses, batch: BlockBatch) -> ContractAddresses:
    """Where the contracts are after that block."""
    for logged in batch.events:
        if isinstance(logged.event, DirectoryEntryChanged):
            contracts = contracts.renamed(logged.event.name, logged.event.target)
    return contracts


async def up_to_a_successor(
    source: PastSource, batches: Sequence[BlockBatch], contracts: ContractAddresses, first_block: int
) -> tuple[list[BlockBatch], bool]:
    """The batches up to the first that names a successor, with that one's past; whether the block still stands.

    Those after it were read of the contracts before and are left out: read them again.
    """
    for place, batch in enumerate(batches):
        after = renamed_by(contracts, batch)
        new = [address for address in after.followed() if address not in contracts.followed()]
        if not new:
            continue
        logs = await _past(source, first_block, batch.stamp.number, new)
        now = await source.header(batch.stamp.number)
        past = tuple(
            LoggedEvent(decode(log), bytes.fromhex(log["transactionHash"][2:]), AFTERWARDS + number)
            for number, log in enumerate(logs)
        )
        stands = now is not None and now.stamp == batch.stamp
        return [*batches[:place], replace(batch, events=(*batch.events, *past))], stands
    return list(batches), True


async def _past(source: PastSource, first: int, last: int, addresses: Sequence[str]) -> list[RawLog]:
    """All logs of these contracts, in order, however few blocks the ledger gives at a time."""
    try:
        return await source.logs_in_range(first, last, addresses)
    except RangeTooLarge:
        if first == last:
            raise
        middle = (first + last) // 2
        earlier = await _past(source, first, middle, addresses)
        return [*earlier, *await _past(source, middle + 1, last, addresses)]
