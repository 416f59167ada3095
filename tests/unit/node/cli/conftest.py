"""The command line against a simulated node: what is asked of it, what is printed, how it exits."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from node.api.app import create_app
from node.cli import asking
from node.cli.client import NodeClient
from node.cli.main import app
from node.services.moments import Moments
from registry.records import Standing
from tests.simulators import verdicts
from tests.simulators.fixture_ledger import replica_of
from tests.simulators.ledger import SimulatedLedger
from tests.simulators.node import KEY, SimulatedNode
from tests.unit.node.cli.command_line import Run


@pytest.fixture
def node() -> SimulatedNode:
    return SimulatedNode()


@pytest.fixture
def run(node: SimulatedNode, monkeypatch: pytest.MonkeyPatch) -> Run:
    served = TestClient(create_app(node), raise_server_exceptions=False)  # type: ignore[arg-type] # simulated

    class InMemory(NodeClient):
        def __init__(self, base_url: str | None = None, api_key: str | None = None, **_: Any) -> None:
            self.base_url = "http://testserver"
            self._http = served  # type: ignore[assignment] # answers as httpx2.Client does
            served.headers["authorization"] = f"Bearer {api_key or KEY}"

        def close(self) -> None: ...

    monkeypatch.setattr(asking, "NodeClient", InMemory)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


@pytest.fixture
def with_a_past(node: SimulatedNode) -> SimulatedLedger:
    """1 accredited, 2 a list, 3 entry 7 revoked, 4 suspended."""
    ledger = SimulatedLedger(genesis_time=verdicts.NOW - 1000)
    ledger.mine(lambda it: it.accredit(verdicts.BOARD))
    ledger.mine(lambda it: it.create(1, "https://board.example/status-lists/first"))
    ledger.mine(lambda it: it.publish("https://board.example/status-lists/first", [7], ledger.time))
    ledger.mine(lambda it: it.change_standing(1, Standing.SUSPENDED))
    replica = replica_of(ledger)
    node.queries = replica.queries  # type: ignore[assignment] # the real thing
    node.moments = Moments(replica.block_not_above, replica.queries.freshness, ledger)  # type: ignore[assignment]
    return ledger
