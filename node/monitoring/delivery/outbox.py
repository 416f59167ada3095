"""Deliveries waiting to be made: written in the transaction of their alerts, so that none is lost."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Engine, func, insert, update
from sqlmodel import Session, col, select

from node.clock import Clock
from node.monitoring.alerts import Alert, alert_of
from node.store.engine import writing
from node.store.tables import AlertRow, DeliveryRow

_MAX_ERROR_CHARS = 300


class DeliveryState(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    ABANDONED = "abandoned"  # after the last attempt; stays visible, with its error


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert on its way to one endpoint."""

    id: str  # the Webhook-Id, the same on every attempt
    alert: Alert
    endpoint: str  # URL
    state: DeliveryState
    attempts: int
    next_attempt_at: float  # Unix seconds
    last_error: str
    delivered_at: int | None


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential backoff with jitter: about 12 hours of trying with these numbers."""

    attempts: int = 24
    first_delay: float = 1.0  # seconds
    longest_delay: float = 3600.0  # seconds
    jitter: Callable[[], float] = (
        random.random
    )  # 0 … 1: so that a recovering endpoint is not hit by all at once

    def delay(self, attempts: int) -> float:
        """Seconds until the next attempt after `attempts` have failed: between half and all of the backoff."""
        backoff = min(self.longest_delay, self.first_delay * 2.0 ** min(attempts - 1, 64))
        return backoff * (1 + self.jitter()) / 2


def queue(session: Session, alert_ids: Iterable[int], endpoints: Collection[str], now: float) -> None:
    """Have these alerts delivered to every endpoint, as part of the caller's transaction."""
    rows = [
        {
            "id": uuid.uuid4().hex,
            "alert_id": alert_id,
            "endpoint": endpoint,
            "state": DeliveryState.PENDING.value,
            "attempts": 0,
            "next_attempt_at": now,
            "last_error": "",
            "created_at": int(now),
        }
        for alert_id in alert_ids
        for endpoint in endpoints
    ]
    if rows:
        session.execute(insert(DeliveryRow), rows)


class Outbox:
    """Deliveries in the node's database. Call from a thread, not the event loop."""

    def __init__(self, engine: Engine, clock: Clock, retries: RetryPolicy | None = None) -> None:
        self._reading = engine
        self._writing = writing(engine)
        self._clock = clock
        self._retries = retries or RetryPolicy()

    def due(self, endpoint: str, limit: int) -> list[Delivery]:
        """What is to be sent to `endpoint` now, the longest due first."""
        waiting = (
            select(DeliveryRow, AlertRow)
            .where(
                col(DeliveryRow.alert_id) == col(AlertRow.id),
                col(DeliveryRow.endpoint) == endpoint,
                col(DeliveryRow.state) == DeliveryState.PENDING.value,
                col(DeliveryRow.next_attempt_at) <= self._clock(),
            )
            .order_by(col(DeliveryRow.next_attempt_at), col(DeliveryRow.alert_id))
            .limit(limit)
        )
        with Session(self._reading) as session:
            return [_delivery(row, alert) for row, alert in session.exec(waiting)]

    def next_due(self, endpoint: str) -> float | None:
        """When something is next to be sent to `endpoint`, Unix seconds; None: nothing waits."""
        soonest = select(func.min(DeliveryRow.next_attempt_at)).where(
            col(DeliveryRow.endpoint) == endpoint, col(DeliveryRow.state) == DeliveryState.PENDING.value
        )
        with Session(self._reading) as session:
            return session.exec(soonest).one()

    def record(self, outcomes: Iterable[tuple[Delivery, str | None]]) -> None:
        """How attempts ended: None for delivered, else what went wrong."""
        now = self._clock()
        with Session(self._writing) as session, session.begin():
            for delivery, error in outcomes:
                attempts = delivery.attempts + 1
                changed: dict[str, object] = {"attempts": attempts}
                if error is None:
                    changed |= {
                        "state": DeliveryState.DELIVERED.value,
                        "delivered_at": int(now),
                        "last_error": "",
                    }
                elif attempts >= self._retries.attempts:
                    changed |= {"state": DeliveryState.ABANDONED.value, "last_error": error[:_MAX_ERROR_CHARS]}
                else:
                    retry_at = now + self._retries.delay(attempts)
                    changed |= {"next_attempt_at": retry_at, "last_error": error[:_MAX_ERROR_CHARS]}
                session.execute(update(DeliveryRow).where(col(DeliveryRow.id) == delivery.id).values(changed))

    def abandon_all_but(self, endpoints: Collection[str]) -> int:
        """Give up, visibly, on what waits for endpoints that are configured no more. Returns how many."""
        gone = update(DeliveryRow).where(
            col(DeliveryRow.state) == DeliveryState.PENDING.value, col(DeliveryRow.endpoint).not_in(endpoints)
        )
        values = {"state": DeliveryState.ABANDONED.value, "last_error": "the endpoint is no longer configured"}
        with Session(self._writing) as session, session.begin():
            return session.connection().execute(gone.values(values)).rowcount

    def list(
        self, *, state: DeliveryState | None = None, alert_id: int | None = None, limit: int = 100
    ) -> tuple[Delivery, ...]:
        """Deliveries, those of the newest alerts first."""
        rows = select(DeliveryRow, AlertRow).where(col(DeliveryRow.alert_id) == col(AlertRow.id))
        if state is not None:
            rows = rows.where(col(DeliveryRow.state) == state.value)
        if alert_id is not None:
            rows = rows.where(col(DeliveryRow.alert_id) == alert_id)
        newest = rows.order_by(col(AlertRow.id).desc(), col(DeliveryRow.endpoint)).limit(limit)
        with Session(self._reading) as session:
            return tuple(_delivery(row, alert) for row, alert in session.exec(newest))


def _delivery(row: DeliveryRow, alert: AlertRow) -> Delivery:
    return Delivery(
        id=row.id,
        alert=alert_of(alert),
        endpoint=row.endpoint,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        last_error=row.last_error,
        delivered_at=row.delivered_at,
    )
