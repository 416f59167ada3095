"""The replica's rows: written in one transaction a call, read back in ledger order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from heapq import merge
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, Table, delete, insert, select, update
from sqlmodel import SQLModel

from registry.changes import Change, ChangeKind
from registry.events import BlockBatch, LoggedEvent, StatusPublished
from registry.records import BlockStamp
from registry.replica import rows
from registry.replica.packed_updates import unpacked
from registry.replica.tables import (
    ReplicaBlock,
    ReplicaChanges,
    ReplicaCursor,
    ReplicaEvent,
    ReplicaStatusUpdates,
)

HEADERS_KEPT = 256  # of blocks that recorded nothing for us
CHUNK = 64  # rows read at a time: one may hold the updates of a whole block
FEW = 4  # the same, where few are wanted


class Cursor(NamedTuple):
    """How far the rows go."""

    stamp: BlockStamp | None
    last_change: int
    confirmed_at: float  # Unix seconds


class ReplicaStore:
    """Blocks, events and changes. One process writes; others may read the change feed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def append(
        self,
        batches: Sequence[BlockBatch],
        changes: Sequence[Change],
        cursor: Cursor,
        before: Cursor,
    ) -> None:
        """All of it or nothing. `before`: where the cursor stood; raises Superseded if it does not any more."""
        previous = before.stamp
        events = [
            rows.event_row(logged, batch.stamp.number)
            for batch in batches
            for logged in batch.events
            if type(logged.event) is not StatusPublished
        ]
        updates = [row for batch in batches if (row := rows.status_updates_row(batch))]
        with self._engine.begin() as db:
            _move(db, cursor, before)
            _insert(db, ReplicaBlock, [rows.block_row(batch) for batch in batches])
            _insert(db, ReplicaEvent, events)
            _insert(db, ReplicaStatusUpdates, updates)
            _insert(db, ReplicaChanges, rows.changes_rows(changes))
            if previous and cursor.stamp:
                # Only what grew old with this call: the rows of long ago are not looked at each time.
                block = _table(ReplicaBlock)
                db.execute(
                    delete(block).where(
                        block.c.number > previous.number - HEADERS_KEPT,
                        block.c.number <= cursor.stamp.number - HEADERS_KEPT,
                        ~block.c.eventful,
                    )
                )

    def remove_above(self, withdrawals: Sequence[Change], cursor: Cursor, before: Cursor) -> None:
        """Undo everything after the cursor, all or nothing. Changes stay; their withdrawals are added.

        Raises Superseded.
        """
        number = cursor.stamp.number if cursor.stamp else -1
        with self._engine.begin() as db:
            _move(db, cursor, before)
            for model, column in (
                (ReplicaStatusUpdates, "block_number"),
                (ReplicaEvent, "block_number"),
                (ReplicaBlock, "number"),
            ):
                table = _table(model)
                db.execute(delete(table).where(table.c[column] > number))
            _insert(db, ReplicaChanges, rows.changes_rows(withdrawals))

    def confirm(self, cursor: Cursor) -> None:
        """A ledger has confirmed it: others are told, and we know that we can write. Raises Superseded."""
        with self._engine.begin() as db:
            _move(db, cursor, cursor)

    def cursor(self) -> Cursor:
        cursor, block = _table(ReplicaCursor), _table(ReplicaBlock)
        with self._engine.connect() as db:
            at = db.execute(select(cursor)).one_or_none()
            if at is None:
                return Cursor(None, 0, 0.0)
            row = db.execute(select(block).where(block.c.number == at.number)).one_or_none()
        return Cursor(None if row is None else _stamp_of(row), at.last_change, at.confirmed_at)

    def stamps(self, below: int, limit: int) -> list[BlockStamp]:
        """Kept blocks with numbers below `below`, newest first."""
        block = _table(ReplicaBlock)
        query = select(block).where(block.c.number < below).order_by(block.c.number.desc()).limit(limit)
        with self._engine.connect() as db:
            return [_stamp_of(row) for row in db.execute(query)]

    def batches(self, after: int = -1) -> Iterator[BlockBatch]:
        """Every block above that recorded something, in order, as it was applied. Raises ReplicaDamaged."""
        block, event, status = _table(ReplicaBlock), _table(ReplicaEvent), _table(ReplicaStatusUpdates)
        with ExitStack() as stack:

            def read(query: Any) -> Iterator[Row[Any]]:
                # Ordered reads side by side need a connection each; rows are never held all at once.
                db = stack.enter_context(self._engine.connect())
                return iter(stack.enter_context(db.execution_options(yield_per=CHUNK).execute(query)))

            blocks = read(
                select(block).where(block.c.eventful, block.c.number > after).order_by(block.c.number)
            )
            events = read(
                select(event)
                .where(event.c.block_number > after)
                .order_by(event.c.block_number, event.c.log_index)
            )
            updates = read(select(status).where(status.c.block_number > after).order_by(status.c.block_number))
            parts: Iterable[tuple[int, list[LoggedEvent]]] = merge(
                ((row.block_number, [rows.event_of(row)]) for row in events),
                ((row.block_number, unpacked(row.payload)) for row in updates),
                key=lambda it: it[0],
            )
            for row, (number, found) in zip(blocks, groupby(parts, key=lambda it: it[0]), strict=True):
                if row.number != number:
                    raise ReplicaDamaged(
                        f"block {row.number} has lost its events, or block {number} its header"
                    )
                logged = [one for _, part in found for one in part]
                logged.sort(key=lambda it: it.log_index)
                yield BlockBatch(_stamp_of(row), row.parent_hash, tuple(logged))

    def changes(self, after: int, limit: int) -> list[Change]:
        """Numbered above `after`, in order."""
        table = _table(ReplicaChanges)
        query = select(table).where(table.c.last_seq > after).order_by(table.c.last_seq)
        found: list[Change] = []
        with self._engine.connect() as db, db.execution_options(yield_per=FEW).execute(query) as result:
            for row in result:
                found += (change for change in rows.changes_of(row) if change.seq > after)
                if len(found) >= limit:
                    break
        return found[:limit]

    def changes_above(self, number: int) -> list[Change]:
        """Changes of blocks above that are not withdrawn yet, newest first."""
        table = _table(ReplicaChanges)
        query = select(table).where(table.c.block_number > number).order_by(table.c.first_seq.desc())
        found: list[Change] = []
        withdrawn: set[int | None] = set()  # a withdrawal comes after what it withdraws, and names its block
        with self._engine.connect() as db:
            for row in db.execute(query):
                for change in reversed(rows.changes_of(row)):
                    if change.kind is ChangeKind.WITHDRAWN:
                        withdrawn.add(change.withdraws)
                    elif change.seq not in withdrawn:
                        found.append(change)
        return found


class Superseded(Exception):
    """Another process has written to the replica since we last did: nothing was written."""


class ReplicaDamaged(Exception):
    """The rows do not fit together: they were changed by somebody else."""


def _table(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined] # added by SQLModel's metaclass
    return table


def _insert(db: Connection, model: type[SQLModel], values: list[rows.Values]) -> None:
    if values:
        db.execute(insert(_table(model)), values)


def _move(db: Connection, cursor: Cursor, before: Cursor) -> None:
    """Of two processes that take each other's place at the same moment, the second finds the cursor moved."""
    table = _table(ReplicaCursor)
    values = {
        "number": cursor.stamp.number if cursor.stamp else None,
        "last_change": cursor.last_change,
        "confirmed_at": cursor.confirmed_at,
    }
    number = before.stamp.number if before.stamp else None
    stands = (table.c.id == 1, table.c.last_change == before.last_change)
    where = table.c.number.is_(None) if number is None else table.c.number == number
    if db.execute(update(table).where(*stands, where).values(values)).rowcount:
        return
    if db.execute(select(table.c.id)).first() is not None:
        raise Superseded
    db.execute(insert(table).values(id=1, **values))


def _stamp_of(row: Row[Any]) -> BlockStamp:
    return BlockStamp(row.number, row.hash, row.time)
