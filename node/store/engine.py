"""The node's database: SQLite on one machine, PostgreSQL by URL, one code path above.

`engine.connect()` reads and never waits for a writer. `engine.begin()`, and any use of `writing(engine)`,
writes: on SQLite such a transaction begins IMMEDIATE, so that one which reads before it writes waits its
turn instead of failing on a stale snapshot.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from node.errors import NotConfigured

if TYPE_CHECKING:  # Alembic brings a template engine and a highlighter along: a fifth of a second, for one call
    from alembic.config import Config

BUSY_TIMEOUT = 30.0
"""Seconds a writer waits for another before it gives up."""

_WRITES = "goodstanding_writes"
_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x676F6F64  # any number that nobody else takes an advisory lock on


def create_engine(url: str) -> Engine:
    """An engine for `sqlite:///…` (a file, made when absent, readable by its owner alone) or `postgresql://…`.

    May be used from any thread. Raises NotConfigured for any other database, and for one in memory:
    threads and processes have to share it. No message holds the URL: it may hold a password.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise NotConfigured("GOODSTANDING_DATABASE_URL is not the address of a database") from None
    match parsed.get_backend_name():
        case "sqlite":
            return _sqlite(parsed)
        case "postgresql" | "postgres":
            return sqlalchemy.create_engine(
                parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True
            )
    raise NotConfigured(
        f"GOODSTANDING_DATABASE_URL: {parsed.get_backend_name()!r} is neither sqlite nor postgresql"
    )


def writing(engine: Engine) -> Engine:
    """The same database for a session that writes, and may read before it does."""
    return engine.execution_options(**{_WRITES: True})


def migrate(engine: Engine) -> None:
    """Bring the database to the newest shape, all of it or nothing, however many processes start at a time.

    On SQLite the transaction itself, begun IMMEDIATE, is the lock.
    """
    from alembic import command  # noqa: PLC0415 - see above

    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        command.upgrade(migration_settings(connection), "head")


def migration_settings(connection: Connection) -> Config:
    """Alembic's configuration for one open connection, which `migrations/env.py` works in."""
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _sqlite(url: URL) -> Engine:
    if url.database in (None, "", ":memory:") or url.query.get("mode") == "memory":
        raise NotConfigured("GOODSTANDING_DATABASE_URL: a database in memory cannot be shared: name a file")
    file = Path(str(url.database))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    engine = sqlalchemy.create_engine(
        url.set(drivername="sqlite+pysqlite"),
        connect_args={"timeout": BUSY_TIMEOUT, "check_same_thread": False},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    engine.begin = writing(engine).begin  # type: ignore[method-assign] # who says begin means to write
    return engine


def _configure_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin below, where we say how
    _enter_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")  # a commit that was reported survives a power cut
    connection.execute("PRAGMA foreign_keys = ON")


def _enter_wal(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging. SQLite does not wait for other processes doing the same: we do."""
    deadline = time.monotonic() + BUSY_TIMEOUT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")
