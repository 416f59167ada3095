"""What the HTTP bench talks to: the real application, of a node that only verifies, on one uvicorn worker.

python -m scripts.bench.served FD    # the number of an inherited, listening socket
"""

from __future__ import annotations

import socket
import sys
from types import SimpleNamespace
from typing import cast

import uvicorn
from fastapi import FastAPI

from node.api.app import create_app
from node.api.services import Node
from node.memory import settle_memory
from node.settings import Settings
from scripts.bench.node import measured_node
from tests.simulators.hospital import POLICY


def create() -> FastAPI:
    """Verification as in `in_process`; the parts of a node that do not verify are left out."""
    hospital = measured_node()
    node = SimpleNamespace(
        settings=Settings(),
        clock=hospital.clock,
        verification=hospital.service,
        policies={"default": POLICY},
        queries=hospital.replica.queries,
    )
    return create_app(cast(Node, node))


def main() -> None:
    """Serve until terminated."""
    # Not uvicorn's --fd: it takes the socket for a Unix one, so that TCP_NODELAY stays off and each answer
    # waits 40 ms for an acknowledgement.
    settle_memory()
    listening = socket.socket(fileno=int(sys.argv[1]))
    server = uvicorn.Server(uvicorn.Config(create(), access_log=False, log_level="warning"))
    server.run(sockets=[listening])


if __name__ == "__main__":
    main()
