"""Which of the things recorded, in ledger order, a question asked as of some moment may use."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import TypeVar

from registry.records import AsOf, BlockStamp

T = TypeVar("T")


def reached(stamp: BlockStamp, at: AsOf) -> bool:
    """Whether what this block recorded was known at the moment asked about."""
    return (at.block is None or stamp.number <= at.block) and (at.known_at is None or stamp.time <= at.known_at)


def known(recorded: Sequence[T], at: AsOf, stamp: Callable[[T], BlockStamp]) -> int:
    """How many of the things recorded, oldest first, were known. Block times never go back."""
    count = len(recorded)
    if at.block is not None:
        count = bisect_right(recorded, at.block, hi=count, key=lambda it: stamp(it).number)
    if at.known_at is not None:
        count = bisect_right(recorded, at.known_at, hi=count, key=lambda it: stamp(it).time)
    return count
