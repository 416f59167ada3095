"""Request bodies are capped while they stream, in size and in time, before anything parses them."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from node.api.problems import Problem

PATIENCE = 60.0
"""Seconds that a whole body may take to arrive."""


class BodyLimit:
    """Stops reading a request body at `max_bytes`, whatever its Content-Length says, and answers 413; one that
    has not arrived after `patience` seconds is answered 408."""

    def __init__(self, app: ASGIApp, max_bytes: int, patience: float = PATIENCE) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
        received = 0
        arrived = False
        deadline = asyncio.get_running_loop().time() + self._patience

        async def capped() -> Message:
            nonlocal received, arrived
            if announced.isdigit() and int(announced) > self._max_bytes:
                raise self._too_large()
            if arrived:  # what comes now is word that the client has gone
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError as error:
                raise self._too_slow() from error
            arrived = not message.get("more_body", False)
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > self._max_bytes:
                    raise self._too_large()
            return message

        await self._app(scope, capped, send)

    def _too_slow(self) -> Problem:
        return Problem(
            408,
            "timeout",
            f"A request has {self._patience:.0f} seconds to arrive.",
            headers={"Connection": "close"},
        )

    def _too_large(self) -> Problem:
        return Problem(
            413, "too-large", f"A request may hold at most {self._max_bytes} bytes.", reason="too_large"
        )
