"""The routes of a simulated node."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from node.api.app import create_app
from tests.simulators.node import SimulatedNode


@pytest.fixture
def node() -> SimulatedNode:
    return SimulatedNode()


@pytest.fixture
def client(node: SimulatedNode) -> TestClient:
    return TestClient(create_app(node), follow_redirects=False)
