"""How durations are gathered and what is said of them."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one round of one contender on one case. Durations in microseconds."""

    median: float
    p99: float
    calls: int

    @classmethod
    def of(cls, durations: Sequence[float]) -> Figures:
        """Of all calls. `durations` must not be empty."""
        ordered = sorted(durations)
        last = len(ordered) - 1
        return cls(ordered[last // 2], ordered[min(last, round(last * 0.99))], len(ordered))


def timed(call: Callable[[], object], seconds: float) -> list[float]:
    """Call again and again for `seconds`, at least once; microseconds of processor time of each call.

    Of all threads of this process, and of no other: what else runs on the machine is not measured.
    """
    gc.collect()
    durations = []
    clock, now = time.process_time_ns, time.perf_counter
    end = now() + seconds
    while True:
        before = clock()
        call()
        durations.append((clock() - before) / 1000)
        if now() >= end:
            return durations


def in_turn(
    contenders: Sequence[Callable[[float], list[float]]], *, rounds: int, seconds: float
) -> list[Figures]:
    """Let contenders take turns, so that a slow moment hits all of them; the first round only warms up.

    Of each its least disturbed round: whatever else the machine does only ever makes a round slower.
    """
    gathered: list[list[Figures]] = [[] for _ in contenders]
    for turn in range(rounds + 1):
        for measure, figures in zip(contenders, gathered, strict=True):
            found = Figures.of(measure(seconds))
            if turn:
                figures.append(found)
    return [min(figures, key=lambda one: one.median) for figures in gathered]
