"""Answers are bounded, belong to what was asked, and say plainly why there is none."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import orjson
import pytest

from registry.chain import Ledger, LedgerError, LedgerUnavailable, RangeTooLarge
from tests.simulators.rpc_node import ADDRESS, Node, ledger


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.ConnectError("refused"),
        httpx2.ReadTimeout("slow"),
        httpx2.Response(
            503, json={"jsonrpc": "2.0", "id": 1, "error": {"code": -32603, "message": "starting"}}
        ),
        httpx2.Response(429, json={}),
        httpx2.Response(302, headers={"location": "http://other.example"}),
        httpx2.Response(200, content=b"<html>"),
        httpx2.Response(200, json=[]),
        httpx2.Response(200, json={"jsonrpc": "2.0", "id": 999, "result": "0x1"}),
        httpx2.Response(200, json={"jsonrpc": "2.0", "id": [], "result": "0x1"}),
    ],
)
async def test_no_usable_answer_is_an_outage_and_names_no_secret(answer: object) -> None:
    node = Node(eth_gasPrice=answer)
    with pytest.raises(LedgerUnavailable) as caught:
        await ledger(node).gas_price()
    assert "ledger.example" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "key" not in str(caught.value)


async def test_an_answer_too_large_is_not_read_to_its_end() -> None:
    read = 0

    async def endless() -> Any:
        nonlocal read
        while True:
            read += 100
            yield b" " * 100

    node = Node(eth_getLogs=httpx2.Response(200, content=endless()))
    found = Ledger("http://l.example", transport=httpx2.MockTransport(node))
    await found.identify()
    found._asked.rpc._max_answer = 1000
    with pytest.raises(RangeTooLarge):
        await found.logs_in_range(0, 1, [ADDRESS])
    assert read <= 1200


async def test_an_answer_that_never_ends_is_an_outage() -> None:
    async def dripping() -> Any:
        while True:
            yield b" "
            await asyncio.sleep(0.001)

    node = Node(eth_gasPrice=httpx2.Response(200, content=dripping()))
    found = Ledger("http://l.example", timeout=0.01, transport=httpx2.MockTransport(node))
    with pytest.raises(LedgerUnavailable):
        await asyncio.wait_for(found.gas_price(), 20)


@pytest.mark.parametrize("number", [[], {}, None, "1"])
async def test_a_batch_answered_under_other_numbers_is_an_outage(number: object) -> None:
    def mixed_up(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(
            200, json=[{"id": number, "result": "0x1"} for _ in orjson.loads(request.content)]
        )

    with pytest.raises(LedgerUnavailable):
        await Ledger("http://l.example", transport=httpx2.MockTransport(mixed_up)).identify()


async def test_a_revert_is_told_with_its_data_wherever_the_ledger_puts_it() -> None:
    for data in ("0x01020304", {"data": "0x01020304"}):
        node = Node(eth_estimateGas={"code": 3, "message": "execution reverted", "data": data})
        with pytest.raises(LedgerError) as caught:
            await ledger(node).estimate_gas(ADDRESS, ADDRESS, b"")
        assert caught.value.revert_data == b"\1\2\3\4"


@pytest.mark.parametrize(
    "error",
    [
        {"code": -32005, "message": "limit exceeded"},
        {"code": -32602, "message": "query exceeds max block range 1000"},
        {"code": -32000, "message": "query returned more than 10000 results"},
        {"code": -32603, "message": "Requested range exceeds maximum RPC range limit"},
    ],
)
async def test_a_range_too_large_is_told_apart(error: dict[str, Any]) -> None:
    with pytest.raises(RangeTooLarge):
        await ledger(Node(eth_getLogs=error)).logs_in_range(0, 5_000, [ADDRESS])
