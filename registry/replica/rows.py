"""Values to rows and back.

Status updates and changes, of which there are millions, lie together in one row a block: the former packed,
the latter as JSON. Any other event has a row of its own, its members as JSON with bytes in hex.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any, get_args

import orjson
from sqlalchemy import Row

from registry import events as ev
from registry.changes import Change, ChangeKind
from registry.records import BlockStamp, Standing, StatusPurpose, Terms
from registry.replica.packed_updates import packed

Values = dict[str, Any]

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
    """None: the block has none."""
    payload = packed(batch)
    return {"block_number": batch.stamp.number, "payload": payload} if payload else None


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
