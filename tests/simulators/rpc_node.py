"""A ledger's JSON-RPC interface that says whatever it is told to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import orjson

from registry.chain import Ledger

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
