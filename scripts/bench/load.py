"""An HTTP client that costs little beside the server it measures: keep-alive, one request at a time."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from scripts.bench.measuring import Figures


class UnexpectedAnswer(RuntimeError):
    """The server did not answer as it did the first time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP response."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """What a server did under load."""

    requests_per_second: float
    latency: Figures


def request_bytes(path: str, body: bytes, content_type: str = "application/json") -> bytes:
    """A whole POST request."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Connection:
    """One keep-alive connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> Connection:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def exchange(self, request: bytes) -> Answer:
        """Send, and read the answer, which must carry its length."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
        return Answer(int(lines[0].split()[1]), await self._reader.readexactly(length))

    def close(self) -> None:
        self._writer.close()


async def load(
    port: int, request: bytes, *, connections: int, seconds: float, expected: int = 200
) -> LoadFigures:
    """Ask on every connection for `seconds` after a warm-up of a fifth of that; at least once in all."""
    opened = [await Connection.open(port) for _ in range(connections)]
    durations: list[float] = []
    start = time.perf_counter() + seconds / 5
    end = start + seconds

    async def ask(connection: Connection) -> None:
        while (before := time.perf_counter()) < end or not durations:
            answer = await connection.exchange(request)
            if answer.status != expected:
                raise UnexpectedAnswer(f"{answer.status}: {answer.body[:200]!r}")
            if before >= start:
                durations.append((time.perf_counter() - before) * 1e6)

    try:
        async with asyncio.timeout(seconds * 1.2 + 30):
            await asyncio.gather(*(ask(connection) for connection in opened))
    finally:
        for connection in opened:
            connection.close()
    return LoadFigures(len(durations) / (time.perf_counter() - start), Figures.of(durations))
