"""The outbox is the same on SQLite and PostgreSQL, also when several use it at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from node.store.engine import create_engine
from registry.actions import PublishStatus
from registry.publisher import tables as _tables  # noqa: F401 (registers its tables)
from registry.publisher.outbox import Outbox
from registry.publisher.publications import SignedTransaction, State, TakenElsewhere
from registry.records import BlockStamp

STAMP = BlockStamp(7, bytes([7]) * 32, 1_700_000_000)
SENDER = "0x" + "11" * 20


@pytest.fixture(params=["sqlite", "postgresql"])
def outbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outbox]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'outbox.db'}" if sqlite else request.getfixturevalue("postgresql")
    engine: Engine = create_engine(url)
    tables = [SQLModel.metadata.tables[name] for name in ("outbox", "outbox_transaction")]
    SQLModel.metadata.create_all(engine, tables)
    yield Outbox(engine, lambda: 5.0)
    engine.dispose()


def action(number: int) -> PublishStatus:
    return PublishStatus("https://board.example/1", ((number, 1),))


def signed(outbox: Outbox, nonce: int, actions: dict[int, bool]) -> SignedTransaction:
    return outbox.record_signed(
        sender=SENDER, nonce=nonce, raw=b"raw", tx_hash=bytes([nonce]) * 32, actions=actions
    )


def test_a_key_used_by_many_at_once_gives_one_publication(outbox: Outbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: outbox.submit(action(1), "key"), range(24)))
    assert len(set(numbers)) == 1
    assert [queued.id for queued in outbox.queued(10)] == numbers[:1]


def test_an_action_is_signed_for_by_one_alone(outbox: Outbox) -> None:
    number = outbox.submit(action(1))

    def sign(nonce: int) -> bool:
        try:
            signed(outbox, nonce, {number: True})
        except TakenElsewhere:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(sign, range(8))) == 1
    assert len(outbox.unsettled()) == 1  # and the others left no transaction behind


def test_a_nonce_is_used_once_until_its_transaction_is_settled(outbox: Outbox) -> None:
    first, second = outbox.submit(action(1)), outbox.submit(action(2))
    transaction = signed(outbox, 3, {first: True})
    with pytest.raises(TakenElsewhere):
        signed(outbox, 3, {second: True})
    assert outbox.get(second).state == State.QUEUED
    outbox.abandon(transaction)
    signed(outbox, 3, {first: True, second: True})


def test_a_part_done_is_queued_for_the_rest(outbox: Outbox) -> None:
    whole, part = outbox.submit(action(1)), outbox.submit(action(2))
    transaction = signed(outbox, 0, {whole: True, part: False})
    assert outbox.get(whole).state == State.SIGNED
    outbox.settle(transaction, STAMP)
    outbox.settle(transaction, STAMP)
    done = outbox.get(whole)
    assert (done.state, done.stamp, done.tx_hash) == (State.DONE, STAMP, transaction.tx_hash)
    assert [(queued.id, queued.begun) for queued in outbox.queued(10)] == [(part, True)]
    assert outbox.unsettled() == []
    outbox.finish(part)
    assert (outbox.get(part).state, outbox.get(part).stamp) == (State.DONE, STAMP)


def test_refused_again_and_again_it_fails(outbox: Outbox) -> None:
    number = outbox.submit(action(1))
    for nonce in range(3):
        assert outbox.get(number).state == State.QUEUED
        outbox.reject(signed(outbox, nonce, {number: True}), most_attempts=3)
    failed = outbox.get(number)
    assert (failed.state, failed.error) == (State.FAILED, "the contract refused it 3 times")
    assert outbox.unsettled() == []


def test_a_note_is_shown_while_it_waits_and_gone_when_it_is_done(outbox: Outbox) -> None:
    number = outbox.submit(action(1))
    transaction = signed(outbox, 0, {number: True})
    outbox.note(transaction, "waiting: insufficient funds")
    assert outbox.get(number).error == "waiting: insufficient funds"
    outbox.settle(transaction, STAMP)
    assert outbox.get(number).error is None
