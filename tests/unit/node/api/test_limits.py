"""Bodies that are too slow, or end too early, hold up nothing and are nobody's fault here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from node.api.app import create_app
from node.api.limits import BodyLimit
from node.api.problems import Problem
from tests.simulators.node import SimulatedNode

CHUNK = {"type": "http.request", "body": b"{", "more_body": True}


def scope(path: str) -> Scope:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"content-length", b"100")],
        "client": None,
        "server": ("test", 80),
        "scheme": "http",
        "root_path": "",
        "app": None,
        "state": {},
    }


def arriving(*messages: Message, then: Callable[[], Awaitable[Message]]) -> Receive:
    waiting = list(messages)

    async def receive() -> Message:
        return waiting.pop(0) if waiting else await then()

    return receive


async def never() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


async def gone() -> Message:
    return {"type": "http.disconnect"}


async def reads_all(scope: Scope, receive: Receive, send: Send) -> None:
    await Request(scope, receive).body()
    await Response()(scope, receive, send)


async def ignored(_: Message) -> None: ...


async def test_a_body_that_never_arrives_is_not_waited_for() -> None:
    limited = BodyLimit(reads_all, max_bytes=1000, patience=0.01)
    with pytest.raises(Problem) as caught:
        await asyncio.wait_for(limited(scope("/"), arriving(CHUNK, then=never), ignored), 20)
    assert caught.value.status_code == 408


async def test_the_time_ends_with_the_body() -> None:
    """An answer may take longer, and be told meanwhile that the client has gone."""
    heard: list[Any] = []

    async def answers_slowly(_: Scope, receive: Receive, __: Send) -> None:
        heard.append(await receive())
        await asyncio.sleep(0.05)
        heard.append(await receive())

    whole = {"type": "http.request", "body": b"{}", "more_body": False}
    await BodyLimit(answers_slowly, max_bytes=1000, patience=0.01)(
        scope("/"), arriving(whole, then=gone), ignored
    )
    assert [message["type"] for message in heard] == ["http.request", "http.disconnect"]


@pytest.mark.parametrize("path", ["/credentials/verify", "/v1/verifications", "/verify", "/v1/enrolments"])
async def test_a_client_that_leaves_is_no_incident(path: str, caplog: pytest.LogCaptureFixture) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    app = create_app(SimulatedNode())  # type: ignore[arg-type] # simulated
    with caplog.at_level(logging.INFO):
        await app(scope(path), arriving(CHUNK, then=gone), send)
    assert sent[0]["status"] < 500
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []
