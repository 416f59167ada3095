"""Databases for tests: a SQLite file of their own, with every table the program has."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import SQLModel

from node.store import tables as _tables  # noqa: F401 (registers its tables)
from node.store.engine import create_engine


def sqlite_database(folder: Path) -> Engine:
    engine = create_engine(f"sqlite:///{folder / 'node.db'}")
    SQLModel.metadata.create_all(engine)
    return engine
