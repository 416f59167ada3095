"""Logs are those that were asked for, and in order."""

from __future__ import annotations

import pytest

from registry.chain import LedgerError, UnknownBlock
from tests.simulators.rpc_node import ADDRESS, GENESIS, Node, block, ledger, log


@pytest.mark.parametrize(
    "logs",
    [
        None,
        [5],
        [log(address="0x" + "00" * 20)],
        [log(blockHash="0x" + "00" * 32)],
        [log(removed=True)],
        [log(logIndex="one")],
        [log(logIndex="0x" + "f" * 16)],
        [log(blockHash=None)],
        [log(transactionHash=None)],
        [log(transactionHash="0xab")],
        [log(transactionHash="0x" + "zz" * 32)],
    ],
)
async def test_logs_other_than_those_asked_for_are_refused(logs: object) -> None:
    found = ledger(Node(eth_getLogs=logs, eth_getBlockByHash=block(5)))
    with pytest.raises(LedgerError):
        await found.logs_of_block(GENESIS, [ADDRESS])
    with pytest.raises(LedgerError):
        await found.logs_in_range(6, 6, [ADDRESS])


async def test_no_logs_of_a_block_that_was_replaced_is_not_an_empty_block() -> None:
    for logs in ([], {"code": -32000, "message": "unknown block"}):
        node = Node(eth_getLogs=logs, eth_getBlockByHash=None)
        with pytest.raises(UnknownBlock):
            await ledger(node).logs_of_block(GENESIS, [ADDRESS])
    node = Node(eth_getLogs=[], eth_getBlockByHash=block(5))
    assert await ledger(node).logs_of_block(GENESIS, [ADDRESS]) == []


async def test_logs_come_in_order() -> None:
    places = [("0x6", "0x0"), ("0x5", "0xa"), ("0x5", "0x9")]
    node = Node(eth_getLogs=[log(blockNumber=number, logIndex=index) for number, index in places])
    found = await ledger(node).logs_in_range(5, 6, [ADDRESS])
    assert [(item["blockNumber"], item["logIndex"]) for item in found] == places[::-1]
    with pytest.raises(LedgerError):
        await ledger(node).logs_in_range(5, 5, [ADDRESS])
