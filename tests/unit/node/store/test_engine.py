"""The database: how it is opened, and who waits for whom."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from node.errors import NotConfigured
from node.store.engine import create_engine, writing


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'deep' / 'node.db'}")
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    yield made
    made.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30_000)],
)
def test_sqlite_is_durable_and_checks_references(engine: Engine, pragma: str, value: object) -> None:
    with engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_the_file_is_its_owners_alone(engine: Engine, tmp_path: Path) -> None:
    for file in (tmp_path / "deep").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?uri=true&mode=memory",
        "mysql://host/db",
        "",
        "nonsense",
        "postgresql://me:hush@host:port/db",
        "me:hush@host/db",
    ],
)
def test_what_cannot_be_shared_or_is_unknown_is_refused(url: str) -> None:
    with pytest.raises(NotConfigured) as caught:
        create_engine(url)
    assert "hush" not in str(caught.value)


def test_postgresql_is_spoken_to_through_psycopg_and_the_password_is_not_shown() -> None:
    engine = create_engine("postgresql://user:word@host/db")
    assert engine.dialect.driver == "psycopg"
    assert "word" not in repr(engine)


def test_transactions_that_read_before_they_write_wait_for_each_other(engine: Engine) -> None:
    """With deferred transactions all but one of these would fail on a stale snapshot."""

    def count() -> None:
        for _ in range(10):
            with engine.begin() as connection:
                n = connection.execute(text("SELECT n FROM counter")).scalar_one()
                connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})
            with Session(writing(engine)) as session, session.begin():
                n = session.connection().execute(text("SELECT n FROM counter")).scalar_one()
                session.connection().execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    threads = [threading.Thread(target=count) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT n FROM counter")).scalar() == 120


def test_who_reads_does_not_wait_for_who_writes(engine: Engine) -> None:
    with engine.begin() as writer:
        writer.execute(text("UPDATE counter SET n = 7"))
        with engine.connect() as one, engine.connect() as another:
            assert one.execute(text("SELECT n FROM counter")).scalar() == 0
            assert another.execute(text("SELECT n FROM counter")).scalar() == 0


def test_a_failed_transaction_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(OperationalError), engine.begin() as connection:
        connection.execute(text("UPDATE counter SET n = 9"))
        connection.execute(text("CREATE TABLE another (n INTEGER)"))
        connection.execute(text("SELECT * FROM no_such_table"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT n FROM counter")).scalar() == 0
        assert (
            connection.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'another'")).scalar() == 0
        )


def test_errors_do_not_show_what_was_stored(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE named (name TEXT UNIQUE)"))
        connection.execute(text("INSERT INTO named VALUES (:name)"), {"name": "Ada Okafor"})
    with pytest.raises(IntegrityError) as raised, engine.begin() as connection:
        connection.execute(text("INSERT INTO named VALUES (:name)"), {"name": "Ada Okafor"})
    assert "Okafor" not in str(raised.value)
