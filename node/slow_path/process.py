"""A process that answers over its pipes, in time or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence

from node.slow_path.frames import PeerLost, receive, send

__all__ = ["PeerLost", "Process"]


class Process:
    """One at a time asks it; anyone may kill it."""

    def __init__(self, command: Sequence[str]) -> None:
        """Raises OSError where it cannot be started."""
        # None of the environment's secrets; a session of its own, as Ctrl-C is for the node, which ends it.
        paths = os.pathsep.join(path for path in sys.path if path)
        self._process = subprocess.Popen(  # noqa: S603 - a module of ours
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": paths},
            start_new_session=True,
            bufsize=0,
        )
        pipes = (self._process.stdin, self._process.stdout)
        self._pipes = [pipe for pipe in pipes if pipe is not None]
        self._in, self._out = (pipe.fileno() for pipe in self._pipes)
        for pipe in (self._in, self._out):
            os.set_blocking(pipe, False)

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, message: bytes, seconds: float) -> bytes:
        """Its answer. Raises PeerLost: it is of no more use then."""
        until = time.monotonic() + seconds
        send(self._in, message, until)
        return receive(self._out, until)

    def kill(self) -> None:
        """At once, and waited for. Whoever is asking it learns that it has ended."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Its pipes; for whoever asked it last, as another may get their numbers."""
        for pipe in self._pipes:
            pipe.close()
