"""Ports for programs that have to be told theirs."""

from __future__ import annotations

import errno
import itertools
import secrets
import socket

_PORTS = range(20_000, 30_000)  # below those that the system gives to connections
_turns = itertools.count(secrets.randbelow(len(_PORTS)))


def free_port(preferred: int | None = None) -> int:
    """On 127.0.0.1: the preferred one, or another where it is taken. Raises OSError if there is none.

    None is given twice before all others were: it looks free until the program that got it has started.
    """
    others = (_PORTS[turn % len(_PORTS)] for turn in itertools.islice(_turns, len(_PORTS)))
    for port in itertools.chain(() if preferred is None else (preferred,), others):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as whoever will listen does
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(errno.EADDRINUSE, "no free port on 127.0.0.1")
