"""Migrations produce the tables the code knows: on either database, once, however many start at a time."""

from __future__ import annotations

import subprocess
import sys

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect
from sqlmodel import SQLModel

from node.store import tables as _node  # noqa: F401 (registers its tables)
from node.store.engine import migrate
from registry.publisher import tables as _publisher  # noqa: F401 (registers its tables)
from registry.replica import tables as _replica  # noqa: F401 (registers its tables)


def test_migrations_make_exactly_the_tables_of_the_code(engine: Engine) -> None:
    migrate(engine)
    migrate(engine)  # again: nothing to do
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_processes_that_start_together_migrate_once(url: str, engine: Engine) -> None:
    program = "import sys; from node.store.engine import *; migrate(create_engine(sys.argv[1]))"
    started = [
        subprocess.Popen([sys.executable, "-c", program, url], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in started:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    assert set(SQLModel.metadata.tables) <= set(inspect(engine).get_table_names())
