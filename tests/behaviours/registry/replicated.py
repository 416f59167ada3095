"""What all suites of a replica share: a small ledger, a replica of it, and what can be done to its database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from registry.changes import Change, ChangeKind
from registry.follower import Follower
from registry.governance import ProposalState
from registry.records import NOW, AsOf
from registry.replica.projection import Projection
from registry.replica.replica import Replica
from registry.replica.state import LedgerState
from tests.simulators.council_model import CouncilModel
from tests.simulators.ledger import CONTRACTS, SimulatedLedger

DID, LIST = "did:web:board.example", "https://board.example/lists/first"


class Crash(SQLAlchemyError):
    """The connection broke."""


@contextmanager
def crash_before_statement(engine: Engine, number: int) -> Iterator[None]:
    """The database goes away before the `number`th statement of a transaction, or just before its commit."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            raise Crash

    event.listen(engine, "before_cursor_execute", count)
    event.listen(engine, "commit", count)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", count)
        event.remove(engine, "commit", count)


def tamper_with_deltas(engine: Engine, delta: bytes) -> None:
    """In the rows, of every status update that named one low bit."""
    with engine.begin() as db:
        for number, payload in db.execute(
            text("SELECT block_number, payload FROM replica_status_updates")
        ).all():
            tampered = bytes(payload)[: -len(delta)] + delta
            statement = "UPDATE replica_status_updates SET payload = :payload WHERE block_number = :number"
            db.execute(text(statement), {"payload": tampered, "number": number})


def loaded(engine: Engine) -> Replica:
    replica = Replica(engine)
    replica.load()
    return replica


def shown(replica: Replica) -> object:
    """Everything a reader could see."""
    q = replica.queries
    now = [
        [q.status(it.uri, index) for index in range(0, it.size, 37 if it.bits_per_entry == 1 else 5)]
        for it in q.status_lists()
    ]
    head = q.freshness().head
    past = AsOf(block=head.number - 3 if head else 0)
    return (
        head,
        q.issuers(),
        [(q.document_history(it.did), q.pinned_document(it.did, past)) for it in q.issuers()],
        q.status_lists(),
        [q.bits(it.uri) for it in q.status_lists()],
        [q.status_list(it.uri, past) for it in q.status_lists()],
        now,
        q.memberships(),
        [(q.membership(at), q.proposals(at), q.directory(at)) for at in (NOW, past)],
    )


def standing_changes(changes: list[Change]) -> list[Change]:
    """Those that were not withdrawn."""
    withdrawn = {change.withdraws for change in changes}
    return [it for it in changes if it.kind is not ChangeKind.WITHDRAWN and it.seq not in withdrawn]


def governs(replica: Replica, at: AsOf) -> object:
    """Who governed then, by which rules, and what waited for whom."""
    pending = {
        it.id: list(it.approvals) for it in replica.queries.proposals(at) if it.state is ProposalState.OPEN
    }
    it = replica.queries.membership(at)
    if it is None:
        return 0, 0, (), {}, pending
    rules = {(rule.target, rule.selector): (rule.quorum, rule.delay) for rule in it.rules}
    return it.epoch, it.quorum, it.governors, rules, pending


def ruled(model: CouncilModel) -> object:
    """The same by the contract."""
    rules = {
        (target, selector if any(selector) else None): given
        for (target, selector), given in model.rules.items()
    }
    return model.epoch, model.quorum, model.governors, rules, model.pending


def changes_of(ledger: SimulatedLedger) -> list[Change]:
    projection = Projection(LedgerState())
    return [change for batch in ledger.batches() for change in projection.apply(batch)]


class Replicated:
    """Subclasses come with a fixture `engine`: a database with empty tables."""

    @pytest.fixture
    def replica(self, engine: Engine) -> Replica:
        return loaded(engine)

    @pytest.fixture
    def ledger(self) -> SimulatedLedger:
        ledger = SimulatedLedger()
        ledger.mine(lambda it: it.accredit(DID))
        ledger.mine(lambda it: it.create(1, LIST), lambda it: it.pin(DID, b'{"id":"did:web:board.example"}'))
        return ledger

    @pytest.fixture
    def follower(self, ledger: SimulatedLedger, replica: Replica) -> Follower:
        return Follower(ledger, replica, CONTRACTS, clock=lambda: 1_800_000_000.0)
