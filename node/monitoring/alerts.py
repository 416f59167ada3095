"""Alerts: findings as recorded, for people and clients to read and acknowledge."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from node.clock import Clock
from node.errors import NotFound
from node.monitoring.rules import FindingKind
from node.store.engine import writing
from node.store.tables import AlertRow
from node.verification.verdict import Decision
from registry.records import BlockStamp

NO_ENTRY = -1
"""How the table says that an alert is not about an entry of a list."""


@dataclass(frozen=True, slots=True)
class Alert:
    """What somebody has to know. Times are Unix seconds."""

    id: int  # ascends: page by it
    enrolment_id: str
    reference: str  # the relying party's own identifier of the person
    kind: FindingKind
    detail: str
    subject: str  # list address or issuer DID the change was about
    entry_index: int | None
    previous_decision: Decision
    decision: Decision  # of verifying again; INDETERMINATE when that could not be done
    change_seq: int
    stamp: BlockStamp  # when the ledger recorded the change
    effective_at: int | None  # from when the issuer says it holds
    created_at: int
    acknowledged_at: int | None = None
    acknowledged_by: str = ""
    member: str = ""  # JSON pointer to the credential inside it that this is about; empty: the whole


class Alerts:
    """Reads and acknowledges. Call from a thread, not the event loop."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._reading = engine
        self._writing = writing(engine)
        self._clock = clock

    def list(
        self, *, after: int = 0, limit: int = 100, open_only: bool = False, enrolment_id: str | None = None
    ) -> tuple[Alert, ...]:
        """Alerts in the order they were raised, after number `after`; `open_only`: not yet acknowledged."""
        rows = select(AlertRow).where(col(AlertRow.id) > after).order_by(col(AlertRow.id)).limit(limit)
        if open_only:
            rows = rows.where(col(AlertRow.acknowledged_at).is_(None))
        if enrolment_id is not None:
            rows = rows.where(col(AlertRow.enrolment_id) == enrolment_id)
        with Session(self._reading) as session:
            return tuple(alert_of(row) for row in session.exec(rows))

    def get(self, alert_id: int) -> Alert:
        """Raises NotFound."""
        with Session(self._reading) as session:
            return alert_of(_row(session, alert_id))

    def acknowledge(self, alert_id: int, by: str = "") -> Alert:
        """Somebody has seen it. The first to say so stands. Raises NotFound."""
        with Session(self._writing) as session, session.begin():
            row = _row(session, alert_id)
            if row.acknowledged_at is None:
                row.acknowledged_at = int(self._clock())
                row.acknowledged_by = by
            return alert_of(row)


def alert_of(row: AlertRow) -> Alert:
    """A stored row as a value."""
    if row.id is None:
        raise ValueError("an alert has its number once it is stored")
    return Alert(
        id=row.id,
        enrolment_id=row.enrolment_id,
        reference=row.reference,
        kind=FindingKind(row.kind),
        detail=row.detail,
        subject=row.subject,
        entry_index=None if row.entry_index == NO_ENTRY else row.entry_index,
        previous_decision=Decision(row.previous_decision),
        decision=Decision(row.decision),
        change_seq=row.change_seq,
        stamp=BlockStamp(row.block_number, row.block_hash, row.block_time),
        effective_at=row.effective_at,
        created_at=row.created_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        member=row.member,
    )


def _row(session: Session, alert_id: int) -> AlertRow:
    row = session.get(AlertRow, alert_id)
    if row is None:
        raise NotFound("no such alert")
    return row
