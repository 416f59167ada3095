"""Another address of the same ledger: a process that carries bytes, and that a test may kill.

python -m tests.simulators.relay LEDGER_PORT PORT, both of 127.0.0.1; it prints the port that it listens on.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
import threading
from types import TracebackType

STARTING = 30.0  # seconds


class Relay:
    """Up for the block's duration, except while it is killed."""

    def __init__(self, ledger_port: int) -> None:
        self._ledger_port = ledger_port
        self.port = 0
        self.start()

    def __enter__(self) -> Relay:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def url(self) -> str:
        """With a secret, as a provider's addresses have one."""
        return f"http://user:pass-word@127.0.0.1:{self.port}/?key=secret-key"

    def start(self) -> None:
        """On the port it had, if it had one."""
        command = [sys.executable, "-m", "tests.simulators.relay", str(self._ledger_port), str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout
        watchdog = threading.Timer(STARTING, self._process.kill)
        watchdog.start()
        line = self._process.stdout.readline()
        watchdog.cancel()
        self.port = int(line)

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(STARTING)
        assert self._process.stdout
        self._process.stdout.close()


async def _serve(ledger_port: int, port: int) -> None:
    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(65536):
                writer.write(chunk)
                await writer.drain()
        writer.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_ledger, to_ledger = await asyncio.open_connection("127.0.0.1", ledger_port)
        await asyncio.gather(carry(reader, to_ledger), carry(from_ledger, writer))

    server = await asyncio.start_server(connected, "127.0.0.1", port)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
