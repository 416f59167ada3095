"""What the publisher does on a real ledger."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any

import pytest

from registry.actions import ChangeStanding, ChangeTerms, CreateStatusList, PinDidDocument, PublishStatus
from registry.chain import Finality, LedgerUnavailable
from registry.publisher import publisher as publisher_module
from registry.publisher.publications import IdempotencyConflict, UnknownPublication
from registry.publisher.publisher import Publisher
from registry.publisher.signer import Role
from registry.publisher.status_updates import CLOCKS_DIFFER
from registry.records import Standing, StatusPurpose, Terms
from tests.integration.registry.publisher.conftest import Board


async def test_updates_queued_together_share_a_transaction(accredited: Board) -> None:
    board = accredited
    lists = [board.new_list() for _ in range(10)]
    await board.done(*lists)
    updates = [PublishStatus(created.uri, ((n, 1),)) for n, created in enumerate(lists)]
    again = [PublishStatus(lists[0].uri, ((0, 1), (9, 1))), PublishStatus(lists[0].uri, ((9, 1),))]
    found = await board.done(*updates, *again, PublishStatus(lists[1].uri, ()))
    assert len({publication.tx_hash for publication in found}) == 1
    first, second = board.lists.bits(lists[0].uri), board.lists.bits(lists[1].uri)
    assert first
    assert second
    assert (first.seq, first.values()) == (2, {0: 1, 9: 1})
    assert (second.seq, second.deltas) == (2, [b"\1", b""])


async def test_one_refused_update_does_not_take_others_along(accredited: Board) -> None:
    board = accredited
    good, bad = board.new_list(), board.new_list()
    await board.done(good, bad)
    numbers = [
        board.publisher.submit(PublishStatus(bad.uri, ((5000, 1),))),
        board.publisher.submit(PublishStatus("https://nowhere.example", ())),
        board.publisher.submit(PublishStatus(good.uri, ((1, 1),), int(time.time()) + 1000)),
        board.publisher.submit(PublishStatus(good.uri, ((1, 1),))),
    ]
    found = await board.ended(*numbers)
    assert [(publication.state, publication.error) for publication in found] == [
        ("failed", "entry 5000 is not in 0 … 1023"),
        ("failed", "the ledger knows no status list https://nowhere.example"),
        ("failed", "an update cannot take effect in the future"),
        ("done", None),
    ]


async def test_what_is_as_wanted_costs_nothing(accredited: Board) -> None:
    board = accredited
    created = board.new_list()
    await board.done(created, PublishStatus(created.uri, ((3, 1),)))
    sent = await board.sent(board.operator)
    (found,) = await board.done(PublishStatus(created.uri, ((3, 1), (4, 0))))
    assert found.tx_hash is None
    assert await board.sent(board.operator) == sent


async def test_a_revocation_cannot_be_taken_back(accredited: Board) -> None:
    board = accredited
    created = board.new_list()
    await board.done(created, PublishStatus(created.uri, ((3, 1),)))
    (found,) = await board.ended(board.publisher.submit(PublishStatus(created.uri, ((3, 0),))))
    assert (found.state, found.error) == ("failed", "entry 3 is revoked, and a revocation cannot be undone")


async def test_a_suspension_can_be(accredited: Board) -> None:
    board = accredited
    created = board.new_list(purpose=StatusPurpose.SUSPENSION)
    await board.done(
        created, PublishStatus(created.uri, ((3, 1), (4, 1))), PublishStatus(created.uri, ((3, 0),))
    )
    published = board.lists.bits(created.uri)
    assert published
    assert published.values() == {4: 1}


async def test_an_update_keeps_the_time_it_takes_effect(accredited: Board) -> None:
    board = accredited
    created = board.new_list()
    now = int(time.time())
    await board.done(
        created, PublishStatus(created.uri, ((3, 1),), now - 500), PublishStatus(created.uri, (), now)
    )
    published = board.lists.bits(created.uri)
    assert published
    assert published.effective_at == [now - 500, now]


async def test_nothing_said_it_holds_since_it_was_asked_for(accredited: Board) -> None:
    board = accredited
    created = board.new_list()
    await board.done(created)
    number = board.publisher.submit(PublishStatus(created.uri, ((3, 1),)))
    asked = int(board.publisher.get(number).created_at)
    while (await board.ledger.head()).stamp.time <= asked:  # it is recorded late
        await asyncio.sleep(0.05)
    await board.ended(number)
    (soon,) = await board.done(PublishStatus(created.uri, ((4, 1),)))
    published = board.lists.bits(created.uri)
    assert published
    late, at_once = published.effective_at
    assert late == asked
    assert 0 <= int(soon.created_at) - at_once <= CLOCKS_DIFFER


@pytest.mark.parametrize(("ahead", "refusals"), [(CLOCKS_DIFFER - 1, 0), (3600, 1)])
async def test_a_node_whose_clock_is_ahead_of_the_ledgers(
    accredited: Board, caplog: pytest.LogCaptureFixture, ahead: int, refusals: int
) -> None:
    board = accredited
    created = board.new_list()
    await board.done(created)
    board.restarted(clock=lambda: time.time() + ahead)
    await board.done(PublishStatus(created.uri, ((3, 1),)))
    assert caplog.text.count("was refused by the contract") == refusals
    published = board.lists.bits(created.uri)
    assert published and published.effective_at[0] <= (await board.ledger.head()).stamp.time


async def test_the_contracts_reasons_reach_the_caller(accredited: Board) -> None:
    board = accredited
    created = board.new_list()
    terms = Terms("Board", ("A",), (), 100, 50)
    await board.done(created)
    for action, name in [
        (created, "ListExists"),
        (board.accreditation(), "DidTaken"),
        (PinDidDocument(board.did, b"x" * 16_385), "InvalidDocument"),
        (ChangeTerms(board.did, terms), "InvalidTerms"),
        (ChangeStanding(board.did, Standing.ACTIVE, "why not"), "InvalidStandingChange"),
        (CreateStatusList(board.did, board.uri + "odd", 1000, StatusPurpose.REVOCATION), "InvalidSize"),
    ]:
        (found,) = await board.ended(board.publisher.submit(action))
        assert found.state == "failed"
        assert name in (found.error or "")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"did": "did:web:unknown.example"}, "the ledger knows no issuer did:web:unknown.example"),
        ({"terms": Terms("Board", ("A",), (), -1, 2**50)}, "Cannot be encoded"),
    ],
)
async def test_arguments_that_make_no_call_fail(accredited: Board, change: dict[str, Any], error: str) -> None:
    board = accredited
    action = ChangeTerms(**({"did": board.did, "terms": Terms("Board", ("A",), (), 1, 2)} | change))
    (found,) = await board.ended(board.publisher.submit(action))
    assert found.state == "failed"
    assert error.lower() in (found.error or "").lower()


async def test_without_the_key_of_the_role_it_fails(accredited: Board) -> None:
    board = accredited
    del board.signers[Role.ADMIN]
    (found,) = await board.ended(board.publisher.submit(PinDidDocument(board.did, b"{}")))
    assert (found.state, found.error) == ("failed", "this node holds no key for the role admin")


async def test_a_key_asks_for_one_thing_only(accredited: Board) -> None:
    board = accredited
    created = board.new_list()
    number = board.publisher.submit(created, "once")
    assert board.publisher.submit(created, "once") == number
    with pytest.raises(IdempotencyConflict):
        board.publisher.submit(board.new_list(), "once")
    assert board.publisher.get(number).action == created
    with pytest.raises(UnknownPublication):
        board.publisher.get(number + 1000)


@pytest.mark.parametrize(("entries", "transactions"), [(1_000, 1), (100_000, 2)])
async def test_a_register_of(accredited: Board, entries: int, transactions: int) -> None:
    board = accredited
    created = board.new_list(size=131_072)
    await board.done(created)
    before = await board.sent(board.operator)
    chosen = random.Random(entries).sample(range(131_072), entries)
    await board.done(PublishStatus(created.uri, tuple((entry, 1) for entry in chosen)))
    published = board.lists.bits(created.uri)
    assert published
    assert published.values() == dict.fromkeys(sorted(chosen), 1)
    assert await board.sent(board.operator) - before == published.seq == transactions


async def test_a_call_too_large_for_a_block_is_cut(accredited: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    board = accredited
    created = board.new_list(size=16_384, purpose=StatusPurpose.MESSAGE, bits=4)
    await board.done(created)
    monkeypatch.setattr(publisher_module, "GAS_SHARE", 0.004)  # of 100 million
    wanted = {entry: entry % 16 for entry in range(16_384)}
    await board.done(PublishStatus(created.uri, tuple(wanted.items())))
    published = board.lists.bits(created.uri)
    assert published
    assert published.seq > 2
    assert published.values() == {entry: value for entry, value in wanted.items() if value}


async def test_a_call_that_can_never_fit_fails(accredited: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    board = accredited
    monkeypatch.setattr(publisher_module, "GAS_SHARE", 0.0001)
    (found,) = await board.ended(board.publisher.submit(board.new_list()))
    assert (found.state, found.error) == ("failed", "it needs more gas than a block of this ledger has")


async def test_the_loop_waits_out_an_outage(accredited: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    board = accredited
    real, down = board.ledger._asked.rpc.call, [True]

    async def call(method: str, *params: Any) -> Any:
        if down[0]:
            raise LedgerUnavailable("down")
        return await real(method, *params)

    monkeypatch.setattr(board.ledger._asked.rpc, "call", call)
    running = asyncio.create_task(board.publisher.run())
    created = board.new_list()
    number = await asyncio.to_thread(board.publisher.submit, created)
    assert (await board.publisher.wait(number, 0.3)).state == "queued"
    down[0] = False
    assert (await board.publisher.wait(number, 60)).state == "done"
    await board.lists.catch_up()
    number = board.publisher.submit(PublishStatus(created.uri, ((1, 1),)))
    assert (await board.publisher.wait(number, 60)).state == "done"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_replica_that_lags_is_waited_for(accredited: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is signed from old bits; other lists go on, and after a while so does everything else."""
    board = accredited
    stale, fresh = board.new_list(), board.new_list()
    await board.done(stale, fresh)
    real = board.lists.bits
    monkeypatch.setattr(board.lists, "bits", lambda uri: None if uri == stale.uri else real(uri))
    waiting = board.publisher.submit(PublishStatus(stale.uri, ((1, 1),)))
    (other,) = await board.ended(board.publisher.submit(PublishStatus(fresh.uri, ((1, 1),))))
    assert other.state == "done"
    behind = board.publisher.submit(PinDidDocument(board.did, b"{}"))
    for _ in range(5):
        await board.step()
    assert [board.publisher.get(number).state for number in (waiting, behind)] == ["queued", "queued"]
    monkeypatch.setattr(publisher_module, "PATIENCE_WITH_REPLICA", 0.0)
    (overtaking,) = await board.ended(behind)
    assert overtaking.state == "done"
    assert board.publisher.get(waiting).state == "queued"
    monkeypatch.undo()
    (found,) = await board.ended(waiting)
    assert found.state == "done"


async def test_two_processes_on_one_outbox_do_nothing_twice(accredited: Board) -> None:
    board = accredited
    created = board.new_list()
    await board.done(created)
    ledgers = [board.new_ledger() for _ in range(2)]
    contracts = board.running.network.contracts
    publishers = [
        Publisher(board.engine, ledger, lambda: contracts, board.lists, board.signers, time.time)
        for ledger in ledgers
    ]
    running = [asyncio.create_task(publisher.run()) for publisher in publishers]
    numbers = []
    for version in range(4):
        numbers.append(publishers[version % 2].submit(PinDidDocument(board.did, b'{"n":%d}' % version)))
        numbers.append(publishers[version % 2].submit(PublishStatus(created.uri, ((version, 1),))))
    for number in numbers:
        while (await publishers[0].wait(number, 0.1)).state not in ("done", "failed"):
            await board.lists.catch_up()
    assert {publishers[1].get(number).state for number in numbers} == {"done"}
    assert await board.sent(board.admin) == 4
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for ledger in ledgers:
        await ledger.close()
    await board.lists.catch_up()
    published = board.lists.bits(created.uri)
    assert published
    assert published.values() == dict.fromkeys(range(4), 1)


@pytest.mark.parametrize("finality", [Finality.confirmations(2)], ids=str)
async def test_done_means_final(board: Board) -> None:
    """And while one is not final yet, the next is on its way already."""
    created = board.new_list()
    found = await board.done(board.accreditation(), created, PublishStatus(created.uri, ((1, 1),)))
    head = await board.ledger.head()
    assert all(p.stamp and p.stamp.number <= head.stamp.number - 2 for p in found)
