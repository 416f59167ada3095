"""Draft the next database migration: `python -m scripts.draft_migration "what changes" NUMBER`.

Brings a database of its own up to the newest migration, compares it with the tables and writes the
difference into node/store/migrations/versions. Read it before you commit it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from node.store import tables as _node  # noqa: F401 (registers its tables)
from node.store.engine import create_engine, migrate, migration_settings
from registry.publisher import tables as _publisher  # noqa: F401 (registers its tables)
from registry.replica import tables as _replica  # noqa: F401 (registers its tables)


def main(message: str, number: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'draft.db'}")
        migrate(engine)
        with engine.begin() as connection:
            settings = migration_settings(connection)
            command.revision(settings, message, autogenerate=True, rev_id=number)
        engine.dispose()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit('usage: python -m scripts.draft_migration "what changes" NUMBER')
    main(sys.argv[1], sys.argv[2])
