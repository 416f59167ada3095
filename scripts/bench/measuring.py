"""How durations are gathered and what is said of them."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one contender on one case. Durations in microseconds."""

    median: float
    p99: float
    calls: int

    @classmethod
    def of(cls, durations: Sequence[float]) -> Figures:
        """Of all calls of all rounds. `durations` must not be empty."""
        ordered = sorted(durations)
        last = len(ordered) - 1
        return cls(ordered[last // 2], ordered[min(last, round(last * 0.99))], len(ordered))


def timed(call: Callable[[], object], seconds: float) -> list[float]:
    """Call again and again for `seconds`, at least once; microseconds of each call."""
    gc.collect()
    durations = []
    clock = time.perf_counter_ns
    before = clock()
    end = before + int(seconds * 1e9)
    while True:
        call()
        after = clock()
        durations.append((after - before) / 1000)
        if after >= end:
            return durations
        before = after


def in_turn(
    contenders: Sequence[Callable[[float], list[float]]], *, rounds: int, seconds: float
) -> list[Figures]:
    """Let contenders take turns, so that a slow moment hits all of them; the first round only warms up."""
    gathered: list[list[float]] = [[] for _ in contenders]
    for turn in range(rounds + 1):
        for measure, durations in zip(contenders, gathered, strict=True):
            found = measure(seconds)
            if turn:
                durations.extend(found)
    return [Figures.of(durations) for durations in gathered]
