"""Keeps a replica at the head of its ledger: blocks in order, reorganisations undone, outages outlasted."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from registry.bindings.addresses import ContractAddresses
from registry.bindings.decoder import UndecodableEvent
from registry.blocks import BlockReader, BlocksMoved, BlockSource, CursorReplaced
from registry.chain import LedgerError, LedgerUnavailable, WrongLedger
from registry.common_ancestor import common_ancestor
from registry.database_faults import fault_of
from registry.read_ahead import ReadAhead
from registry.records import BlockStamp
from registry.replica.errors import InconsistentLedger
from registry.replica.replica import Replica
from registry.replica.store import ReplicaDamaged, Superseded

log = logging.getLogger(__name__)

LOOK_EVERY = 30.0  # seconds, at most; the ledger's own polling is more frequent
BREATHER = 0.02  # seconds after a look that brought nothing, however eagerly new heads are announced
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0  # seconds between attempts during an outage
LAG_TOLERATED = 10.0  # seconds that a ledger may be behind us before we take it as restored


class Follower:
    """The one writer of a replica."""

    def __init__(
        self,
        ledger: BlockSource,
        replica: Replica,
        contracts: ContractAddresses,
        *,
        first_block: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Finality is the ledger's own. `contracts`: as the network began; the Directory says where they went.

        `first_block`: none before it holds an event of these contracts.
        """
        self._ledger = ledger
        self._replica = replica
        self._reader = ReadAhead(BlockReader(ledger, first_block))
        self._founded = contracts
        self._first_block = first_block
        self._clock = clock
        self._behind_us_since: float | None = None  # event loop time
        self.rebuild_wanted = False
        self.failure: str | None = None  # why the replica cannot be kept, for the node's health
        self._contracts_found = False

    def rebuild(self) -> None:
        """Have everything undone and read again, with the next look at the ledger. Call from the event loop."""
        self.rebuild_wanted = True

    async def run(self) -> None:
        """Until cancelled. Ledger and database may come and go."""
        pause = FIRST_PAUSE
        while True:
            try:
                progress = await self.catch_up()
                self.failure = None
                pause = FIRST_PAUSE
                if not progress:
                    await asyncio.sleep(BREATHER)
                await self._ledger.wait_for_head(LOOK_EVERY, self._known_head())
                continue
            except LedgerUnavailable as error:
                log.warning("ledger unavailable: %s", error)
            except LedgerError as error:
                log.warning("the ledger did not answer as asked: %s", error)
            except (UndecodableEvent, InconsistentLedger, WrongLedger) as error:
                log.error("replication halted: %s", error)
                self._replica.halt(str(error))
            except Superseded:
                log.warning("another process has written to the replica: reading what it wrote")
                await self._reconcile()
            except SQLAlchemyError as error:
                self.failure = "the replica's database cannot be written to"
                log.error("replica database: %s", fault_of(error))
                await self._reconcile()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def catch_up(self) -> bool:
        """One look at the ledger, and everything that follows from it; whether there was anything new.

        Raises LedgerUnavailable, LedgerError, WrongLedger; UndecodableEvent and InconsistentLedger, after which
        nothing more can be applied; Superseded, SQLAlchemyError.
        """
        try:
            return await self._catch_up()
        finally:
            await self._reader.stop()

    async def _catch_up(self) -> bool:
        progress = False
        while True:
            seen_at = self._clock()
            head = await self._ledger.final_head()
            if head is None:
                return progress
            if self.rebuild_wanted:  # not before the ledger answers: what we have is better than nothing
                await asyncio.to_thread(self._replica.rewind, -1)
                self.rebuild_wanted, progress = False, True
                log.warning("building the replica anew, as asked")
            target, cursor = head.stamp, self._replica.cursor
            await self._ensure_contracts(target)
            if cursor == target:
                self._behind_us_since = None
                await asyncio.to_thread(self._replica.confirm, seen_at)
                return progress
            first = self._first_block if cursor is None else cursor.number + 1
            if target.number < first:
                if cursor is None or not await self._replaced(cursor, target):
                    return progress
                await self._rewind(min(target.number, cursor.number))
                progress = True
                continue
            self._behind_us_since = None
            try:
                contracts = self._replica.state.governance.contracts(self._founded)
                batches = await self._reader.next_batches(cursor, target, contracts)
                if batches:
                    await asyncio.to_thread(self._replica.apply, batches)
            except CursorReplaced:
                await self._rewind(target.number)
            except BlocksMoved as moved:
                log.info("reading again: %s", moved)
                await asyncio.sleep(BREATHER)
            progress = True

    async def _ensure_contracts(self, head: BlockStamp) -> None:
        """Once: where none of our contracts are, a ledger would just say nothing. Raises WrongLedger."""
        if self._contracts_found or head.number < self._first_block:
            return
        for address in self._founded.followed():
            if not await self._ledger.code(address):
                raise WrongLedger(
                    f"there is no contract at {address}, which the network file names: it is not of this ledger"
                )
        self._contracts_found = True

    async def _replaced(self, cursor: BlockStamp, target: BlockStamp) -> bool:
        """Whether a ledger whose head is not above our cursor has taken another way.

        One that merely lags (another node behind the same address) stands on a block of ours; a restored
        one does so too at first, but it stays behind. To rewind for a lag would withdraw what is true.
        """
        ours = await asyncio.to_thread(self._replica.stamps, target.number + 1, 1)
        if cursor.number == target.number or (ours and ours[0].number == target.number and ours[0] != target):
            return True
        now = asyncio.get_running_loop().time()
        if self._behind_us_since is None:
            self._behind_us_since = now
            log.warning("the ledger is at block %d, behind our %d", target.number, cursor.number)
        return now - self._behind_us_since >= LAG_TOLERATED

    async def _rewind(self, below: int) -> None:
        """Back to the last block that we and the ledger have in common, not above `below`."""
        self._behind_us_since = None
        ancestor = await common_ancestor(self._ledger, self._replica, below)
        withdrawn = await asyncio.to_thread(self._replica.rewind, ancestor)
        back_to = "the start" if ancestor < 0 else f"block {ancestor}"
        log.warning("the ledger was reorganised: back to %s, %d changes undone", back_to, len(withdrawn))
        await asyncio.sleep(BREATHER)

    def _known_head(self) -> int | None:
        """The highest block whose announcement would be no news. A finality tag moves without one."""
        cursor = self._replica.cursor
        if cursor is None or self._ledger.finality.tag:
            return None
        return cursor.number + self._ledger.finality.depth

    async def _reconcile(self) -> None:
        """After a failed write nobody knows whether it took place: the rows do."""
        try:
            await asyncio.to_thread(self._replica.reconcile)
        except SQLAlchemyError as error:
            log.error("replica database: %s", fault_of(error))
        except ReplicaDamaged as error:
            log.error("replication halted: %s", error)
            self._replica.halt(str(error))
