"""Word of new blocks over WebSocket (`eth_subscribe newHeads`): a hint to look, never a source of data."""

from __future__ import annotations

import asyncio
import contextlib
import logging

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

logger = logging.getLogger(__name__)

MAX_MESSAGE = 2**20  # bytes; a header is some 2 KB
PING = 5.0  # seconds between pings, and to wait for the answer: a dead socket is noticed within ten
LONGEST_PAUSE = 15.0  # seconds between attempts to connect again


class HeadAnnouncements:
    """Keeps a subscription alive, whatever happens to the socket, and wakes whoever waits for a head."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
        self._announced: int | None = None  # the highest number heard since the socket was connected
        self._woken = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name="head announcements")

    async def wait(self, seconds: float, known: int | None) -> None:
        """Until a head is announced (at once if one above `known` already was), or for so many seconds."""
        if known is not None and self._announced is not None and self._announced > known:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)

    async def close(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        pause = 0.25
        while True:
            try:
                async with connect(
                    self._url,
                    open_timeout=10,
                    ping_interval=PING,
                    ping_timeout=PING,
                    max_size=MAX_MESSAGE,
                    proxy=None,
                ) as socket:
                    await socket.send(
                        orjson.dumps(
                            {"jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": ["newHeads"]}
                        ),
                        text=True,
                    )
                    pause = 0.25
                    await self._listen(socket)
            except (OSError, WebSocketException, ValueError) as error:
                logger.info("%s: no announcements (%s); polling meanwhile", self._name, type(error).__name__)
            self._announced = None
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _listen(self, socket: ClientConnection) -> None:
        async for message in socket:
            answer = orjson.loads(message)  # orjson's error is a ValueError
            if not isinstance(answer, dict) or "error" in answer:
                raise ValueError("not a subscription")
            # The confirmation wakes too: blocks may have come while there was no socket.
            params = answer.get("params")
            head = params.get("result") if isinstance(params, dict) else None
            if isinstance(head, dict) and isinstance(head.get("number"), str):
                self._announced = int(head["number"], 16)
            self._woken.set()
            self._woken = asyncio.Event()
