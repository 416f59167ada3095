"""Histories a page at a time: entries are numbered from 1, and the last number of a page asks for the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Query

MAX_PAGE = 1000
After = Annotated[int, Query(ge=0, lt=1 << 63, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]

T = TypeVar("T")


def page(history: Sequence[T], after: int, limit: int, shown: Callable[[T], dict[str, Any]]) -> dict[str, Any]:
    """`history`, oldest first, with each entry's `position`; `next`: the `after` of the next page, or null."""
    entries = history[after : after + limit]
    last = after + len(entries)
    return {
        "history": [{"position": after + n, **shown(entry)} for n, entry in enumerate(entries, 1)],
        "next": last if last < len(history) else None,
    }
