"""Whatever changes something needs an API key; verifying needs one if the settings say so."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from node.api.app import create_app
from node.api.auth import key_is_known
from node.settings import digest_of
from tests.simulators.node import KEY, SimulatedNode

PROPOSAL = "0x" + "ab" * 32
CHANGING = [
    ("POST", "/credentials/issue"),
    ("POST", "/credentials/derive"),
    ("POST", "/v1/issuers"),
    ("POST", "/v1/issuers/did:web:board.example/standing"),
    ("POST", "/v1/issuers/did:web:board.example/rotation"),
    ("POST", "/v1/proposals"),
    ("POST", f"/v1/proposals/{PROPOSAL}/approvals"),
    ("POST", f"/v1/proposals/{PROPOSAL}/signature"),
    ("POST", f"/v1/proposals/{PROPOSAL}/signed-approvals"),
    ("POST", f"/v1/proposals/{PROPOSAL}/execution"),
    ("POST", f"/v1/proposals/{PROPOSAL}/cancellation"),
    ("POST", "/v1/dids"),
    ("POST", "/v1/dids/schemas"),
    ("POST", "/v1/status-lists"),
    ("POST", "/v1/status-lists/updates"),
    ("POST", "/v1/status-lists/closures"),
    ("POST", "/v1/status-lists/continuations"),
    ("POST", "/v1/enrolments"),
    ("DELETE", "/v1/enrolments/1"),
    ("POST", "/v1/alerts/1/acknowledge"),
    ("POST", "/v1/ledger/audit"),
    ("POST", "/v1/ledger/rebuild"),
]
PRIVATE = [
    ("GET", "/v1/enrolments"),
    ("GET", "/v1/enrolments/1"),
    ("GET", "/v1/alerts"),
    ("GET", "/v1/publications/1"),
]
VERIFYING = [
    ("/credentials/verify", {"verifiableCredential": {"id": "accepted"}}),
    ("/presentations/verify", {"verifiablePresentation": {"id": "several"}}),
    ("/v1/verifications", {"credential": {"id": "accepted"}}),
]


def client_of(node: SimulatedNode) -> TestClient:
    return TestClient(create_app(node), follow_redirects=False)


@pytest.mark.parametrize(("method", "path"), CHANGING + PRIVATE)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {KEY}"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {KEY}x"},
        {"X-API-Key": "x" * 10_000},
        {"X-API-Key": digest_of(KEY)},
    ],
)
def test_without_a_known_key_nothing_changes(method: str, path: str, headers: dict[str, str]) -> None:
    node = SimulatedNode()
    response = client_of(node).request(method, path, headers=headers)
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert node.registrar.acts == []


@pytest.mark.parametrize(("method", "path"), CHANGING + PRIVATE)
def test_without_any_configured_key_nobody_gets_in(method: str, path: str) -> None:
    client = client_of(SimulatedNode(api_keys_sha256=""))
    assert client.request(method, path, headers={"X-API-Key": ""}).status_code == 401
    assert client.request(method, path, headers={"X-API-Key": KEY}).status_code == 401


def test_every_route_that_changes_something_is_guarded() -> None:
    """A new route must be put into one of the lists above."""
    known = {(method, path) for method, path in CHANGING} | {("POST", path) for path, _ in VERIFYING}
    schema = create_app(SimulatedNode()).openapi()
    for path, operations in schema["paths"].items():
        for method in operations.keys() - {"get", "head"}:
            concrete = (
                path.replace("{did}", "did:web:board.example")
                .replace("{enrolment_id}", "1")
                .replace("{alert_id}", "1")
                .replace("{proposal_id}", PROPOSAL)
            )
            assert (method.upper(), concrete) in known


@pytest.mark.parametrize("headers", [{"Authorization": f"bearer {KEY}"}, {"X-API-Key": KEY}])
def test_either_header_will_do(headers: dict[str, str]) -> None:
    client = client_of(SimulatedNode())
    response = client.post("/v1/status-lists", json={"name": "licences"}, headers=headers)
    assert response.status_code == 201


@pytest.mark.parametrize(("path", "body"), VERIFYING)
def test_verifying_needs_a_key_only_where_the_settings_say_so(path: str, body: dict) -> None:
    assert client_of(SimulatedNode()).post(path, json=body).status_code == 200
    closed = client_of(SimulatedNode(verify_requires_key=True))
    assert closed.post(path, json=body).status_code == 401
    assert closed.post(path, json=body, headers={"X-API-Key": KEY}).status_code == 200


def test_the_page_asks_for_the_key_where_the_settings_say_so() -> None:
    closed = client_of(SimulatedNode(verify_requires_key=True))
    assert 'name="access"' in closed.get("/").text
    text = {"text": '{"id": "accepted"}'}
    assert closed.post("/verify", data=text).status_code == 401
    assert closed.post("/verify", data={**text, "access": "wrong"}).status_code == 401
    assert "In good standing" in closed.post("/verify", data={**text, "access": KEY}).text


def test_keys_are_compared_by_digest() -> None:
    assert key_is_known("a", {digest_of("b"), digest_of("a")})
    assert not key_is_known("a", frozenset())
    assert not key_is_known("x" * 600, {digest_of("x" * 600)})
