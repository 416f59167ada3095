"""The replica's rows: written in one transaction a call, read back in ledger order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, Row, Table, delete, exists, insert, select, update
from sqlmodel import SQLModel

from registry.changes import Change, ChangeKind
from registry.events import BlockBatch, LoggedEvent, StatusPublished
from registry.records import BlockStamp
from registry.replica import rows
from registry.replica.tables import (
    ReplicaBlock,
    ReplicaChange,
    ReplicaCursor,
    ReplicaEvent,
    ReplicaStatusUpdate,
)

HEADERS_KEPT = 256  # of blocks that recorded nothing for us
CHUNK = 10_000  # rows read at a time


@dataclass(frozen=True, slots=True)
class Cursor:
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
        previous: BlockStamp | None,
    ) -> None:
        """All of it or nothing. `previous`: where the cursor stood."""
        events, updates = [], []
        for batch in batches:
            for logged in batch.events:
                number = batch.stamp.number
                if isinstance(logged.event, StatusPublished):
                    updates.append(rows.status_update_row(logged, logged.event, number))
                else:
                    events.append(rows.event_row(logged, number))
        with self._engine.begin() as db:
            _insert(db, ReplicaBlock, [rows.block_row(batch) for batch in batches])
            _insert(db, ReplicaEvent, events)
            _insert(db, ReplicaStatusUpdate, updates)
            _insert(db, ReplicaChange, [rows.change_row(change) for change in changes])
            _move(db, cursor)
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

    def remove_above(self, withdrawals: Sequence[Change], cursor: Cursor) -> None:
        """Undo everything after the cursor, all or nothing. Changes stay; their withdrawals are added."""
        number = cursor.stamp.number if cursor.stamp else -1
        with self._engine.begin() as db:
            for model, column in (
                (ReplicaStatusUpdate, "block_number"),
                (ReplicaEvent, "block_number"),
                (ReplicaBlock, "number"),
            ):
                table = _table(model)
                db.execute(delete(table).where(table.c[column] > number))
            _insert(db, ReplicaChange, [rows.change_row(change) for change in withdrawals])
            _move(db, cursor)

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

    def batches(self) -> Iterator[BlockBatch]:
        """Every block that recorded something, in order, as it was applied."""
        block, event, status = _table(ReplicaBlock), _table(ReplicaEvent), _table(ReplicaStatusUpdate)
        with ExitStack() as stack:

            def read(query: Any) -> Iterator[Row[Any]]:
                # Ordered reads side by side need a connection each; rows are never held all at once.
                db = stack.enter_context(self._engine.connect())
                return iter(stack.enter_context(db.execution_options(yield_per=CHUNK).execute(query)))

            blocks = read(select(block).where(block.c.eventful).order_by(block.c.number))
            events = read(select(event).order_by(event.c.block_number, event.c.log_index))
            updates = read(select(status).order_by(status.c.block_number, status.c.log_index))
            logged: Iterable[tuple[int, int, LoggedEvent]] = merge(
                ((row.block_number, row.log_index, rows.event_of(row)) for row in events),
                ((row.block_number, row.log_index, rows.status_update_of(row)) for row in updates),
                key=lambda it: it[:2],
            )
            for row, (number, found) in zip(blocks, groupby(logged, key=lambda it: it[0]), strict=True):
                if row.number != number:
                    raise ReplicaDamaged(
                        f"block {row.number} has lost its events, or block {number} its header"
                    )
                yield BlockBatch(_stamp_of(row), row.parent_hash, tuple(it[2] for it in found))

    def changes(self, after: int, limit: int) -> list[Change]:
        change = _table(ReplicaChange)
        query = select(change).where(change.c.seq > after).order_by(change.c.seq).limit(limit)
        with self._engine.connect() as db:
            return [rows.change_of(row) for row in db.execute(query)]

    def changes_above(self, number: int) -> list[Change]:
        """Changes of blocks above that are not withdrawn yet, newest first."""
        change = _table(ReplicaChange)
        withdrawal = change.alias()
        query = (
            select(change)
            .where(change.c.block_number > number, change.c.kind != ChangeKind.WITHDRAWN.value)
            .where(~exists().where(withdrawal.c.withdraws == change.c.seq))
            .order_by(change.c.seq.desc())
        )
        with self._engine.connect() as db:
            return [rows.change_of(row) for row in db.execute(query)]


class ReplicaDamaged(Exception):
    """The rows do not fit together: they were changed by somebody else."""


def _table(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined] # added by SQLModel's metaclass
    return table


def _insert(db: Connection, model: type[SQLModel], values: list[rows.Values]) -> None:
    if values:
        db.execute(insert(_table(model)), values)


def _move(db: Connection, cursor: Cursor) -> None:
    values = {
        "number": cursor.stamp.number if cursor.stamp else None,
        "last_change": cursor.last_change,
        "confirmed_at": cursor.confirmed_at,
    }
    table = _table(ReplicaCursor)
    if db.execute(update(table).where(table.c.id == 1).values(values)).rowcount == 0:
        db.execute(insert(table).values(id=1, **values))


def _stamp_of(row: Row[Any]) -> BlockStamp:
    return BlockStamp(row.number, row.hash, row.time)
