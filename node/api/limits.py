"""Request bodies are capped while they stream, before anything parses them."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from node.api.problems import Problem


class BodyLimit:
    """Stops reading a request body at `max_bytes`, whatever its Content-Length says; answers 413."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
        received = 0

        async def capped() -> Message:
            nonlocal received
            if announced.isdigit() and int(announced) > self._max_bytes:
                raise self._too_large()
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > self._max_bytes:
                    raise self._too_large()
            return message

        await self._app(scope, capped, send)

    def _too_large(self) -> Problem:
        return Problem(
            413, "too-large", f"A request may hold at most {self._max_bytes} bytes.", reason="too_large"
        )
