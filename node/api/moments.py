"""`?at=…&knownAt=…`: what held at one moment, as known at another. Each a timestamp or a block number.

Left out, `at` is now and `knownAt` is by now. "Licensed on 3 March, as known on 1 April" is
`?at=2026-03-03T00:00:00Z&knownAt=2026-04-01T00:00:00Z`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request

from node.api.presenters import timestamp
from node.api.problems import Problem
from node.api.services import Node, node_of
from node.errors import NotFound, Unavailable
from registry.records import NOW, AsOf

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
_NO_TIME = "Not an RFC 3339 timestamp with a time zone, such as 2026-03-03T00:00:00Z."
_BLOCK = re.compile(r"0|[1-9]\d{0,18}", re.ASCII)

At = Annotated[
    str | None, Query(description="What held then: an RFC 3339 timestamp or a block number; absent: now")
]
KnownAt = Annotated[
    str | None,
    Query(alias="knownAt", description="As recorded by then: a timestamp or a block number; absent: by now"),
]
PARAMETERS = [
    {"name": name, "in": "query", "required": False, "description": what, "schema": {"type": "string"}}
    for name, what in (
        ("at", "What held then: an RFC 3339 timestamp or a block number; absent: now"),
        ("knownAt", "As recorded by then: a timestamp or a block number; absent: by now"),
    )
]
"""The same for routes that read their requests themselves."""


async def moment(node: Node, at: str | None, known_at: str | None) -> AsOf:
    """The moment those two parameters name. Raises Problem 400, NotFound, Unavailable."""
    if at is None and known_at is None:
        return NOW
    asked = AsOf()
    if at is not None:
        block = _block(at)
        valid_at = seconds(at, "query/at") if block is None else await node.moments.of_block(block)
        asked = replace(asked, valid_at=valid_at)
    if known_at is not None:
        block = _block(known_at)
        known = seconds(known_at, "query/knownAt") if block is None else await node.moments.of_block(block)
        asked = replace(asked, block=block, known_at=known)
    return asked


async def recorded_moment(request: Request, at: At = None, known_at: KnownAt = None) -> AsOf:
    """Of a question about records: it must lie where there are any. Raises Problem, NotFound, Unavailable."""
    node = node_of(request)
    asked = await moment(node, at, known_at)
    for time in (asked.valid_at, asked.known_at):
        if time is not None:
            _ensure_on_record(node, time)
    return asked


Recorded = Annotated[AsOf, Depends(recorded_moment)]


def _ensure_on_record(node: Node, time: int) -> None:
    fresh, now = node.queries.freshness(), node.clock()
    if fresh.head is None:
        raise Unavailable("nothing has been replicated yet")
    if time > max(now, fresh.head.time):
        raise Problem(400, "malformed-request", "The moment asked about is still to come.")
    if fresh.first is not None and time < fresh.first.time:
        raise NotFound(f"the register begins on {timestamp(fresh.first.time)}, after the moment asked about")
    if time > fresh.head.time and (fresh.halted or now - fresh.reaches > node.settings.max_replica_age):
        raise Unavailable(f"this node's copy of the ledger reaches to {timestamp(fresh.reaches)} only")


async def as_of(node: Node, value: Any, where: str) -> AsOf:
    """`{block, knownAt, validAt}` of a body, each optional. Raises Problem 400, Unavailable."""
    if value is None:
        return NOW
    if not isinstance(value, Mapping) or not set(value) <= {"block", "knownAt", "validAt"}:
        raise Problem(
            400, "malformed-request", "asOf has the members block, knownAt and validAt.", member=where
        )
    block = value.get("block")
    if block is not None and (type(block) is not int or not 0 <= block < 1 << 63):
        raise Problem(400, "malformed-request", "block is not a block number.", member=f"{where}/block")
    known_at = seconds(value.get("knownAt"), f"{where}/knownAt")
    valid_at = seconds(value.get("validAt"), f"{where}/validAt")
    if block is not None and known_at is None and valid_at is None:
        with contextlib.suppress(NotFound):  # the verdict says that nothing is known of it
            known_at = await node.moments.of_block(block)
    return AsOf(block, known_at, valid_at)


def seconds(value: Any, where: str) -> int | None:
    """An RFC 3339 timestamp as Unix seconds. Raises Problem 400."""
    if value is None:
        return None
    if isinstance(value, str) and _TIMESTAMP.fullmatch(value):
        try:
            return int(datetime.fromisoformat(value).timestamp())
        except (ValueError, OverflowError):
            pass
    raise Problem(400, "malformed-request", _NO_TIME, member=where)


def _block(text: str) -> int | None:
    """A block number; None: it is none."""
    return int(text) if _BLOCK.fullmatch(text) and int(text) < 1 << 63 else None
