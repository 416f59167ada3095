"""A node behind its HTTP address, until a signal ends it."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket

import uvicorn

from node.api.app import create_app
from node.errors import NotConfigured
from node.memory import collect_seldom, settle_memory
from node.settings import Settings
from node.wiring import open_node
from registry.serving import Server, listening_socket

log = logging.getLogger(__name__)

GRACE = 5  # seconds that requests under way are given


def _listening(settings: Settings) -> socket.socket:
    try:
        return listening_socket(settings.host, settings.port)
    except OSError as error:
        where, why = f"{settings.host}:{settings.port}", (error.strerror or str(error)).lower()
        raise NotConfigured(f"cannot listen on {where}: {why}; --host and --port choose another") from error


async def serve_node(settings: Settings) -> None:
    """Raises what `open_node` raises, and NotConfigured where the port is taken."""
    collect_seldom()
    # Bound before anything is opened: a port that is taken is found out at once.
    with _listening(settings) as listener:
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
            server = Server(config)
            settle_memory()
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                # Everything then goes down in order, after the last answer.
                loop.add_signal_handler(number, setattr, server, "should_exit", True)
            log.info("serving at http://%s:%d", settings.host, port)
            await server.serve(sockets=[listener])
            log.info("stopping")
