"""When a block was, as far as this node can tell."""

from __future__ import annotations

import pytest

from node.errors import NotFound, Unavailable
from node.services.moments import Moments
from registry.chain import BlockHeader
from registry.records import BlockStamp, Freshness
from tests.simulators.ledger import SimulatedLedger


@pytest.fixture
def ledger() -> SimulatedLedger:
    ledger = SimulatedLedger()
    for _ in range(9):
        ledger.mine()
    return ledger


def moments(ledger: SimulatedLedger, *kept: int) -> Moments:
    """Of a replica that begins with block 2 and keeps these."""
    stamps = [ledger.blocks[number].header.stamp for number in kept]
    head = ledger.blocks[-1].header.stamp

    def not_above(number: int) -> BlockStamp | None:
        return max((it for it in stamps if it.number <= number), key=lambda it: it.number, default=None)

    fresh = Freshness(head, 0.0, None, ledger.blocks[2].header.stamp)
    return Moments(not_above, lambda: fresh, ledger)


async def test_a_block_on_record_is_not_asked_for(ledger: SimulatedLedger) -> None:
    known = moments(ledger, 2, 5)
    ledger.down = True
    assert await known.of_block(5) == ledger.blocks[5].header.stamp.time
    with pytest.raises(Unavailable):
        await known.of_block(6)


async def test_any_other_is(ledger: SimulatedLedger) -> None:
    assert await moments(ledger, 2, 5).of_block(7) == ledger.blocks[7].header.stamp.time


@pytest.mark.parametrize("number", [0, 1, 10, 1 << 62])
async def test_there_is_nothing_before_the_first_block_or_after_the_head(
    ledger: SimulatedLedger, number: int
) -> None:
    with pytest.raises(NotFound):
        await moments(ledger, 2).of_block(number)


async def test_a_ledger_that_contradicts_our_records_is_not_believed(ledger: SimulatedLedger) -> None:
    known = moments(ledger, 2, 5)
    seventh = ledger.blocks[7].header
    for time in (0, ledger.time + 1):
        stamp = BlockStamp(7, seventh.stamp.hash, time)
        ledger.blocks[7].header = BlockHeader(stamp, bytes(32), bytes(256), 1, None)
        with pytest.raises(Unavailable):
            await known.of_block(7)


async def test_before_anything_is_replicated() -> None:
    with pytest.raises(Unavailable):
        await Moments(lambda _: None, lambda: Freshness(None, 0.0), SimulatedLedger()).of_block(1)
