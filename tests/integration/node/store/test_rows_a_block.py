"""Migration 0002 on rows of the old form, one for each status update and change: nothing is lost or altered."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from alembic import command
from sqlalchemy import Connection, Engine, text
from sqlmodel import col, select

from node.store.engine import create_engine, migrate, migration_settings
from registry.changes import ChangeKind
from registry.events import StatusPublished
from registry.replica.packed_updates import unpacked
from registry.replica.replica import Replica
from registry.replica.tables import (
    ReplicaBlock,
    ReplicaCursor,
    ReplicaEvent,
    ReplicaStatusUpdates,
)
from tests.simulators import stories
from tests.simulators.ledger import SimulatedLedger

UNALTERED = (ReplicaBlock, ReplicaEvent, ReplicaCursor)  # the same before and after


def history(engine: Engine) -> Replica:
    """A replica's rows as they are written now: a random story, part of it withdrawn again."""
    migrate(engine)
    replica, ledger = Replica(engine), SimulatedLedger()
    replica.load()
    stories.mine(Random(6), ledger, 60)
    replica.apply(ledger.batches())
    replica.rewind(45)
    replica.apply(ledger.batches(after=45))
    replica.confirm(1_800_000_000.0)
    kinds = {change.kind for change in replica.feed.read(0, 10_000)}
    assert {ChangeKind.STATUS, ChangeKind.WITHDRAWN} < kinds
    return replica


def rows(engine: Engine, *tables: Any) -> list[list[dict[str, Any]]]:
    with engine.connect() as db:
        return [
            [
                {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}
                for row in db.execute(
                    select(table).order_by(col(next(iter(table.__table__.primary_key))))
                ).mappings()
            ]
            for table in tables
        ]


def insert(db: Connection, table: str, members: dict[str, Any]) -> None:
    names = ", ".join(members)
    db.execute(
        text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(':' + name for name in members)})"), members
    )


def write_as_before(engine: Engine, replica: Replica, found: Engine) -> None:
    """The same history in a database of the first migration, a row for each update and change."""
    with engine.begin() as db:
        command.upgrade(migration_settings(db), "0001")
        for table, members in zip(UNALTERED, rows(found, *UNALTERED), strict=True):
            for row in members:
                db.execute(table.__table__.insert(), row)
        (updates,) = rows(found, ReplicaStatusUpdates)
        for row in updates:
            for logged in unpacked(row["payload"]):
                event = logged.event
                assert isinstance(event, StatusPublished)
                members = {
                    name: getattr(event, name) for name in ("list_id", "seq", "head", "root", "effective_at")
                }
                placed = {"block_number": row["block_number"], "log_index": logged.log_index}
                insert(
                    db,
                    "replica_status_update",
                    {**placed, "tx_hash": logged.tx_hash, **members, "delta": event.delta},
                )
        for change in replica.feed.read(0, 10_000):
            insert(
                db,
                "replica_change",
                {
                    "seq": change.seq,
                    "kind": change.kind.value,
                    "subject": change.key,
                    "block_number": change.stamp.number,
                    "block_hash": change.stamp.hash,
                    "block_time": change.stamp.time,
                    "entries": orjson.dumps(change.values) if change.values else b"",
                    "effective_at": change.effective_at,
                    "withdraws": change.withdraws,
                },
            )


@pytest.fixture
def before(tmp_path: Path) -> Engine:
    return create_engine(f"sqlite:///{tmp_path / 'before.db'}")


def test_rows_of_the_old_form_become_those_of_the_new(engine: Engine, before: Engine) -> None:
    replica = history(before)
    write_as_before(engine, replica, before)

    migrate(engine)

    assert rows(engine, ReplicaStatusUpdates, *UNALTERED) == rows(before, ReplicaStatusUpdates, *UNALTERED)
    again = Replica(engine)
    again.load()
    assert again.state.head == replica.state.head
    assert {key: one.past() for key, one in again.state.lists.items()} == {
        key: one.past() for key, one in replica.state.lists.items()
    }
    assert again.feed.read(0, 10_000) == replica.feed.read(0, 10_000)
    before.dispose()
