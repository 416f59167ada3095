"""The replica's tables. Derived from the ledger alone: dropping them costs a new synchronisation, no more."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlmodel import Field, SQLModel


class ReplicaBlock(SQLModel, table=True):
    """A block that recorded something for us, or one recent enough to be an ancestor in a reorganisation."""

    __tablename__ = "replica_block"

    number: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    hash: bytes = Field(sa_type=LargeBinary)
    parent_hash: bytes = Field(sa_type=LargeBinary)
    time: int = Field(sa_type=BigInteger)  # Unix seconds
    eventful: bool


class ReplicaEvent(SQLModel, table=True):
    """Any event but a status update: see `rows.py` for the payload."""

    __tablename__ = "replica_event"

    block_number: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    log_index: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    tx_hash: bytes = Field(sa_type=LargeBinary)
    kind: str
    payload: bytes = Field(sa_type=LargeBinary)


class ReplicaStatusUpdates(SQLModel, table=True):
    """All status updates of one block, as published: a row each would be most of the work of a replica."""

    __tablename__ = "replica_status_updates"

    block_number: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    payload: bytes = Field(sa_type=LargeBinary)  # see `rows.py`


class ReplicaChanges(SQLModel, table=True):
    """The change feed: the changes of one block, numbered from `first_seq` to `last_seq`.

    Rows are never deleted: a reorganisation adds withdrawals, under the blocks of what they withdraw.
    """

    __tablename__ = "replica_changes"
    __table_args__ = (
        Index("ix_replica_changes_block_number", "block_number"),
        Index("ix_replica_changes_last_seq", "last_seq"),
    )

    first_seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    last_seq: int = Field(sa_type=BigInteger)
    block_number: int = Field(sa_type=BigInteger)
    block_hash: bytes = Field(sa_type=LargeBinary)
    block_time: int = Field(sa_type=BigInteger)  # Unix seconds
    payload: bytes = Field(sa_type=LargeBinary)  # see `rows.py`


class ReplicaCursor(SQLModel, table=True):
    """One row: how far we have come."""

    __tablename__ = "replica_cursor"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int | None = Field(default=None, sa_type=BigInteger)  # None: before the first block
    last_change: int = Field(sa_type=BigInteger)
    confirmed_at: float  # Unix seconds
