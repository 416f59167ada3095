"""The application the HTTP bench talks to: the real one, of a node that only verifies. Started by uvicorn."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from fastapi import FastAPI

from node.api.app import create_app
from node.api.services import Node
from node.settings import Settings
from tests.simulators.hospital import POLICY, Hospital


def create() -> FastAPI:
    """Verification as in `in_process`; the parts of a node that do not verify are left out."""
    hospital = Hospital()
    node = SimpleNamespace(
        settings=Settings(),
        clock=hospital.clock,
        verification=hospital.service,
        policies={"default": POLICY},
        queries=hospital.replica.queries,
    )
    return create_app(cast(Node, node))
