"""Block production: transactions go to anvil's pool, blocks to the journal, and only then are they mined.

1. A transaction is handed to anvil's pool, which checks it; the sender has its answer.
2. A moment later (others may be on their way) the block's record is written to the journal and synced.
3. anvil mines it. From here on a restart, of anvil or of us, makes the same block again.
4. Now and then anvil's whole state is written as a snapshot, and the journal starts anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

from registry.chain.errors import LedgerError
from registry.chain.values import quantity
from registry.embedded.anvil import Anvil
from registry.embedded.errors import StateDamaged
from registry.embedded.journal import BlockRecord, Journal
from registry.embedded.state import StateDirectory

logger = logging.getLogger(__name__)

COALESCE = 0.015  # seconds between the first transaction of a block and the block
SNAPSHOT_BYTES = 16 * 2**20  # of journal, however few its blocks


class BlockProducer:
    """Makes the blocks of one running anvil. Not reusable once a method has raised: start another."""

    def __init__(
        self,
        anvil: Anvil,
        state: StateDirectory,
        journal: Journal,
        *,
        clock: Callable[[], float],
        heartbeat: float,
        snapshot_every: int,
    ) -> None:
        self._anvil = anvil
        self._state = state
        self._journal = journal
        self._clock = clock
        self._heartbeat = heartbeat  # seconds of idleness after which an empty block tells the time
        self._snapshot_every = snapshot_every  # blocks
        self._waiting: list[str] = []  # in anvil's pool, not in the journal yet
        self._arrived = asyncio.Event()
        self._turn = asyncio.Lock()  # the pool never changes between a block's record and the block
        self._stopping = False
        self._number, self._hash, self._time = 0, "", 0

    async def recover(self, waiting: list[str]) -> None:
        """Make the journal's blocks again, then hand over transactions whose senders already have an answer."""
        await self._look_at_head()
        last = None
        for record in self._journal:
            if record.number <= self._number:
                continue
            if record.number != self._number + 1:
                raise StateDamaged(
                    f"the journal goes on with block {record.number}, the state ends at {self._number}"
                )
            for raw in record.transactions:
                try:
                    await self._anvil.rpc.call("eth_sendRawTransaction", raw)
                except LedgerError as error:
                    raise StateDamaged(f"block {record.number} cannot be made again: {error}") from error
            await self._anvil.rpc.call("evm_mine", record.time)
            self._number, last = record.number, record
        if last is not None:
            await self._look_at_head()
            if (parent := await self._hash_of(last.number - 1)) != last.parent_hash:
                # Another version of anvil, say. The blocks say the same, under other hashes.
                logger.warning("block %d was %s and is now %s", last.number - 1, last.parent_hash, parent)
        for raw in waiting:
            with contextlib.suppress(LedgerError):
                await self.send(raw)

    async def send(self, raw: str) -> Any:
        """The transaction's hash, as anvil gives it. Raises LedgerError if anvil's pool refuses it."""
        async with self._turn:
            tx_hash = await self._anvil.rpc.call("eth_sendRawTransaction", raw)
            self._waiting.append(raw)
            self._arrived.set()
            return tx_hash

    @property
    def waiting(self) -> list[str]:
        """Accepted, and lost if anvil were started anew without them."""
        return list(self._waiting)

    async def run(self) -> None:
        """Until `stop`. Raises LedgerUnavailable if anvil is gone, OSError if the journal cannot be written."""
        while not self._stopping:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), self._heartbeat)
                await asyncio.sleep(COALESCE)
            async with self._turn:
                self._arrived.clear()
                if self._stopping and not self._waiting:
                    break
                mined = await self._make_block()
                if mined and await self._pool_has_more():
                    self._arrived.set()
                elif self._journal.records >= self._snapshot_every or self._journal.size >= SNAPSHOT_BYTES:
                    await self._snapshot()

    def stop(self) -> None:
        """Let `run` end after the block it is making."""
        self._stopping = True
        self._arrived.set()

    async def _make_block(self) -> int:
        """How many transactions it holds."""
        time = max(int(self._clock()), self._time)  # blocks of one second share its number; none is ahead of it
        record = BlockRecord(self._number + 1, time, self._hash, tuple(self._waiting))
        await asyncio.to_thread(self._journal.append, record)
        self._waiting.clear()
        await self._anvil.rpc.call("evm_mine", time)
        return await self._look_at_head()

    async def _snapshot(self) -> None:
        # What the pool still holds waits for an earlier nonce; as on any ledger, a pool is no promise. It is
        # dropped, so that later blocks do not depend on something that the snapshot does not hold.
        await self._anvil.rpc.call("anvil_dropAllTransactions")
        dump = await self._anvil.rpc.call("anvil_dumpState")
        await asyncio.to_thread(self._state.write_snapshot, bytes.fromhex(dump[2:]), self._number)
        await asyncio.to_thread(self._journal.clear)
        logger.info("snapshot of block %d", self._number)

    async def _pool_has_more(self) -> bool:
        """Transactions that did not fit into the block."""
        pool = await self._anvil.rpc.call("txpool_status")
        return quantity(pool["pending"], 64) > 0

    async def _look_at_head(self) -> int:
        """How many transactions it holds."""
        head = await self._anvil.rpc.call("eth_getBlockByNumber", "latest", False)
        self._number, self._hash = quantity(head["number"], 64), head["hash"]
        self._time = quantity(head["timestamp"], 64)
        return len(head["transactions"])

    async def _hash_of(self, number: int) -> Any:
        return (await self._anvil.rpc.call("eth_getBlockByNumber", hex(number), False))["hash"]
