"""Logs a person can read and a machine can parse: one line an event, no secrets, no credentials."""

from __future__ import annotations

import logging
import sys

QUIET = ("httpx2", "httpcore2", "alembic", "python_multipart", "websockets", "web3", "uvicorn.access")


def configure_logging(level: str = "INFO") -> None:
    """Send this process's logs to standard error. Called once, by the command that starts it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
