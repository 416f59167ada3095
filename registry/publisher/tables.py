"""The outbox's tables. Each state is committed before the step that it announces is taken."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

_UNSETTLED = text("state = 'unsettled'")


class OutboxAction(SQLModel, table=True):
    """Something a participant wants done on the ledger. State: queued → signed → done | failed."""

    __tablename__ = "outbox"

    id: int | None = Field(default=None, primary_key=True)
    idempotency_key: str | None = Field(default=None, unique=True)
    action: bytes = Field(sa_type=LargeBinary)  # see action_json.py
    state: str = Field(index=True, max_length=10)
    created_at: float  # Unix seconds
    attempts: int = 0  # transactions that the ledger mined and the contract refused
    transaction_id: int | None = Field(default=None, index=True)  # in flight, or the last one
    complete: bool = False  # whether that transaction is all that was still to do
    tx_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    block_number: int | None = Field(default=None, sa_type=BigInteger)
    block_hash: bytes | None = Field(default=None, sa_type=LargeBinary)
    block_time: int | None = Field(default=None, sa_type=BigInteger)  # Unix seconds
    error: str | None = None


class OutboxTransaction(SQLModel, table=True):
    """A signed transaction. State: unsettled → settled (final on the ledger) | abandoned (it never will be)."""

    __tablename__ = "outbox_transaction"
    # Two processes on one database cannot both use a nonce.
    __table_args__ = (
        Index(
            "uq_outbox_transaction_nonce",
            "sender",
            "nonce",
            unique=True,
            sqlite_where=_UNSETTLED,
            postgresql_where=_UNSETTLED,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    sender: str = Field(max_length=42)  # checksummed address
    nonce: int = Field(sa_type=BigInteger)
    raw: bytes = Field(sa_type=LargeBinary)
    tx_hash: bytes = Field(sa_type=LargeBinary)
    state: str = Field(index=True, max_length=10)
    created_at: float  # Unix seconds
