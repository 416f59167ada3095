"""What was looked up elsewhere: kept within bounds, failures too, and asked for once however many want it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from node.bounded_cache import BoundedCache
from node.clock import Clock

Value = TypeVar("Value")

MAX_RUNNING = 256  # look-ups at one time; more are told to come back


class TooManyLookups(Exception):
    """So much is being looked up that this has to wait: nothing was asked."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[Value]):
    """What a look-up gave, a failure too, and how long it may be kept."""

    value: Value
    ttl: float  # s
    weight: int = 0  # about how many bytes keeping it takes


class SharedLookups(Generic[Value]):
    """Answers that cost a journey. Those who want the same at one time share one, which outlives them."""

    def __init__(self, clock: Clock, *, capacity: int, max_weight: int, max_running: int = MAX_RUNNING) -> None:
        self._clock = clock
        self._kept: BoundedCache[tuple[float, Value]] = BoundedCache(capacity, max_weight)
        self._running: dict[str, asyncio.Task[Value]] = {}
        self._max_running = max_running

    async def get(self, name: str, look_up: Callable[[], Awaitable[Answer[Value]]]) -> Value:
        """What is kept under `name`, or what `look_up` gives. Raises TooManyLookups; what `look_up` raises."""
        kept = self._kept.get(name)
        if kept is not None and kept[0] > self._clock():
            return kept[1]
        task = self._running.get(name)
        if task is None:
            if len(self._running) >= self._max_running:
                raise TooManyLookups
            task = asyncio.get_running_loop().create_task(self._looked_up(name, look_up))
            self._running[name] = task
            task.add_done_callback(lambda _: self._running.pop(name, None))
        return await asyncio.shield(task)

    def forget(self, name: str) -> None:
        """The next call looks it up anew."""
        self._kept.remove(name)

    async def _looked_up(self, name: str, look_up: Callable[[], Awaitable[Answer[Value]]]) -> Value:
        answer = await look_up()
        self._kept.put(name, (self._clock() + answer.ttl, answer.value), answer.weight)
        return answer.value
