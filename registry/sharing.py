"""Several processes on one replica: one of them follows the ledger, the others read along and stand by."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError

from registry.database_faults import fault_of
from registry.replica.follower_lock import FollowerLock
from registry.replica.replica import Replica
from registry.replica.store import ReplicaDamaged

log = logging.getLogger(__name__)

READ_EVERY = 0.05  # seconds: what the follower wrote is in every process's memory within twice that
TRY_EVERY = 1.0  # seconds between attempts to take the follower's place, and between looks whether it is kept


class LockLost(Exception):
    """The connection that held the follower's lock is gone: another process may follow by now."""


class SharedReplica:
    """Runs what one process at a time may run, whenever that one is this process."""

    def __init__(
        self, replica: Replica, lock: FollowerLock, work: Sequence[Callable[[], Awaitable[None]]]
    ) -> None:
        """`work`: each is called anew whenever this process takes over, and cancelled when it must stop."""
        self._replica = replica
        self._lock = lock
        self._work = work
        self.leads = False
        self.failure: str | None = None  # why this process does not read along, for the node's health

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                if await self._acquired():
                    await self._lead()
                else:
                    await self._read_along()
        finally:
            self._lock.release()

    async def _acquired(self) -> bool:
        try:
            return await asyncio.to_thread(self._lock.acquire)
        except (SQLAlchemyError, OSError) as error:
            self.failure = "nobody may be following the ledger: its lock cannot be looked at"
            log.error("the follower's lock: %s", fault_of(error))
            return False

    async def _lead(self) -> None:
        """Until the lock is lost."""
        try:
            await asyncio.to_thread(self._replica.reconcile)
        except (SQLAlchemyError, ReplicaDamaged) as error:
            self.failure = "the replica's rows cannot be read"
            log.error("cannot take over the replica: %s", fault_of(error))
            await asyncio.to_thread(self._lock.release)
            await asyncio.sleep(TRY_EVERY)
            return
        log.info("following the ledger for all processes that share this database")
        self.leads, self.failure = True, None
        try:
            async with asyncio.TaskGroup() as group:
                for work in self._work:
                    group.create_task(_awaited(work))
                group.create_task(self._watch())
        except* LockLost:
            log.warning("the follower's lock was lost: standing by")
        finally:
            self.leads = False

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(TRY_EVERY)
            if not await asyncio.to_thread(self._lock.held):
                raise LockLost

    async def _read_along(self) -> None:
        """For a while."""
        deadline = asyncio.get_running_loop().time() + TRY_EVERY
        while asyncio.get_running_loop().time() < deadline:
            try:
                while await asyncio.to_thread(self._replica.read_along):
                    pass
                self.failure = None
            except (SQLAlchemyError, ReplicaDamaged) as error:
                self.failure = "the replica's rows cannot be read"
                log.error("cannot read the replica along: %s", fault_of(error))
            await asyncio.sleep(READ_EVERY)


async def _awaited(work: Callable[[], Awaitable[None]]) -> None:
    await work()
