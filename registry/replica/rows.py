"""Values to rows and back.

Status updates and changes, of which there are millions, lie together in one row a block: the former packed,
the latter as JSON. Any other event has a row of its own, its members as JSON with bytes in hex.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any, get_args

import orjson
from sqlalchemy import Row

from registry import events as ev
from registry.changes import Change, ChangeKind
from registry.records import BlockStamp, Standing, StatusPurpose, Terms

Values = dict[str, Any]

_UPDATE = struct.Struct(">I32s32sQ32s32sQI")
"""A status update: log index, transaction, list, number, head, root, effective at, length of the delta."""

_EVENTS: dict[str, type] = {it.__name__: it for it in get_args(ev.LedgerEvent)}
_MEMBERS: dict[str, Callable[[Any], Any]] = {
    "terms": lambda it: Terms(
        it["name"],
        tuple(it["credential_types"]),
        tuple(it["jurisdictions"]),
        it["valid_from"],
        it["valid_until"],
    ),
    "standing": Standing,
    "purpose": StatusPurpose,
    "head": bytes.fromhex,
    "root": bytes.fromhex,
    "list_id": bytes.fromhex,
    "document": bytes.fromhex,
    "proposal_id": bytes.fromhex,
    "salt": bytes.fromhex,
    "data": bytes.fromhex,
    "selector": bytes.fromhex,
    "governors": tuple,
}


def block_row(batch: ev.BlockBatch) -> Values:
    stamp = batch.stamp
    return {
        "number": stamp.number,
        "hash": stamp.hash,
        "parent_hash": batch.parent_hash,
        "time": stamp.time,
        "eventful": bool(batch.events),
    }


def event_row(logged: ev.LoggedEvent, block_number: int) -> Values:
    return {
        "block_number": block_number,
        "log_index": logged.log_index,
        "tx_hash": logged.tx_hash,
        "kind": type(logged.event).__name__,
        "payload": orjson.dumps(logged.event, default=bytes.hex),
    }


def event_of(row: Row[Any]) -> ev.LoggedEvent:
    members = orjson.loads(row.payload)
    for name, read in _MEMBERS.items():
        if name in members:
            members[name] = read(members[name])
    return ev.LoggedEvent(_EVENTS[row.kind](**members), row.tx_hash, row.log_index)


def status_updates_row(batch: ev.BlockBatch) -> Values | None:
    """The block's status updates one after another, each its fixed members and its delta; None: it has none."""
    parts: list[bytes] = []
    for logged in batch.events:
        event = logged.event
        if type(event) is ev.StatusPublished:
            parts += (
                _UPDATE.pack(
                    logged.log_index,
                    logged.tx_hash,
                    event.list_id,
                    event.seq,
                    event.head,
                    event.root,
                    event.effective_at,
                    len(event.delta),
                ),
                event.delta,
            )
    return {"block_number": batch.stamp.number, "payload": b"".join(parts)} if parts else None


def status_updates_of(payload: bytes) -> list[ev.LoggedEvent]:
    """Raises ValueError where the row is damaged."""
    found = []
    at, end = 0, len(payload)
    while at < end:
        try:
            log_index, tx_hash, list_id, seq, head, root, effective_at, size = _UPDATE.unpack_from(payload, at)
        except struct.error as error:
            raise ValueError(f"a row of status updates is cut short: {error}") from error
        at += _UPDATE.size
        delta = payload[at : at + size]
        if len(delta) != size:
            raise ValueError("a row of status updates is cut short")
        at += size
        event = ev.StatusPublished(list_id, seq, head, root, effective_at, delta)
        found.append(ev.LoggedEvent(event, tx_hash, log_index))
    return found


def changes_rows(changes: Iterable[Change]) -> list[Values]:
    """Numbered changes, those of the same block together."""
    made = []
    for stamp, group in groupby(changes, key=lambda it: it.stamp):
        those = list(group)
        members = [(it.kind, it.key, it.values, it.effective_at, it.withdraws) for it in those]
        made.append(
            {
                "first_seq": those[0].seq,
                "last_seq": those[-1].seq,
                "block_number": stamp.number,
                "block_hash": stamp.hash,
                "block_time": stamp.time,
                "payload": orjson.dumps(members),
            }
        )
    return made


def changes_of(row: Row[Any]) -> list[Change]:
    """Raises ValueError where the row is damaged."""
    stamp = BlockStamp(row.block_number, row.block_hash, row.block_time)
    members = orjson.loads(row.payload)
    if len(members) != row.last_seq - row.first_seq + 1:
        raise ValueError("a row of changes has lost some")
    return [
        Change(
            seq,
            ChangeKind(kind),
            key,
            stamp,
            tuple((entry, value) for entry, value in values),
            effective_at,
            withdraws,
        )
        for seq, (kind, key, values, effective_at, withdraws) in enumerate(members, row.first_seq)
    ]
