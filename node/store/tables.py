"""The node's own tables. Times are Unix seconds; lists and issuers are named as on the ledger."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class EnrolmentRow(SQLModel, table=True):
    """A credential somebody is relied on for. The credential itself is sealed."""

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("credential_digest", "reference", name="uq_enrolments_credential_reference"),
        Index("ix_enrolments_issuer_did", "issuer_did"),
        Index("ix_enrolments_reference", "reference"),
    )

    id: str = Field(primary_key=True, max_length=32)
    reference: str  # the relying party's own identifier of the person
    credential_digest: str = Field(max_length=64)  # SHA-256 of the secured credential, hex
    issuer_did: str
    valid_until: int | None = Field(default=None, sa_type=BigInteger)
    sealed: bytes
    decision: str  # the latest
    decided_at: int = Field(sa_type=BigInteger)
    enrolled_at: int = Field(sa_type=BigInteger)
    since_seq: int = Field(sa_type=BigInteger)  # changes up to this one are in the decision it was enrolled on


class WatchedEntryRow(SQLModel, table=True):
    """A status entry an enrolled credential names, or one inside it: found by list and index when that bit
    flips."""

    __tablename__ = "watched_entries"
    __table_args__ = (Index("ix_watched_entries_list_index", "list_uri", "entry_index"),)

    enrolment_id: str = Field(primary_key=True, foreign_key="enrolments.id", ondelete="CASCADE", max_length=32)
    position: int = Field(primary_key=True)  # its own `credentialStatus` first, then those inside it
    list_uri: str
    entry_index: int
    purpose: str
    member: str = Field(default="", sa_column_kwargs={"server_default": ""})  # JSON pointer; empty: its own


class WatchedIssuerRow(SQLModel, table=True):
    """The issuer of a credential inside an enrolled one."""

    __tablename__ = "watched_issuers"
    __table_args__ = (Index("ix_watched_issuers_did", "did"),)

    enrolment_id: str = Field(primary_key=True, foreign_key="enrolments.id", ondelete="CASCADE", max_length=32)
    position: int = Field(primary_key=True)
    did: str
    member: str  # JSON pointer to that credential


class AlertRow(SQLModel, table=True):
    """Something that somebody has to know. Outlives the enrolment it is about."""

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "change_seq", "kind", "entry_index", name="uq_alerts_occasion"),
        Index("ix_alerts_change_seq", "change_seq"),
        {"sqlite_autoincrement": True},  # a number is never given twice: clients page by it
    )

    id: int | None = Field(default=None, primary_key=True)
    enrolment_id: str = Field(max_length=32)
    reference: str
    kind: str
    detail: str
    subject: str  # list address or issuer DID the change was about
    entry_index: int  # -1: not about an entry of a list
    member: str = Field(default="", sa_column_kwargs={"server_default": ""})  # of the credential inside it
    previous_decision: str
    decision: str
    change_seq: int = Field(sa_type=BigInteger)
    block_number: int = Field(sa_type=BigInteger)
    block_hash: bytes
    block_time: int = Field(sa_type=BigInteger)
    effective_at: int | None = Field(default=None, sa_type=BigInteger)
    created_at: int = Field(sa_type=BigInteger)
    acknowledged_at: int | None = Field(default=None, sa_type=BigInteger)
    acknowledged_by: str = ""


class MonitorPositionRow(SQLModel, table=True):
    """How far monitoring has followed the change feed: one row, moved in the transaction of the alerts."""

    __tablename__ = "monitor_position"

    id: int = Field(default=1, primary_key=True)
    seq: int = Field(sa_type=BigInteger)


class DeliveryRow(SQLModel, table=True):
    """An alert on its way to one endpoint."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("alert_id", "endpoint", name="uq_deliveries_alert_endpoint"),
        Index("ix_deliveries_due", "endpoint", "state", "next_attempt_at"),
    )

    id: str = Field(primary_key=True, max_length=32)  # the Webhook-Id: the same on every attempt
    alert_id: int = Field(foreign_key="alerts.id")
    endpoint: str  # its URL
    state: str = Field(max_length=16)
    attempts: int = 0
    next_attempt_at: float
    last_error: str = ""
    created_at: int = Field(sa_type=BigInteger)
    delivered_at: int | None = Field(default=None, sa_type=BigInteger)
