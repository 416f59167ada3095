"""A node behind its HTTP address, until a signal ends it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import socket
from collections.abc import Iterator

import uvicorn

from node.api.app import create_app
from node.settings import Settings
from node.wiring import open_node

log = logging.getLogger(__name__)

GRACE = 5  # seconds that requests under way are given


async def serve_node(settings: Settings) -> None:
    """Raises what `open_node` raises, and OSError where the port is taken."""
    # Bound before anything is opened: a port that is taken is found out at once.
    with _listener(settings.host, settings.port) as listener:
        port = listener.getsockname()[1]
        settings = settings.model_copy(update={"port": port})
        async with open_node(settings) as node:
            config = uvicorn.Config(
                create_app(node),
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                ws="none",
                timeout_graceful_shutdown=GRACE,
            )
            server = _Server(config)
            # All that was loaded stays: the garbage collector need not look through it again and again,
            # which takes tens of milliseconds in the middle of some request.
            gc.collect()
            gc.freeze()
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, server.end)
            log.info("serving at http://%s:%d", settings.host, port)
            await server.serve(sockets=[listener])
            log.info("stopping")


def _listener(host: str, port: int) -> socket.socket:
    """A listening socket that says it speaks TCP: of one that does not, asyncio leaves Nagle's algorithm on,
    and every answer waits 40 ms."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(512)
    except OSError:
        listener.close()
        raise
    return listener


class _Server(uvicorn.Server):
    """Leaves signals to us, so that the node is taken down in order after the last answer."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def end(self) -> None:
        self.should_exit = True
