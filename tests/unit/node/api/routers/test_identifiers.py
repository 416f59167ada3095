"""DID resolution and dereferencing over HTTP."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.simulators import verdicts
from tests.simulators.node import SimulatedNode

HOLDER = "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH"


def test_resolving(client: TestClient) -> None:
    response = client.get(f"/1.0/identifiers/{HOLDER}")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/did-resolution"
    assert response.json()["didDocument"]["id"] == HOLDER
    bare = client.get(f"/1.0/identifiers/{HOLDER}", headers={"Accept": "application/did"})
    assert bare.json()["id"] == HOLDER


@pytest.mark.parametrize(
    ("did", "status"), [("did:key:zzz", 400), ("nothing", 400), ("did:example:1", 501), ("did:", 400)]
)
def test_what_does_not_resolve(client: TestClient, did: str, status: int) -> None:
    response = client.get(f"/1.0/identifiers/{did}")
    assert response.status_code == status
    error = response.json()["didResolutionMetadata"]["error"]
    assert error["type"].startswith("https://www.w3.org/ns/did#")


def test_dereferencing(client: TestClient) -> None:
    name = HOLDER.removeprefix("did:key:")
    for path in (f"{HOLDER}%23{name}", f"{HOLDER}%3FversionTime=2026-01-01T00:00:00Z%23{name}"):
        response = client.get(f"/1.0/identifiers/{path}")
        assert response.status_code == 200
        assert response.headers["content-type"] == "application/did-url-dereferencing"
        assert response.json()["contentStream"]["publicKeyMultibase"] == name
    bare = client.get(f"/1.0/identifiers/{HOLDER}%23{name}", headers={"Accept": "application/did"})
    assert bare.json()["id"] == f"{HOLDER}#{name}"
    assert client.get(f"/1.0/identifiers/{HOLDER}%23other").status_code == 404


def test_versions_by_query(client: TestClient) -> None:
    assert client.get(f"/1.0/identifiers/{HOLDER}?versionTime=2026-01-01T00:00:00Z").status_code == 200
    assert client.get(f"/1.0/identifiers/{HOLDER}?versionId=2").status_code == 404
    response = client.get(f"/1.0/identifiers/{HOLDER}?versionTime=soon")
    assert response.status_code == 400
    assert response.json()["didResolutionMetadata"]["error"]["type"].endswith("#INVALID_OPTIONS")


def test_a_representation_we_do_not_have(client: TestClient) -> None:
    response = client.get(f"/1.0/identifiers/{HOLDER}", headers={"Accept": "application/cbor"})
    assert response.status_code == 406


def test_own_did_document(client: TestClient, node: SimulatedNode) -> None:
    assert client.get("/.well-known/did.json").json() == {"id": verdicts.BOARD}
    node.did_document = None
    assert client.get("/.well-known/did.json").status_code == 404
