"""Run by Alembic. The connection, already in a transaction, comes from `node.store.engine.migrate`."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlmodel import AutoString, SQLModel


def plainly(kind: str, item: Any, _: object) -> str | Literal[False]:
    """Write strings into a new migration without SQLModel, which migrations then need not import."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String({item.length or ''})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite alters a table by making it anew
    render_item=plainly,
)
context.run_migrations()
