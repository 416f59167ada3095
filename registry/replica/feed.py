"""The change feed: rows that survive restarts, and a wake-up within the process as soon as there are more."""

from __future__ import annotations

import asyncio
import contextlib
import threading

from registry.changes import Change
from registry.replica.store import ReplicaStore


class ChangeFeed:
    """Read from any thread; waited for in any event loop."""

    def __init__(self, store: ReplicaStore) -> None:
        self._store = store
        self._last_seq = 0
        self._lock = threading.Lock()
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}

    def read(self, after: int, limit: int = 1000) -> list[Change]:
        """Changes numbered above `after`, in order. Asks the database: in a thread of its own, please."""
        return self._store.changes(after, limit)

    def last_seq(self) -> int:
        """The number of the newest change; 0: there is none yet."""
        return self._last_seq

    async def wait(self, after: int, timeout: float) -> bool:  # noqa: ASYNC109 – running out is an answer, no error
        """Until there is a change numbered above `after` (True), or the time is up, in seconds (False)."""
        event = asyncio.Event()
        with self._lock:
            if self._last_seq > after:
                return True
            self._waiting[event] = asyncio.get_running_loop()
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), timeout)
        finally:
            with self._lock:
                self._waiting.pop(event, None)
        return self._last_seq > after

    def announce(self, last_seq: int) -> None:
        """Called by the replica, from whichever thread, once the changes are committed."""
        with self._lock:
            self._last_seq = last_seq
            waiting, self._waiting = self._waiting, {}
        for event, loop in waiting.items():
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits there any more
                loop.call_soon_threadsafe(event.set)
