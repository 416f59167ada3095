"""The embedded ledger's address: JSON-RPC over HTTP and WebSocket, for what any ledger offers and nothing else.

anvil's own powers (anvil_*, evm_*, hardhat_*, accounts it signs for) stay behind it. Browsers are refused: a
page from anywhere could otherwise speak to a ledger on the reader's own machine.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable
from typing import Any, Protocol

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from registry.chain.errors import LedgerError, LedgerUnavailable

MAX_BODY = 4 * 2**20  # bytes: a batch of thirty of the largest transactions
MAX_BATCH = 1_000  # calls
MAX_TRANSACTION = 128 * 1024  # bytes: as on geth, so that what works here works there
TRY_AGAIN_LATER = 1013  # WebSocket close code

SEND = "eth_sendRawTransaction"
SUBSCRIPTIONS = frozenset({"eth_subscribe", "eth_unsubscribe"})
READS = frozenset(
    {
        "eth_blockNumber",
        "eth_call",
        "eth_chainId",
        "eth_estimateGas",
        "eth_feeHistory",
        "eth_gasPrice",
        "eth_getBalance",
        "eth_getBlockByHash",
        "eth_getBlockByNumber",
        "eth_getBlockReceipts",
        "eth_getBlockTransactionCountByHash",
        "eth_getBlockTransactionCountByNumber",
        "eth_getCode",
        "eth_getLogs",
        "eth_getProof",
        "eth_getStorageAt",
        "eth_getTransactionByBlockHashAndIndex",
        "eth_getTransactionByBlockNumberAndIndex",
        "eth_getTransactionByHash",
        "eth_getTransactionCount",
        "eth_getTransactionReceipt",
        "eth_maxPriorityFeePerGas",
        "eth_syncing",
        "net_version",
        "web3_clientVersion",
    }
)

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INTERNAL = -32700, -32600, -32601, -32603  # JSON-RPC 2.0, 5.1
INVALID_INPUT = -32000  # EIP-1474


class Backend(Protocol):
    """What the proxy speaks for. Raises LedgerUnavailable while there is no anvil, and LedgerError."""

    async def read(self, method: str, params: list[Any]) -> Any: ...

    async def send(self, raw: str) -> Any: ...

    def upstream(self) -> str:
        """anvil's WebSocket address."""
        ...


def create_proxy(backend: Backend) -> Starlette:
    """The ASGI application."""

    async def over_http(request: Request) -> Response:
        if "origin" in request.headers:
            return Response(status_code=403)
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        try:
            return _json(200, await _answer(backend, body))
        except LedgerUnavailable as error:
            return _json(503, orjson.dumps(_error(None, INTERNAL, str(error))))

    async def over_websocket(socket: WebSocket) -> None:
        if "origin" in socket.headers:
            await socket.close()  # before accepting: HTTP 403
            return
        await socket.accept()
        try:
            async with connect(backend.upstream(), max_size=MAX_BODY, proxy=None) as upstream:
                await _first_to_end(_from_client(backend, socket, upstream), _to_client(socket, upstream))
        except (LedgerUnavailable, OSError, WebSocketException):
            pass
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # it may be gone already
            await socket.close(TRY_AGAIN_LATER)

    return Starlette(routes=[Route("/", over_http, methods=["POST"]), WebSocketRoute("/", over_websocket)])


async def _from_client(backend: Backend, socket: WebSocket, upstream: ClientConnection) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text: str | bytes = message.get("text") or message.get("bytes") or b""
            call = _parse(text)
            if isinstance(call, dict) and call.get("method") in SUBSCRIPTIONS:
                await upstream.send(orjson.dumps(_clean(call)), text=True)
            else:
                await socket.send_text((await _answer(backend, text)).decode())


async def _to_client(socket: WebSocket, upstream: ClientConnection) -> None:
    async for message in upstream:
        await socket.send_text(message if isinstance(message, str) else message.decode())


async def _first_to_end(*coroutines: Awaitable[None]) -> None:
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _body(request: Request) -> bytes | None:
    """None: too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return bytes(body)


async def _answer(backend: Backend, body: str | bytes) -> bytes:
    """The answer to one call or to a batch, whose calls are made in order. Raises LedgerUnavailable."""
    calls = _parse(body)
    if calls is None:
        return orjson.dumps(_error(None, PARSE_ERROR, "not JSON"))
    if isinstance(calls, list):
        if not 0 < len(calls) <= MAX_BATCH:
            return orjson.dumps(_error(None, INVALID_REQUEST, f"a batch holds 1 to {MAX_BATCH} calls"))
        return orjson.dumps([await _one(backend, call) for call in calls])
    return orjson.dumps(await _one(backend, calls))


async def _one(backend: Backend, call: object) -> dict[str, Any]:
    if not isinstance(call, dict) or not isinstance(call.get("method"), str):
        return _error(None, INVALID_REQUEST, "not a call")
    number, method, params = call.get("id"), call["method"], call.get("params") or []
    if not isinstance(params, list):
        return _error(number, INVALID_REQUEST, "params is not a list")
    try:
        if method == SEND:
            result = await _send(backend, params)
        elif method in READS:
            result = await backend.read(method, params)
        else:
            return _error(number, METHOD_NOT_FOUND, f"{method[:60]} is not offered here")
    except LedgerError as error:
        return _error(number, error.code or INTERNAL, error.message, error.revert_data)
    return {"jsonrpc": "2.0", "id": number, "result": result}


async def _send(backend: Backend, params: list[Any]) -> Any:
    if len(params) != 1 or not isinstance(params[0], str) or not params[0].startswith("0x"):
        raise LedgerError(INVALID_INPUT, "one raw transaction is expected")
    if len(params[0]) > 2 + 2 * MAX_TRANSACTION:
        raise LedgerError(INVALID_INPUT, f"oversized data: a transaction has at most {MAX_TRANSACTION} bytes")
    return await backend.send(params[0])


def _parse(text: str | bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _clean(call: dict[str, Any]) -> dict[str, Any]:
    """Written anew, so that anvil reads what we read (a member given twice, say)."""
    return {
        "jsonrpc": "2.0",
        "id": call.get("id"),
        "method": call["method"],
        "params": call.get("params") or [],
    }


def _error(number: object, code: int, message: str, revert: bytes | None = None) -> dict[str, Any]:
    error: dict[str, Any] = {"code": code, "message": message}
    if revert is not None:
        error["data"] = "0x" + revert.hex()
    return {"jsonrpc": "2.0", "id": number, "error": error}


def _json(status: int, body: bytes) -> Response:
    return Response(body, status, media_type="application/json")
