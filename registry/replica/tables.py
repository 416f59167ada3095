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


class ReplicaStatusUpdate(SQLModel, table=True):
    """A status update, as published."""

    __tablename__ = "replica_status_update"

    block_number: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    log_index: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    tx_hash: bytes = Field(sa_type=LargeBinary)
    list_id: bytes = Field(sa_type=LargeBinary)
    seq: int = Field(sa_type=BigInteger)
    head: bytes = Field(sa_type=LargeBinary)
    root: bytes = Field(sa_type=LargeBinary)
    effective_at: int = Field(sa_type=BigInteger)  # Unix seconds
    delta: bytes = Field(sa_type=LargeBinary)


class ReplicaChange(SQLModel, table=True):
    """The change feed. Rows are never deleted: a reorganisation adds withdrawals."""

    __tablename__ = "replica_change"
    __table_args__ = (Index("ix_replica_change_block_number", "block_number"),)

    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    kind: str
    subject: str  # the change's `key`
    block_number: int = Field(sa_type=BigInteger)
    block_hash: bytes = Field(sa_type=LargeBinary)
    block_time: int = Field(sa_type=BigInteger)  # Unix seconds
    entries: bytes = Field(sa_type=LargeBinary)  # the change's `values`, JSON; empty for none
    effective_at: int | None = Field(default=None, sa_type=BigInteger)
    withdraws: int | None = Field(default=None, sa_type=BigInteger, unique=True)


class ReplicaCursor(SQLModel, table=True):
    """One row: how far we have come."""

    __tablename__ = "replica_cursor"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int | None = Field(default=None, sa_type=BigInteger)  # None: before the first block
    last_change: int = Field(sa_type=BigInteger)
    confirmed_at: float  # Unix seconds
