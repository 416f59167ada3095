"""What something took, and how it is printed."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable
from typing import NamedTuple


class Taken(NamedTuple):
    """Seconds: by the clock, of this process, of the one that checked for it."""

    passed: float
    ours: float
    its: float

    def told(self, updates: int) -> tuple[str, str]:
        cores = f"cores {self.ours:.1f} and {self.its:.1f} s"
        return f"{self.passed:.1f} s", f"{updates / self.passed:,.0f}/s; {cores}"


def by_two(work: Callable[[], object]) -> Taken:
    """What work takes that ends the second process in the end."""
    gc.collect()
    passed, ours, its = time.perf_counter(), time.process_time(), _of_children()
    work()
    return Taken(time.perf_counter() - passed, time.process_time() - ours, _of_children() - its)


def _of_children() -> float:
    its = resource.getrusage(resource.RUSAGE_CHILDREN)
    return its.ru_utime + its.ru_stime


def spent(work: Callable[[], object]) -> float:
    """Seconds of this process's time."""
    gc.collect()
    before = time.process_time()
    work()
    return time.process_time() - before


def line(what: str, figure: str, beside: str) -> None:
    print(f"| {what:<38} | {figure:>12} | {beside:<34} |", flush=True)
