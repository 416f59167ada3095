"""Killed before or after any step and started again, the publisher does what was asked exactly once."""

from __future__ import annotations

from typing import Any

import pytest

from registry.actions import ChangeStanding, PinDidDocument, PublishStatus
from registry.bindings.did_registry import DidRegistry
from registry.publisher import settlement
from registry.publisher.transactions import Fees, Transaction
from registry.records import Standing
from tests.integration.registry.publisher.conftest import Board
from tests.simulators.council import decision
from tests.simulators.crashes import Killed, kill

STEPS = [
    ("outbox", "queued"),
    ("ledger", "estimate_gas"),
    ("outbox", "record_signed"),
    ("ledger", "send_raw"),
    ("ledger", "receipt"),
    ("outbox", "settle"),
]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("where", "step"), STEPS)
async def test_every_action_takes_effect_once(
    board: Board, monkeypatch: pytest.MonkeyPatch, where: str, step: str, when: str
) -> None:
    created = board.new_list()
    actions = [
        board.accreditation(),
        PinDidDocument(board.did, b'{"id":"one"}'),
        created,
        PublishStatus(created.uri, ((5, 1), (7, 1))),
        PublishStatus(created.uri, ()),
        ChangeStanding(board.did, Standing.SUSPENDED, "unpaid"),
    ]
    crashes = 0
    for place, action in enumerate(actions):
        number = board.publisher.submit(action, f"action {place}")
        target = board.ledger if where == "ledger" else board.publisher._outbox
        with monkeypatch.context() as patch:
            kill(patch, target, step, when)
            try:
                await board.ended(number)
            except Killed:
                crashes += 1
        board.restarted()
        assert (
            board.publisher.submit(action, f"action {place}") == number
        )  # as a caller that heard nothing would
        (found,) = await board.ended(number)
        assert (found.state, found.error) == ("done", None)
        assert found.stamp
        receipt = await board.ledger.receipt(found.tx_hash or b"")
        assert receipt
        assert (receipt.block_hash, receipt.succeeded) == (found.stamp.hash, True)
    assert crashes == len(actions)
    published = board.lists.bits(created.uri)
    assert published
    assert (published.seq, published.values()) == (2, {5: 1, 7: 1})
    dids = DidRegistry(board.running.network.contracts.did_registry, board.ledger.call)
    assert (await dids.did(board.did, "latest")).version == 1
    assert (await board.sent(board.admin), await board.sent(board.operator)) == (1, 3)


async def test_a_transaction_that_the_ledger_lost_is_sent_again(
    accredited: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = accredited
    monkeypatch.setattr(settlement, "RESEND", 0.02)
    real, lost = board.ledger.send_raw, [3]

    async def forgetful(raw: bytes) -> bytes:
        if lost[0]:
            lost[0] -= 1
            return bytes(32)
        return await real(raw)

    monkeypatch.setattr(board.ledger, "send_raw", forgetful)
    await board.done(board.new_list())
    assert lost == [0]
    assert await board.sent(board.operator) == 1


async def signed_but_not_sent(board: Board, action: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    number = board.publisher.submit(action)
    with monkeypatch.context() as patch:
        kill(patch, board.ledger, "send_raw", "before")
        with pytest.raises(Killed):
            await board.ended(number)
    board.restarted()
    return number


async def test_a_nonce_that_another_transaction_took_is_signed_for_anew(
    accredited: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = accredited
    number = await signed_but_not_sent(board, board.new_list(), monkeypatch)
    other = Transaction(await board.ledger.chain_id(), 0, board.admin.address, b"", 30_000, Fees(0, 0)).signed(
        board.operator
    )
    tx_hash = await board.ledger.send_raw(other)
    while await board.ledger.receipt(tx_hash) is None:
        await board.ledger.wait_for_head(0.05)
    (found,) = await board.ended(number)
    assert (found.state, found.error) == ("done", None)
    assert await board.sent(board.operator) == 2


async def test_a_gap_before_a_nonce_is_closed(accredited: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger fell back to a time before transactions that we built upon."""
    board = accredited
    real = board.ledger.nonce

    async def ahead(address: str, block: Any = "latest") -> int:
        return await real(address, block) + 3

    with monkeypatch.context() as patch:
        patch.setattr(board.ledger, "nonce", ahead)
        number = await signed_but_not_sent(board, board.new_list(), monkeypatch)
    (found,) = await board.ended(number)
    assert (found.state, found.error) == ("done", None)
    assert await board.sent(board.operator) == 1


async def test_an_update_overtaken_by_another_is_worked_out_anew(
    accredited: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed for update 1; by the time it is mined, update 1 is someone else's."""
    board = accredited
    created = board.new_list()
    await board.done(created)
    number = await signed_but_not_sent(board, PublishStatus(created.uri, ((1, 1), (2, 1))), monkeypatch)

    from registry.bindings.status_registry import StatusUpdate, list_id_of, publish_emergency
    from registry.replica.bitmaps import Bitmap
    from registry.status_delta import encode

    bits = Bitmap(1024)
    bits.set(2)
    head = (await board.ledger.head()).stamp
    update = StatusUpdate(list_id_of(created.uri), 1, bits.root(), head.time, encode([2]))
    governor, contracts = board.running.governor, board.running.network.contracts
    emergency = Transaction(
        await board.ledger.chain_id(),
        await board.ledger.nonce(governor.address),
        contracts.council,
        decision(contracts.status_registry, publish_emergency(update), head.time),
        500_000,
        Fees(0, 0),
    ).signed(governor)
    tx_hash = await board.ledger.send_raw(emergency)
    while (receipt := await board.ledger.receipt(tx_hash)) is None:
        await board.ledger.wait_for_head(0.05)
    assert receipt.succeeded

    (found,) = await board.ended(number)
    assert (found.state, found.error) == ("done", None)
    published = board.lists.bits(created.uri)
    assert published
    assert (published.seq, published.deltas, published.values()) == (2, [b"\2", b"\1"], {1: 1, 2: 1})
