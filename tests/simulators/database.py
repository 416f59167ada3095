"""Databases for tests, in SQLite: a file of their own, or memory, with every table the program has."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Engine, event
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel

from node.store import tables as _tables  # noqa: F401 (registers its tables)
from node.store.engine import create_engine


class _ClosesItself(sqlite3.Connection):
    """Ends with whoever held it, and no test need see to that: left open, Python 3.13 would warn of it."""

    def __del__(self) -> None:
        self.close()


def sqlite_database(folder: Path) -> Engine:
    return _with_tables(create_engine(f"sqlite:///{folder / 'node.db'}"))


def database_in_memory() -> Engine:
    return _with_tables(
        sqlalchemy.create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    )


def _with_tables(engine: Engine) -> Engine:
    event.listen(engine, "do_connect", _let_it_close_itself)
    SQLModel.metadata.create_all(engine)
    return engine


def _let_it_close_itself(_dialect: Any, _record: Any, _arguments: Any, options: dict[str, Any]) -> None:
    options["factory"] = _ClosesItself
