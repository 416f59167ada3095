"""A clock that stands still until told otherwise."""

from __future__ import annotations


class SimulatedClock:
    """Implements `node.clock.Clock`."""

    def __init__(self, now: int = 1_795_000_000) -> None:  # 2026-11-18
        self.now = now

    def __call__(self) -> float:
        return float(self.now)

    def advance(self, seconds: int) -> int:
        self.now += seconds
        return self.now
