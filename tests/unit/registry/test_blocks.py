"""How many blocks are read at a time: as many as can be held, and each of them once."""

from __future__ import annotations

import pytest

from registry.blocks import BlockReader
from registry.events import BlockBatch
from tests.simulators.ledger import CONTRACTS, SimulatedLedger

LIST = "https://board.example/lists/first"
UPDATES = 5  # in each of the full blocks


@pytest.fixture
def ledger() -> SimulatedLedger:
    """One list, and then full blocks, with an empty one among them: fewer than are near the head."""
    ledger = SimulatedLedger()
    ledger.mine(lambda it: it.accredit("did:web:board.example"))
    ledger.mine(lambda it: it.create(1, LIST))
    for number in range(8):
        if number == 4:
            ledger.mine()
        ledger.mine(*[lambda it, at=UPDATES * number + n: it.publish(LIST, [at], 1) for n in range(UPDATES)])
    return ledger


async def read(ledger: SimulatedLedger) -> list[list[BlockBatch]]:
    """What each call gave, up to the head."""
    reader, target = BlockReader(ledger), ledger.blocks[-1].header.stamp
    calls: list[list[BlockBatch]] = []
    while not calls or calls[-1][-1].stamp != target:
        cursor = calls[-1][-1].stamp if calls else None
        calls.append(await reader.next_batches(cursor, target, CONTRACTS))
    return calls


async def test_few_logs_near_the_head_come_in_one_go(ledger: SimulatedLedger) -> None:
    assert await read(ledger) == [ledger.batches()]


async def test_full_blocks_near_the_head_come_a_few_at_a_time(
    ledger: SimulatedLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.blocks.MANY_LOGS", 2 * UPDATES)
    calls = await read(ledger)
    assert [batch for call in calls for batch in call] == ledger.batches()
    held = [sum(len(batch.events) for batch in call) for call in calls]
    assert len(calls) > 1
    assert max(held) <= 3 * UPDATES  # the block that makes it too many is read to its end


async def test_a_block_with_more_logs_than_are_held_comes_all_the_same(
    ledger: SimulatedLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.blocks.MANY_LOGS", 1)
    calls = await read(ledger)
    assert [batch for call in calls for batch in call] == ledger.batches()
