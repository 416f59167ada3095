"""How far monitoring has followed the change feed: one row that whoever enrols or alerts takes a lock on."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from node.store.tables import MonitorPositionRow

_ONLY = 1


def position(session: Session) -> int:
    """The sequence number of the last change handled; 0 before the first."""
    return session.exec(select(MonitorPositionRow.seq).where(col(MonitorPositionRow.id) == _ONLY)).first() or 0


def lock_position(session: Session) -> int:
    """The same, held against every other transaction that asks, until this one ends."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = insert(MonitorPositionRow).values(id=_ONLY, seq=0).on_conflict_do_nothing()
    session.execute(first)
    # On SQLite the transaction holds the lock since it began; there FOR UPDATE is left out.
    return session.exec(
        select(MonitorPositionRow.seq).where(col(MonitorPositionRow.id) == _ONLY).with_for_update()
    ).one()


def move_position(session: Session, seq: int) -> None:
    """Everything up to `seq` is handled. Call with the lock held."""
    session.get_one(MonitorPositionRow, _ONLY).seq = seq
