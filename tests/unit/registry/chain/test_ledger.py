"""A ledger's answers are checked: identity, shapes, sizes, and that they answer what was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import orjson
import pytest

from registry.chain import (
    Finality,
    Ledger,
    LedgerError,
    LedgerUnavailable,
    RangeTooLarge,
    UnknownBlock,
    WrongLedger,
)

ADDRESS = "0x" + "Ab" * 20
GENESIS = bytes([7]) * 32

Answer = Callable[..., Any]


def block(number: int, block_hash: bytes = GENESIS, **more: Any) -> dict[str, Any]:
    return {
        "number": hex(number),
        "hash": "0x" + block_hash.hex(),
        "parentHash": "0x" + "00" * 32,
        "timestamp": "0x5",
        "logsBloom": "0x" + "00" * 256,
        "gasLimit": "0x1c9c380",
        "extraData": "0x" + "aa" * 300,  # Clique's and QBFT's: longer than others allow
    } | more


class Node:
    """Answers by method; `answers` may hold values, exceptions, or functions of the parameters."""

    def __init__(self, **answers: Any) -> None:
        self.answers: dict[str, Any] = {
            "eth_chainId": "0x7a69",
            "eth_getBlockByNumber": lambda number, _: block(0 if number == "latest" else int(number, 16)),
        } | answers
        self.requests = 0

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests += 1
        body = orjson.loads(request.content)
        if isinstance(body, list):
            return httpx2.Response(200, content=orjson.dumps([self.one(call) for call in body]))
        answer = self.one(body)
        return answer if isinstance(answer, httpx2.Response) else httpx2.Response(200, json=answer)

    def one(self, call: dict[str, Any]) -> Any:
        answer = self.answers[call["method"]]
        if callable(answer):
            answer = answer(*call["params"])
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx2.Response):
            return answer
        if isinstance(answer, dict) and "code" in answer:
            return {"jsonrpc": "2.0", "id": call["id"], "error": answer}
        return {"jsonrpc": "2.0", "id": call["id"], "result": answer}


def ledger(node: Node, **options: Any) -> Ledger:
    return Ledger("http://user:secret@ledger.example/key", transport=httpx2.MockTransport(node), **options)


async def test_another_chain_is_refused_before_anything_is_answered() -> None:
    with pytest.raises(WrongLedger, match="chain 31337, not 1"):
        await ledger(Node(), chain_id=1).nonce(ADDRESS)
    with pytest.raises(WrongLedger, match="began with block"):
        await ledger(Node(), genesis_hash=bytes(32)).nonce(ADDRESS)


async def test_identity_is_checked_again_after_an_outage() -> None:
    node = Node(eth_getTransactionCount="0x5")
    found = ledger(node)
    assert await found.nonce(ADDRESS) == 5
    node.answers["eth_getTransactionCount"] = httpx2.ConnectError("down")
    with pytest.raises(LedgerUnavailable):
        await found.nonce(ADDRESS)
    node.answers |= {"eth_getTransactionCount": "0x5", "eth_chainId": "0x1"}
    with pytest.raises(WrongLedger):
        await found.nonce(ADDRESS)


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


def log(**more: Any) -> dict[str, Any]:
    return {
        "address": ADDRESS.lower(),
        "blockHash": "0x" + GENESIS.hex(),
        "blockNumber": "0x5",
        "transactionHash": "0x" + "ab" * 32,
        "logIndex": "0x0",
        "topics": [],
        "data": "0x",
    } | more


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
    found._rpc._max_answer = 1000
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


async def test_finality() -> None:
    seen: list[str] = []

    def by_number(number: str, _: bool) -> dict[str, Any]:
        seen.append(number)
        return block({"latest": 100, "safe": 90, "finalized": 80}.get(number) or int(number, 16))

    for text, number in (("instant", 100), ("0", 100), ("12", 88), ("safe", 90), ("finalized", 80)):
        found = await ledger(Node(eth_getBlockByNumber=by_number), finality=Finality.parse(text)).final_head()
        assert found is not None
        assert found.stamp.number == number
    early = Node(eth_getBlockByNumber=lambda *_: block(5))
    assert await ledger(early, finality=Finality.confirmations(6)).final_head() is None


@pytest.mark.parametrize("text", ["", "latest", "-1", "pending", "1.5", "9999999", "٣"])
def test_other_finalities_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="finality"):
        Finality.parse(text)


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


def several(nodes: dict[str, Node], **options: Any) -> Ledger:
    transport = httpx2.MockTransport(lambda request: nodes[request.url.host](request))
    return Ledger(*[f"http://{host}:1/secret" for host in nodes], transport=transport, **options)


async def test_the_next_address_takes_over_when_one_fails(caplog: pytest.LogCaptureFixture) -> None:
    first, second = (Node(eth_getTransactionCount=count) for count in ("0x1", "0x2"))
    found = several({"first": first, "second": second})
    assert (await found.nonce(ADDRESS), found.name, second.requests) == (1, "first:1", 0)
    down = httpx2.ConnectError("down")
    first.answers |= {"eth_getTransactionCount": down, "eth_chainId": down}
    with pytest.raises(LedgerUnavailable):  # whatever was being read ends here: it is begun anew
        await found.nonce(ADDRESS)
    assert (await found.nonce(ADDRESS), found.name, found.turns) == (2, "second:1", 1)
    assert "now asked at second:1" in caplog.text and "secret" not in caplog.text
    second.answers |= {"eth_getTransactionCount": down, "eth_chainId": down}
    for _ in range(2):  # all down
        with pytest.raises(LedgerUnavailable):
            await found.nonce(ADDRESS)
    first.answers |= {"eth_getTransactionCount": "0x1", "eth_chainId": "0x7a69"}
    assert (await found.nonce(ADDRESS), found.name, found.turns) == (1, "first:1", 2)


async def test_an_address_of_another_chain_is_passed_over() -> None:
    wrong, right = Node(eth_chainId="0x1"), Node(eth_getTransactionCount="0x2")
    found = several({"wrong": wrong, "right": right}, chain_id=31337)
    assert (await found.nonce(ADDRESS), found.name) == (2, "right:1")
    assert wrong.requests == 1
    with pytest.raises(WrongLedger):
        await several({"wrong": wrong, "other": wrong}, chain_id=31337).nonce(ADDRESS)
    right.answers["eth_chainId"] = httpx2.ConnectError("down")
    with pytest.raises(LedgerUnavailable):  # it may come back: nothing to halt for
        await several({"wrong": wrong, "right": right}, chain_id=31337).nonce(ADDRESS)
