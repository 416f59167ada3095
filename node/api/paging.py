"""Listings and histories a page at a time: entries are numbered from 1, and the last number of a page asks for
the next. What comes later comes at the end, so that no page misses or repeats an entry of another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Request

from node.api.presenters import stamp_json
from node.api.services import Node, node_of
from node.errors import NotFound

MAX_PAGE = 1000
After = Annotated[int, Query(ge=0, lt=1 << 63, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """The page asked for."""

    node: Node
    after: int
    limit: int

    def of(
        self, entries: Sequence[T], shown: Callable[[T], dict[str, Any]], name: str = "history"
    ) -> dict[str, Any]:
        """Oldest first, each with its `position`; `next`: the `after` of the next page, or null."""
        found = entries[self.after : self.after + self.limit]
        last = self.after + len(found)
        return {
            name: [{"position": self.after + n, **shown(entry)} for n, entry in enumerate(found, 1)],
            "next": last if last < len(entries) else None,
            "asOf": stamp_json(self.node.queries.freshness().head),
        }

    def of_history(
        self, entries: Sequence[T], shown: Callable[[T], dict[str, Any]], missing: str
    ) -> dict[str, Any]:
        """The same of what cannot be empty. Raises NotFound, saying `missing`, where it is."""
        if not entries:
            raise NotFound(missing)
        return self.of(entries, shown)


async def _asked(request: Request, after: After = 0, limit: Limit = 100) -> Page:
    return Page(node_of(request), after, limit)


Paged = Annotated[Page, Depends(_asked)]
