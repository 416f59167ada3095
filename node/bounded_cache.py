"""What was worked out or looked up, kept within bounds."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

Value = TypeVar("Value")


class BoundedCache(Generic[Value]):
    """The entries used last: at most `capacity` of them, weighing at most `max_weight` together.

    Verification may run in threads: hence the lock.
    """

    def __init__(self, capacity: int, max_weight: int = 1 << 62) -> None:
        self._capacity = capacity
        self._max_weight = max_weight
        self._weight = 0
        self._entries: OrderedDict[str, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str) -> Value | None:
        with self._lock:
            found = self._entries.get(name)
            if found is None:
                return None
            self._entries.move_to_end(name)
            return found[0]

    def put(self, name: str, value: Value, weight: int = 0) -> None:
        with self._lock:
            self._drop(name)
            if weight > self._max_weight:
                return  # rather than pushing out all the others
            self._entries[name] = (value, weight)
            self._weight += weight
            while len(self._entries) > self._capacity or self._weight > self._max_weight:
                self._drop(next(iter(self._entries)))

    def remove(self, name: str) -> None:
        with self._lock:
            self._drop(name)

    def _drop(self, name: str) -> None:
        dropped = self._entries.pop(name, None)
        if dropped is not None:
            self._weight -= dropped[1]
