"""When Python looks for reference cycles.

It does so every 700 new objects, and now and then through everything there is, in the middle of somebody's
verification. What is there once a node has started stays; what a verification makes is freed by reference
counts, as nothing in a verdict refers back. So the former is left alone, and the rest is looked through seldom.
Nor does a replica make any, however many objects it makes of the rows or blocks that it reads: to look for them
takes an eighth of the time that loading takes.
"""

from __future__ import annotations

import gc

_YOUNG = 20_000  # new objects before the youngest are looked at: some thirty verifications
_MIDDLE, _OLD = 20, 20  # rounds of the next younger ones


def collect_seldom() -> None:
    """For a process that is going to serve: before anything is loaded."""
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)


def settle_memory() -> None:
    """For a process that has started and is going to serve: once, after everything is loaded."""
    collect_seldom()
    gc.collect()
    gc.freeze()
