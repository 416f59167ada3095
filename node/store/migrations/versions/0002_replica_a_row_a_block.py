"""The replica's status updates and changes: one row a block instead of one each."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op
from sqlalchemy import Connection

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_UPDATE = struct.Struct(">I32s32sQ32s32sQI")  # as it was when this was written


def upgrade() -> None:
    updates = op.create_table(
        "replica_status_updates",
        sa.Column("block_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("block_number"),
    )
    changes = op.create_table(
        "replica_changes",
        sa.Column("first_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("block_hash", sa.LargeBinary(), nullable=False),
        sa.Column("block_time", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("first_seq"),
    )
    with op.batch_alter_table("replica_changes", schema=None) as batch_op:
        batch_op.create_index("ix_replica_changes_block_number", ["block_number"], unique=False)
        batch_op.create_index("ix_replica_changes_last_seq", ["last_seq"], unique=False)
    db = op.get_bind()
    _copy(db, updates, _updates(db))
    _copy(db, changes, _changes(db))
    op.drop_table("replica_status_update")
    op.drop_table("replica_change")


def _copy(db: Connection, table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        db.execute(table.insert(), row)


def _updates(db: Connection) -> Iterator[dict[str, Any]]:
    found = db.execute(
        sa.text(
            "SELECT block_number, log_index, tx_hash, list_id, seq, head, root, effective_at, delta"
            " FROM replica_status_update ORDER BY block_number, log_index"
        )
    )
    for number, rows in groupby(found.all(), key=lambda row: row.block_number):
        parts = [
            _UPDATE.pack(
                row.log_index,
                bytes(row.tx_hash),
                bytes(row.list_id),
                row.seq,
                bytes(row.head),
                bytes(row.root),
                row.effective_at,
                len(row.delta),
            )
            + bytes(row.delta)
            for row in rows
        ]
        yield {"block_number": number, "payload": b"".join(parts)}


def _changes(db: Connection) -> Iterator[dict[str, Any]]:
    found = db.execute(sa.text("SELECT * FROM replica_change ORDER BY seq"))
    for (number, block_hash, time), rows in groupby(
        found.all(), key=lambda row: (row.block_number, bytes(row.block_hash), row.block_time)
    ):
        those = list(rows)
        members = [
            (
                row.kind,
                row.subject,
                orjson.loads(bytes(row.entries)) if row.entries else [],
                row.effective_at,
                row.withdraws,
            )
            for row in those
        ]
        yield {
            "first_seq": those[0].seq,
            "last_seq": those[-1].seq,
            "block_number": number,
            "block_hash": block_hash,
            "block_time": time,
            "payload": orjson.dumps(members),
        }
