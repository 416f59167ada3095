"""What is logged of a database that fails: which fault it is, never what was to be stored."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from registry.database_faults import fault_of


def test_a_full_disk_is_told_from_a_read_only_one(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (name TEXT PRIMARY KEY)"))
        connection.execute(text("PRAGMA max_page_count = 1"))
        with pytest.raises(OperationalError) as full:
            connection.execute(text("INSERT INTO t VALUES (:name)"), {"name": "secret" * 10_000})
    assert fault_of(full.value) == "OperationalError, SQLITE_FULL"
    with engine.connect() as connection:
        connection.execute(text("PRAGMA query_only = 1"))
        with pytest.raises(OperationalError) as read_only:
            connection.execute(text("INSERT INTO t VALUES ('secret')"))
    assert fault_of(read_only.value) == "OperationalError, SQLITE_READONLY"
    engine.dispose()


def test_a_fault_of_postgresql_is_told_by_its_sqlstate() -> None:
    assert fault_of(OperationalError("INSERT", {}, psycopg.errors.DiskFull("no space for 'secret'"))) == (
        "DiskFull, 53100"
    )


def test_a_fault_without_a_code_is_told_by_its_name() -> None:
    assert fault_of(IntegrityError("INSERT", {}, sqlite3.IntegrityError("secret"))) == "IntegrityError"
    assert fault_of(OSError("secret")) == "OSError"
