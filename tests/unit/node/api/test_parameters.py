"""A parameter that nobody reads is refused: a misspelt question about the past is never answered about now."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from node.api.app import create_app
from tests.simulators.node import KEY, SimulatedNode

WITH_KEY = {"authorization": f"Bearer {KEY}"}
LIST = "/v1/status-lists/nursing"


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_app(SimulatedNode()), raise_server_exceptions=False)  # type: ignore[arg-type] # simulated


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/v1/verifications?At=5", "At"),
        ("POST", "/credentials/verify?at=5", "at"),
        ("GET", "/v1/issuers?knownat=5", "knownat"),
        ("GET", "/v1/issuers/did:web:board.example?known_at=5&at=1", "known_at"),
        ("GET", f"{LIST}/entries/1?timestamp=2026-01-01T00:00:00Z", "timestamp"),
        ("GET", "/v1/council?time=5", "time"),
        ("GET", "/v1/ledger?at=5", "at"),
        ("GET", "/v1/enrolments?cursor=5", "cursor"),
        ("GET", "/v1/publications/1?Wait=5", "Wait"),
        ("GET", "/status-lists/nursing?at=5", "at"),
        ("GET", "/v1/issuers?%E2%80%AEat=5", "\u202eat"),
    ],
)
def test_an_unknown_parameter_is_named(client: TestClient, method: str, path: str, name: str) -> None:
    answer = client.request(method, path, json={} if method == "POST" else None, headers=WITH_KEY)
    assert answer.status_code == 400
    assert answer.json()["member"] == f"query/{name}"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/issuers?at=1&knownAt=2&after=0&limit=5",
        "/v1/status-lists?uri=https://board.example/x",
        "/v1/alerts?after=0&limit=5",
        "/v1/council?at=1",
        "/status-lists/nursing?timestamp=2026-01-01T00:00:00Z",
    ],
)
def test_known_parameters_are_not(client: TestClient, path: str) -> None:
    assert "Unknown parameter" not in client.get(path, headers=WITH_KEY).text
