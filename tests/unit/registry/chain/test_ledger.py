"""A ledger's blocks and numbers have the shapes they should have, and are those asked for."""

from __future__ import annotations

import pytest

from registry.chain import LedgerError
from tests.simulators.rpc_node import ADDRESS, Node, block, ledger


@pytest.mark.parametrize(
    "answer", [None, 5, "", "0x", "5", "0xzz", "0x" + "f" * 65, "0x-5", "0x1_0", "0x٣", [], {}]
)
async def test_malformed_quantities_are_refused(answer: object) -> None:
    with pytest.raises(LedgerError):
        await ledger(Node(eth_gasPrice=answer)).gas_price()


@pytest.mark.parametrize(
    "broken",
    [
        "0x",
        [],
        block(5, hash="0x00"),
        block(5, parentHash=None),
        block(5, logsBloom="0x00"),
        block(5, timestamp="0x" + "f" * 17),
        block(5, timestamp="0x" + "f" * 16),  # no calendar holds it
        block(5) | {"number": "0x" + "f" * 16},  # no database holds it
        block(4),
    ],
)
async def test_malformed_or_other_blocks_are_refused(broken: object) -> None:
    found = ledger(Node())
    await found.identify()
    node = Node(eth_getBlockByNumber=lambda number, _: block(0) if number == "0x0" else broken)
    found = ledger(node)
    with pytest.raises(LedgerError):
        await found.headers(5, 5)


async def test_headers_end_before_the_first_missing_one() -> None:
    node = Node(
        eth_getBlockByNumber=lambda number, _: block(int(number, 16)) if int(number, 16) < 250 else None
    )
    found = await ledger(node).headers(3, 400)
    assert [header.stamp.number for header in found] == list(range(3, 250))


async def test_the_bloom_of_a_block_never_hides_a_log() -> None:
    """The bloom of a block with one log of `ADDRESS`, as geth makes it (Yellow Paper 4.3.1)."""
    import sha3

    bloom = bytearray(256)
    digest = sha3.keccak_256(bytes.fromhex(ADDRESS[2:])).digest()
    for start in (0, 2, 4):
        bit = int.from_bytes(digest[start : start + 2], "big") % 2048
        bloom[256 - 1 - bit // 8] |= 1 << bit % 8
    node = Node(eth_getBlockByNumber=lambda *_: block(0, logsBloom="0x" + bloom.hex()))
    header = await ledger(node).head()
    assert header.may_hold_logs_of([ADDRESS])
    assert header.may_hold_logs_of(["0x" + "11" * 20, ADDRESS.lower()])
    assert not header.may_hold_logs_of(["0x" + "11" * 20])
