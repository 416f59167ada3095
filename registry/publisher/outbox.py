"""The outbox: what is wanted, what was signed for it, how it ended. Every method is one transaction.

Synchronous and safe from any thread or process; raises what SQLAlchemy raises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from registry.actions import LedgerAction
from registry.publisher.action_json import from_json, to_json
from registry.publisher.publications import (
    IdempotencyConflict,
    Publication,
    QueuedAction,
    SignedTransaction,
    State,
    TakenElsewhere,
    UnknownPublication,
)
from registry.publisher.tables import OutboxAction, OutboxTransaction
from registry.records import BlockStamp

_actions = OutboxAction.__table__  # type: ignore[attr-defined] # SQLModel does not declare it
_transactions = OutboxTransaction.__table__  # type: ignore[attr-defined] # likewise


class Outbox:
    """Actions go in at one end, final transactions come out at the other."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._clock = clock

    # --- for those who want something done

    def submit(self, action: LedgerAction, idempotency_key: str | None = None) -> int:
        """The publication's number; the same one for the same key. Raises IdempotencyConflict."""
        values = {
            "action": to_json(action),
            "idempotency_key": idempotency_key,
            "state": State.QUEUED,
            "created_at": self._clock(),
            "attempts": 0,
            "complete": False,
        }
        try:
            with self._engine.begin() as connection:
                return self._number(connection.execute(insert(_actions).values(values)).inserted_primary_key)
        except IntegrityError:
            with self._engine.connect() as connection:
                known = connection.execute(
                    select(_actions.c.id, _actions.c.action).where(
                        _actions.c.idempotency_key == idempotency_key
                    )
                ).one_or_none()
        if known is None or from_json(known.action) != action:
            raise IdempotencyConflict(f"{idempotency_key!r} was used for another action")
        return int(known.id)

    def get(self, publication_id: int) -> Publication:
        """Raises UnknownPublication."""
        with self._engine.connect() as connection:
            row = connection.execute(select(_actions).where(_actions.c.id == publication_id)).one_or_none()
        if row is None:
            raise UnknownPublication(f"there is no publication {publication_id}")
        return _publication(row)

    def has_ended(self, publication_id: int) -> bool:
        """Whether it is done or has failed: `get` reads the whole action. Raises UnknownPublication."""
        with self._engine.connect() as connection:
            state = connection.execute(
                select(_actions.c.state).where(_actions.c.id == publication_id)
            ).scalar_one_or_none()
        if state is None:
            raise UnknownPublication(f"there is no publication {publication_id}")
        return state in (State.DONE, State.FAILED)

    # --- for the publisher

    def queued(self, limit: int) -> list[QueuedAction]:
        """The oldest first."""
        query = (
            select(
                _actions.c.id,
                _actions.c.action,
                _actions.c.block_number,
                _actions.c.created_at,
                _actions.c.attempts,
            )
            .where(_actions.c.state == State.QUEUED)
            .order_by(_actions.c.id)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [
            QueuedAction(
                row.id, from_json(row.action), row.block_number is not None, row.created_at, row.attempts > 0
            )
            for row in rows
        ]

    def unsettled(self) -> list[SignedTransaction]:
        """In the order they were signed."""
        columns = (
            _transactions.c.id,
            _transactions.c.sender,
            _transactions.c.nonce,
            _transactions.c.raw,
            _transactions.c.tx_hash,
        )
        query = select(*columns).where(_transactions.c.state == "unsettled").order_by(_transactions.c.id)
        with self._engine.connect() as connection:
            return [SignedTransaction(*row) for row in connection.execute(query)]

    def record_signed(
        self, *, sender: str, nonce: int, raw: bytes, tx_hash: bytes, actions: Mapping[int, bool]
    ) -> SignedTransaction:
        """To be called before it is sent. `actions`: numbers → whether nothing is left to do after it.

        Raises TakenElsewhere.
        """
        values = {
            "sender": sender,
            "nonce": nonce,
            "raw": raw,
            "tx_hash": tx_hash,
            "state": "unsettled",
            "created_at": self._clock(),
        }
        try:
            with self._engine.begin() as connection:
                number = self._number(
                    connection.execute(insert(_transactions).values(values)).inserted_primary_key
                )
                for action_id, complete in actions.items():
                    taken = connection.execute(
                        update(_actions)
                        .where(_actions.c.id == action_id, _actions.c.state == State.QUEUED)
                        .values(
                            state=State.SIGNED,
                            transaction_id=number,
                            tx_hash=tx_hash,
                            complete=complete,
                            error=None,
                        )
                    )
                    if taken.rowcount != 1:
                        raise TakenElsewhere(f"publication {action_id}")
        except IntegrityError as error:
            raise TakenElsewhere(f"nonce {nonce} of {sender}") from error
        return SignedTransaction(number, sender, nonce, raw, tx_hash)

    def settle(self, transaction: SignedTransaction, stamp: BlockStamp) -> None:
        """It is final and had its effect: actions are done, or queued for the rest that is still to do."""
        outcome = {
            "block_number": stamp.number,
            "block_hash": stamp.hash,
            "block_time": stamp.time,
        }
        self._end(transaction, "settled", outcome, {True: State.DONE, False: State.QUEUED})

    def reject(self, transaction: SignedTransaction, *, most_attempts: int) -> None:
        """It is final, and the contract refused: try anew (the refusal will say why), but not for ever."""
        with self._engine.begin() as connection:
            mine = (_actions.c.transaction_id == transaction.id) & (_actions.c.state == State.SIGNED)
            connection.execute(
                update(_transactions).where(_transactions.c.id == transaction.id).values(state="settled")
            )
            connection.execute(
                update(_actions)
                .where(mine, _actions.c.attempts + 1 >= most_attempts)
                .values(state=State.FAILED, error=f"the contract refused it {most_attempts} times")
            )
            connection.execute(
                update(_actions).where(mine).values(state=State.QUEUED, attempts=_actions.c.attempts + 1)
            )

    def abandon(self, transaction: SignedTransaction) -> None:
        """It can never be on the ledger: its actions are queued again."""
        self._end(transaction, "abandoned", {"tx_hash": None}, {True: State.QUEUED, False: State.QUEUED})

    def finish(self, publication_id: int) -> None:
        """Nothing (more) is to be done for it."""
        self._close(publication_id, {"state": State.DONE, "error": None})

    def fail(self, publication_id: int, error: str) -> None:
        self._close(publication_id, {"state": State.FAILED, "error": error})

    def note(self, transaction: SignedTransaction, error: str | None) -> None:
        """What keeps a signed transaction from the ledger, for those who wait for it."""
        with self._engine.begin() as connection:
            connection.execute(
                update(_actions)
                .where(_actions.c.transaction_id == transaction.id, _actions.c.state == State.SIGNED)
                .values(error=error)
            )

    def _end(
        self,
        transaction: SignedTransaction,
        state: str,
        outcome: Mapping[str, Any],
        next_state: Mapping[bool, State],
    ) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                update(_transactions).where(_transactions.c.id == transaction.id).values(state=state)
            )
            for complete in (True, False):
                connection.execute(
                    update(_actions)
                    .where(
                        _actions.c.transaction_id == transaction.id,
                        _actions.c.state == State.SIGNED,
                        _actions.c.complete.is_(complete),
                    )
                    .values(state=next_state[complete], error=None, **outcome)
                )

    def _close(self, publication_id: int, values: Mapping[str, Any]) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                update(_actions)
                .where(_actions.c.id == bindparam("number"), _actions.c.state == State.QUEUED)
                .values(**values),
                {"number": publication_id},
            )

    @staticmethod
    def _number(key: Sequence[Any] | Row[Any] | None) -> int:
        assert key  # noqa: S101 - an insert that did not raise made a row
        return int(key[0])


def _publication(row: Row[Any]) -> Publication:
    stamp = None
    if row.block_number is not None:
        stamp = BlockStamp(row.block_number, bytes(row.block_hash), row.block_time)
    return Publication(
        id=row.id,
        action=from_json(row.action),
        state=State(row.state),
        tx_hash=None if row.tx_hash is None else bytes(row.tx_hash),
        stamp=stamp,
        error=row.error,
        created_at=row.created_at,
    )
