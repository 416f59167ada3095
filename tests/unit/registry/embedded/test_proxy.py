"""The proxy offers what any ledger offers, refuses the rest, and bounds what it is sent."""

from __future__ import annotations

from typing import Any

import httpx2
import orjson
import pytest

from registry.chain import LedgerError, LedgerUnavailable
from registry.embedded.proxy import MAX_BATCH, MAX_BODY, MAX_TRANSACTION, create_proxy


class Backend:
    def __init__(self) -> None:
        self.calls: list[str] = []
        self.down = False

    async def read(self, method: str, params: list[Any]) -> Any:
        if self.down:
            raise LedgerUnavailable("the ledger is starting")
        self.calls.append(method)
        if method == "eth_call":
            raise LedgerError(3, "execution reverted", b"\x01\x02")
        return params

    async def send(self, raw: str) -> Any:
        self.calls.append(f"send {raw}")
        return "0xhash"

    def upstream(self) -> str:
        raise LedgerUnavailable("the ledger is starting")


@pytest.fixture
def backend() -> Backend:
    return Backend()


async def post(backend: Backend, body: object, **headers: str) -> httpx2.Response:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    transport = httpx2.ASGITransport(create_proxy(backend))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.post("/", content=content, headers=headers)


def call(method: str, *params: Any, number: int = 1) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}


@pytest.mark.parametrize(
    "method",
    [
        "anvil_setBalance",
        "anvil_impersonateAccount",
        "evm_mine",
        "evm_revert",
        "hardhat_setCode",
        "eth_sendTransaction",
        "eth_sign",
        "eth_accounts",
        "personal_unlockAccount",
        "debug_traceCall",
        "txpool_content",
        "eth_subscribe",
        "ETH_CALL",
    ],
)
async def test_what_is_not_offered_never_reaches_the_ledger(backend: Backend, method: str) -> None:
    for body in (call(method), [call("eth_chainId"), call(method)]):
        answer = (await post(backend, body)).json()
        last = answer[-1] if isinstance(answer, list) else answer
        assert last["error"]["code"] == -32601
    assert backend.calls == ["eth_chainId"]


async def test_a_member_given_twice_is_read_once(backend: Backend) -> None:
    body = b'{"jsonrpc":"2.0","id":1,"method":"evm_mine","method":"eth_chainId","params":[]}'
    assert (await post(backend, body)).json()["result"] == []
    assert backend.calls == ["eth_chainId"]


async def test_batches_are_answered_in_order(backend: Backend) -> None:
    body = [call("eth_chainId", n, number=n) for n in range(5)]
    assert [a["result"] for a in (await post(backend, body)).json()] == [[n] for n in range(5)]


async def test_a_revert_keeps_its_data(backend: Backend) -> None:
    error = (await post(backend, call("eth_call"))).json()["error"]
    assert error == {"code": 3, "message": "execution reverted", "data": "0x0102"}


async def test_while_there_is_no_ledger_it_says_so(backend: Backend) -> None:
    backend.down = True
    response = await post(backend, call("eth_chainId"))
    assert response.status_code == 503
    assert response.json()["error"]["message"] == "the ledger is starting"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700),
        (b"{", -32700),
        (b"[" * 100_000, -32700),
        ([], -32600),
        ([call("eth_chainId")] * (MAX_BATCH + 1), -32600),
        (b"17", -32600),
        (b'{"method": 5}', -32600),
        ({"method": "eth_chainId", "params": {"a": 1}}, -32600),
    ],
)
async def test_malformed_requests_are_refused(backend: Backend, body: object, code: int) -> None:
    assert (await post(backend, body)).json()["error"]["code"] == code
    assert backend.calls == []


@pytest.mark.parametrize("params", [[], [5], ["02"], ["0x" + "00" * (MAX_TRANSACTION + 1)], ["0x", "0x"]])
async def test_malformed_transactions_are_refused(backend: Backend, params: list[Any]) -> None:
    assert "error" in (await post(backend, call("eth_sendRawTransaction", *params))).json()
    assert backend.calls == []


async def test_too_large_a_body_is_refused(backend: Backend) -> None:
    assert (await post(backend, b" " * (MAX_BODY + 1))).status_code == 413


async def test_browsers_are_refused(backend: Backend) -> None:
    assert (await post(backend, call("eth_chainId"), origin="https://evil.example")).status_code == 403
    assert backend.calls == []
