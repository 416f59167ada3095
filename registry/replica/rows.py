"""Values to rows and back. Events that are not status updates keep their members as JSON, bytes in hex."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, get_args

import orjson
from sqlalchemy import Row

from registry import events as ev
from registry.changes import Change, ChangeKind
from registry.records import BlockStamp, Standing, StatusPurpose, Terms

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


def status_update_row(logged: ev.LoggedEvent, event: ev.StatusPublished, block_number: int) -> Values:
    return {
        "block_number": block_number,
        "log_index": logged.log_index,
        "tx_hash": logged.tx_hash,
        "list_id": event.list_id,
        "seq": event.seq,
        "head": event.head,
        "root": event.root,
        "effective_at": event.effective_at,
        "delta": event.delta,
    }


def status_update_of(row: Row[Any]) -> ev.LoggedEvent:
    event = ev.StatusPublished(row.list_id, row.seq, row.head, row.root, row.effective_at, row.delta)
    return ev.LoggedEvent(event, row.tx_hash, row.log_index)


def change_row(change: Change) -> Values:
    return {
        "seq": change.seq,
        "kind": change.kind.value,
        "subject": change.key,
        "block_number": change.stamp.number,
        "block_hash": change.stamp.hash,
        "block_time": change.stamp.time,
        "entries": orjson.dumps(change.values) if change.values else b"",
        "effective_at": change.effective_at,
        "withdraws": change.withdraws,
    }


def change_of(row: Row[Any]) -> Change:
    values: Sequence[Sequence[int]] = orjson.loads(row.entries) if row.entries else ()
    return Change(
        seq=row.seq,
        kind=ChangeKind(row.kind),
        key=row.subject,
        stamp=BlockStamp(row.block_number, row.block_hash, row.block_time),
        values=tuple((entry, value) for entry, value in values),
        effective_at=row.effective_at,
        withdraws=row.withdraws,
    )
