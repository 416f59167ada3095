"""Migration 0003 on enrolments made before it: watched as they were, and the operator is told."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, text
from sqlmodel import Session

from node.monitoring.concerned import touched_by
from node.monitoring.enrolment import WatchedEntry
from node.store.engine import migrate, migration_settings
from registry.changes import Change, ChangeKind
from registry.records import BlockStamp

LIST, BOARD = "https://board.example/lists/1", "did:web:board.example"
STAMP = BlockStamp(7, bytes(32), 1_800_000_000)
ENROLMENT = {
    "reference": "employee-815",
    "credential_digest": "00" * 32,
    "issuer_did": BOARD,
    "valid_until": None,
    "sealed": b"sealed",
    "decision": "accept",
    "decided_at": 1_800_000_000,
    "enrolled_at": 1_800_000_000,
    "since_seq": 3,
}


def insert(db: Connection, table: str, **members: Any) -> None:
    names = ", ".join(members)
    db.execute(
        text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(':' + name for name in members)})"), members
    )


def test_they_are_watched_as_they_were(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    with engine.begin() as db:
        command.upgrade(migration_settings(db), "0002")
        insert(db, "enrolments", id="1", **ENROLMENT)
        for position, index in enumerate((4711, 4712)):
            entry = {"list_uri": LIST, "entry_index": index, "purpose": "revocation"}
            insert(db, "watched_entries", enrolment_id="1", position=position, **entry)

    with caplog.at_level(logging.WARNING):
        migrate(engine)

    assert "credentials enrolled already: 1." in caplog.text
    for change in (
        Change(4, ChangeKind.STATUS, LIST, STAMP, ((4712, 1),)),
        Change(5, ChangeKind.ISSUER, BOARD, STAMP),
    ):
        with Session(engine) as session:
            (found,) = touched_by(session, change)
        assert found.watched == tuple(WatchedEntry(LIST, index, "revocation") for index in (4711, 4712))
        assert found.enclosed_issuers == ()


def test_where_nobody_was_enrolled_there_is_nothing_to_tell(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        migrate(engine)
    assert caplog.text == ""
