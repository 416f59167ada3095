"""Whether the node is ready, and what it counts."""

from __future__ import annotations

from fastapi.testclient import TestClient

from tests.simulators import verdicts
from tests.simulators.node import SimulatedNode


def test_ready_while_the_records_are_fresh(client: TestClient, node: SimulatedNode) -> None:
    assert client.get("/health/ready").json() == {"status": "ready", "reasons": []}
    node.queries.confirmed_at = verdicts.NOW - 3600
    stale = client.get("/health/ready")
    assert stale.status_code == 503
    assert "3600 seconds" in stale.json()["reasons"][0]
    node.replication.failure = "the replica's database cannot be written to"
    assert node.replication.failure in client.get("/health/ready").json()["reasons"]
    node.replication.failure = None
    node.queries.halted = "undecodable event"
    assert len(client.get("/health/ready").json()["reasons"]) == 2
    node.queries.head = None
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 503


def test_metrics_count_by_route(client: TestClient) -> None:
    client.post("/credentials/verify", json={"verifiableCredential": {"id": "revoked"}})
    client.get("/v1/issuers/did:web:one.example")
    client.get("/nowhere/at/all")
    text = client.get("/metrics").text
    assert 'goodstanding_verdicts_total{decision="reject"} 1.0' in text
    assert "goodstanding_replica_block 4711.0" in text
    for name, value in (("address", 2), ("addresses", 3), ("failovers_total", 4)):
        assert f"goodstanding_ledger_{name} {value}.0" in text
    assert 'goodstanding_slow_path_declined_total{why="number"} 2.0' in text
    assert 'goodstanding_slow_path_ended_total{how="killed"} 1.0' in text
    assert "one.example" not in text and "nowhere" not in text
    assert 'route="/v1/issuers/{did:path}",status="404"' in text
