"""What a verification costs over HTTP: the real application on uvicorn, one worker, on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.bench.cases import Case
from scripts.bench.load import Connection, LoadFigures, load, request_bytes

PATHS = ("/credentials/verify", "/v1/verifications")
START_TIMEOUT = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Line:
    """One path with one case. A fault takes the place of figures that would be worth nothing."""

    path: str
    case: Case
    figures: LoadFigures | None
    fault: str = ""


async def measure(cases: Sequence[Case], *, connections: int, seconds: float) -> list[Line]:
    """Every case that is a credential, on both paths; presentations on our own."""
    found = []
    with _server() as port:
        await _started(port)
        for path in PATHS:
            for case in cases:
                if path == "/v1/verifications" or not case.challenge:
                    found.append(await _line(port, path, case, connections=connections, seconds=seconds))
    return found


async def _line(port: int, path: str, case: Case, *, connections: int, seconds: float) -> Line:
    genuine = request_bytes(path, _body(path, case, case.genuine))
    tampered = request_bytes(path, _body(path, case, case.tampered))
    fault = ""
    if not await _verified(port, genuine):
        fault = "refuses the genuine one"
    elif await _verified(port, tampered):
        fault = "accepts the tampered one"
    if fault:
        return Line(path, case, None, fault)
    return Line(path, case, await load(port, genuine, connections=connections, seconds=seconds))


def _body(path: str, case: Case, raw: bytes) -> bytes:
    """The document as that path takes it; a JWT goes as a JSON string."""
    document = raw if raw.startswith(b"{") else json.dumps(raw.decode()).encode()
    if path == "/credentials/verify":
        return b'{"verifiableCredential":' + document + b"}"
    if case.challenge is None:
        return document
    asked = json.dumps({"challenge": case.challenge, "domain": case.domain}).encode()
    return b'{"presentation":' + document + b"," + asked[1:]


async def _verified(port: int, request: bytes) -> bool:
    connection = await Connection.open(port)
    try:
        answer: dict[str, Any] = json.loads((await connection.exchange(request)).body)
    finally:
        connection.close()
    return answer["verified"] is True


@contextlib.contextmanager
def _server() -> Iterator[int]:
    """uvicorn in a child process, on a free port; ended on leaving."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        command = [sys.executable, "-m", "scripts.bench.served", str(listening.fileno())]
        server = subprocess.Popen(command, pass_fds=[listening.fileno()])
        try:
            yield port
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


async def _started(port: int) -> None:
    """Wait until the application answers; the socket has been listening from the start."""
    asked = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    async with asyncio.timeout(START_TIMEOUT):
        connection = await Connection.open(port)
        await connection.exchange(asked)
        connection.close()


def heading() -> str:
    """The head of the table `line` fills."""
    return f"{'':<62} {'per second':>11} {'median':>9} {'p99':>9}"


def line(line: Line) -> str:
    """One line of the table; times in milliseconds."""
    name = f"POST {line.path:<20} {line.case.name}"
    if line.figures is None:
        return f"{name:<62} {line.fault}"
    latency = line.figures.latency
    return (
        f"{name:<62} {line.figures.requests_per_second:>11,.0f} "
        f"{latency.median / 1000:>9.2f} {latency.p99 / 1000:>9.2f}"
    )
