"""JSON-RPC 2.0 over HTTP: one bounded request, single or batched. Answers are untrusted until parsed."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Sequence
from typing import Any

import httpx2
import orjson

from registry.chain.errors import LedgerError, LedgerUnavailable, RangeTooLarge

Call = tuple[str, list[Any]]
"""A method and its parameters."""

TIMEOUT = 20.0  # seconds, for an exchange's every stage: to connect, to wait for the next bytes
STAGES = 6  # timeouts that a whole exchange may take, so that no answer comes in for ever
MAX_ANSWER = 64 * 2**20  # bytes
MAX_BATCH = 100  # calls in a request; common limits of providers are 100 and 1,000
TOO_MANY_REQUESTS, SERVER_ERROR = 429, 500  # HTTP statuses that mean "not now"
MAX_MESSAGE = 500  # characters of a ledger's error message that we keep

# What ledgers say when a range of logs is too long: EIP-1474 code -32005, or words.
_LIMIT_EXCEEDED = -32005
_LIMIT_WORDS = ("range", "limit exceeded", "too many", "more than", "too large", "response size")


class JsonRpc:
    """One ledger's JSON-RPC address. Its URL may hold a key, so it never reaches a message: `name` does."""

    def __init__(
        self,
        url: str,
        *,
        timeout: float = TIMEOUT,
        max_answer: int = MAX_ANSWER,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        logging.getLogger("httpx2").setLevel(logging.WARNING)  # it would log whole URLs
        self._max_answer = max_answer
        self._deadline = STAGES * timeout
        self._url = httpx2.URL(url)
        self._client = httpx2.AsyncClient(
            timeout=timeout, transport=transport, trust_env=False, headers={"content-type": "application/json"}
        )
        self._ids = itertools.count(1)

    @property
    def name(self) -> str:
        """Host and port: enough to find the ledger, nothing secret."""
        port = f":{self._url.port}" if self._url.port else ""
        return f"{self._url.host}{port}"

    async def close(self) -> None:
        await self._client.aclose()

    async def call(self, method: str, *params: Any) -> Any:
        """One result. Raises LedgerUnavailable, LedgerError."""
        number = next(self._ids)
        answer = await self._exchange(_request(number, method, list(params)))
        return self._result(answer, number)

    async def batch(self, calls: Sequence[Call]) -> list[Any]:
        """The results in order; at most MAX_BATCH calls a request. Raises the first error met."""
        results: list[Any] = []
        for start in range(0, len(calls), MAX_BATCH):
            part = [(next(self._ids), *call) for call in calls[start : start + MAX_BATCH]]
            answers = await self._exchange([_request(*call) for call in part])
            if not isinstance(answers, list) or len(answers) != len(part):
                # A refusal of the whole batch comes as one object.
                self._result(answers, part[0][0])
                raise LedgerUnavailable(f"{self.name} does not answer batches")
            by_number = {a["id"]: a for a in answers if isinstance(a, dict) and isinstance(a.get("id"), int)}
            results += [self._result(by_number.get(number), number) for number, _, _ in part]
        return results

    async def _exchange(self, body: object) -> Any:
        try:
            async with (
                asyncio.timeout(self._deadline),
                self._client.stream("POST", self._url, content=orjson.dumps(body)) as response,
            ):
                chunks, size = [], 0
                async for chunk in response.aiter_bytes():
                    chunks.append(chunk)
                    size += len(chunk)
                    if size > self._max_answer:
                        raise RangeTooLarge(0, f"the answer is larger than {self._max_answer} bytes")
        except (httpx2.HTTPError, TimeoutError) as error:
            raise LedgerUnavailable(f"{self.name}: {type(error).__name__}") from error
        status = response.status_code
        if status == TOO_MANY_REQUESTS or status >= SERVER_ERROR:
            raise LedgerUnavailable(f"{self.name} answers HTTP {status}")
        try:
            # Some ledgers send a JSON-RPC error with another 4xx status; the body decides.
            return orjson.loads(b"".join(chunks))
        except orjson.JSONDecodeError as error:
            raise LedgerUnavailable(f"{self.name} answers HTTP {status}, not JSON") from error

    def _result(self, answer: object, number: int) -> Any:
        if not isinstance(answer, dict):
            raise LedgerUnavailable(f"{self.name} does not speak JSON-RPC")
        if answer.get("error") is not None:
            raise _error(answer["error"])
        if answer.get("id") != number or "result" not in answer:
            raise LedgerUnavailable(f"{self.name} does not speak JSON-RPC")
        return answer["result"]


def _request(number: int, method: str, params: list[Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def _error(error: object) -> LedgerError:
    """A JSON-RPC error object as an exception. The code and the data's place differ between ledgers."""
    if not isinstance(error, dict):
        return LedgerError(0, "the ledger reported an error without saying which")
    code = error.get("code")
    code = code if isinstance(code, int) else 0
    message = str(error.get("message", ""))[:MAX_MESSAGE]
    revert = error.get("data")
    if isinstance(revert, dict):
        revert = revert.get("data") or revert.get("result")
    reverted = None
    if isinstance(revert, str) and revert.startswith("0x") and len(revert) <= 2**16:
        try:
            reverted = bytes.fromhex(revert[2:])
        except ValueError:
            reverted = None
    if reverted is None and (code == _LIMIT_EXCEEDED or any(word in message.lower() for word in _LIMIT_WORDS)):
        return RangeTooLarge(code, message)
    return LedgerError(code, message, reverted)
