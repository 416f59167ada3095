"""The demo's processes: real ones, each with its own folder, stopped by the id they were started with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

STOP_PATIENCE = 10.0  # seconds until a process that does not end by itself is killed


class ProcessFailed(Exception):
    """A process ended that should be running; the message holds the last lines it wrote."""


class Process:
    """A child of ours, writing to a log file."""

    def __init__(self, name: str, arguments: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        self._arguments = arguments
        self._environment = environment
        self._log_file: IO[bytes] | None = None
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it (again)."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._log_file = self.log.open("ab")
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("GOODSTANDING_")}
        self._child = subprocess.Popen(  # noqa: S603  our own program, arguments from this package
            [sys.executable, "-m", "node.cli.main", *self._arguments],
            env=inherited | dict(self._environment),
            stdin=subprocess.DEVNULL,
            stdout=self._log_file,
            stderr=self._log_file,
        )

    def check(self) -> None:
        """Raises ProcessFailed if it ended."""
        if self._child is None or self._child.poll() is not None:
            last = self.log.read_text(errors="replace").splitlines()[-8:] if self.log.exists() else []
            raise ProcessFailed(f"{self.name} ended:\n" + "\n".join(f"    {line}" for line in last))

    def stop(self) -> None:
        """Ask it to end, then make it."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """kill -9: no farewell."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._child is not None and self._child.poll() is None:
            self._child.send_signal(how)
            try:
                self._child.wait(STOP_PATIENCE)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        self._child = None
        if self._log_file is not None:
            self._log_file.close()
            self._log_file = None


def wait_until(what: str, ready: object, processes: list[Process], patience: float = 60.0) -> None:
    """Until `ready()` is true, watching that none of the processes ends meanwhile."""
    deadline = time.monotonic() + patience
    while not (callable(ready) and ready()):
        for process in processes:
            process.check()
        if time.monotonic() > deadline:
            raise ProcessFailed(f"{what}: not within {patience:.0f} seconds")
        time.sleep(0.02)
