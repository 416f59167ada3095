"""What both of our HTTP addresses share: a socket that answers at once, a server that leaves signals alone."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import uvicorn


def listening_socket(host: str, port: int, *, backlog: int = 512) -> socket.socket:
    """Bound and listening; port 0 takes a free one. Raises OSError.

    It says that it speaks TCP: of a socket that does not, asyncio leaves Nagle's algorithm on, and every
    answer waits 40 ms.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(backlog)
    except OSError:
        listener.close()
        raise
    return listener


class Server(uvicorn.Server):
    """Leaves the process's signals to whoever runs it: set `should_exit` to end it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
