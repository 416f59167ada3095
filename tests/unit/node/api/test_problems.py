"""Every error of the API is an RFC 9457 problem that gives nothing away."""

from __future__ import annotations

import sqlite3

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError

from node.api.app import create_app
from tests.simulators.node import BEARER, KEY, SimulatedNode


@pytest.fixture
def node() -> SimulatedNode:
    return SimulatedNode(max_body_bytes=20_000)


@pytest.fixture
def client(node: SimulatedNode) -> TestClient:
    return TestClient(create_app(node), raise_server_exceptions=False, follow_redirects=False)


def assert_problem(response, status: int, slug: str) -> dict:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["type"] == f"urn:goodstanding:problem:{slug}"
    assert body["status"] == status
    assert body["title"] and body["detail"]
    assert "Traceback" not in response.text and KEY not in response.text
    return body


def test_unknown_route(client: TestClient) -> None:
    assert_problem(client.get("/v1/nothing"), 404, "not-found")


def test_wrong_method(client: TestClient) -> None:
    assert assert_problem(client.put("/credentials/verify"), 405, "method-not-allowed")


@pytest.mark.parametrize(
    ("raw", "status", "reason"),
    [
        (b"", 400, "malformed_json"),
        (b"{", 400, "malformed_json"),
        (b'{"verifiableCredential": {"id": "accepted", "id": "revoked"}}', 400, "duplicate_member"),
        (b'{"verifiableCredential": ' + b"[" * 2000 + b"]" * 2000 + b"}", 400, "too_deep"),
        (b'{"verifiableCredential": NaN}', 400, "malformed_json"),
        (b'{"verifiableCredential": "\\ud800"}', 400, "malformed_json"),
        (b'{"a": "' + b"x" * 30_000 + b'"}', 413, "too_large"),
    ],
)
@pytest.mark.parametrize("path", ["/credentials/verify", "/presentations/verify"])
def test_a_body_that_is_not_strict_json(
    client: TestClient, path: str, raw: bytes, status: int, reason: str
) -> None:
    slug = "too-large" if status == 413 else "malformed-request"
    body = assert_problem(
        client.post(path, content=raw, headers={"content-type": "application/json"}), status, slug
    )
    assert body["reason"] == reason


@pytest.mark.parametrize(
    "body", [[], "text", 7, None, {}, {"verifiableCredential": None}, {"verifiableCredential": []}]
)
def test_json_that_is_no_request(client: TestClient, body: object) -> None:
    assert_problem(client.post("/credentials/verify", json=body), 400, "malformed-request")


@pytest.mark.parametrize(
    "options",
    [
        "text",
        {"policy": 7},
        {"challenge": {}},
        {"asOf": "yesterday"},
        {"asOf": {"block": -1}},
        {"asOf": {"block": True}},
        {"asOf": {"validAt": "2026-03-03"}},
        {"asOf": {"validAt": "2026-13-03T00:00:00Z"}},
        {"asOf": {"since": 1}},
        {"identifiers": "ada@hospital.example"},
        {"identifiers": [7]},
        {"identifiers": [""]},
        {"identifiers": [{"type": "emailAddress"}]},
        {"identifiers": ["a"] * 17},
        {"identifiers": ["a" * 513]},
        {"identifiers": [{"value": "a", "type": 7}]},
        {"skills": "welding"},
        {"skills": [7]},
        {"skills": [" "]},
        {"skills": ["a" * 201]},
        {"skills": ["a"] * 51},
        {"resources": []},
        {"resources": {"urn:x": 7}},
        {"resources": {"urn:x": "?"}},
        {"resources": {str(i): "" for i in range(17)}},
    ],
)
def test_options_that_cannot_be_read(client: TestClient, options: object) -> None:
    body = {"verifiableCredential": {"id": "accepted"}, "options": options}
    assert_problem(client.post("/credentials/verify", json=body), 400, "malformed-request")


def test_no_problem_repeats_what_is_known_of_a_person(client: TestClient) -> None:
    options = {"identifiers": ["secret@hospital.example", {"value": "secret", "type": "x" * 65}]}
    body = {"verifiableCredential": {"id": "accepted"}, "options": options}
    response = client.post("/credentials/verify", json=body)
    assert response.status_code == 400
    assert "secret" not in response.text


def test_a_policy_nobody_configured_is_not_replaced_by_another(client: TestClient) -> None:
    body = {"verifiableCredential": {"id": "accepted"}, "options": {"policy": "lenient"}}
    assert_problem(client.post("/credentials/verify", json=body), 400, "unknown-policy")


def test_another_media_type(client: TestClient) -> None:
    response = client.post("/credentials/verify", content=b"<x/>", headers={"content-type": "text/xml"})
    assert_problem(response, 415, "unsupported-media-type")


def test_a_form_that_is_not_as_expected_names_the_member(client: TestClient) -> None:
    body = {"uri": "licences", "entries": [{"index": -1, "value": 1}], "surprise": 1}
    found = assert_problem(
        client.post("/v1/status-lists/updates", json=body, headers=BEARER), 422, "invalid-request"
    )
    assert {fault["member"] for fault in found["errors"]} == {"/entries/0/index", "/surprise"}


def test_a_modelled_body_is_read_strictly_too(client: TestClient) -> None:
    raw = b'{"uri": "licences", "uri": "others"}'
    headers = {**BEARER, "content-type": "application/json"}
    body = assert_problem(
        client.post("/v1/status-lists/updates", content=raw, headers=headers), 400, "malformed-request"
    )
    assert body["reason"] == "duplicate_member"


def test_errors_of_the_services_keep_their_words(client: TestClient) -> None:
    body = {"uri": "licences", "entries": [{"index": 1, "value": 0}]}
    found = assert_problem(client.post("/v1/status-lists/updates", json=body, headers=BEARER), 409, "conflict")
    assert found["detail"] == "a revocation cannot be taken back"


def test_a_missing_part_of_the_node(client: TestClient, node: SimulatedNode) -> None:
    node.issuer = None
    response = client.post("/credentials/issue", json={"credential": {}}, headers=BEARER)
    assert_problem(response, 501, "not-configured")


def test_a_fault_of_ours_is_a_number_and_nothing_more(client: TestClient, node: SimulatedNode) -> None:
    node.verification.fault = RuntimeError("the secret is hunter2")
    response = client.post("/credentials/verify", json={"verifiableCredential": {"id": "accepted"}})
    body = assert_problem(response, 500, "internal")
    assert len(body["incident"]) == 16
    assert "hunter2" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (OperationalError, 503, "unavailable"),
        (InterfaceError, 503, "unavailable"),
        (DataError, 422, "invalid-request"),
    ],
)
def test_a_database_that_is_full_or_gone_is_no_fault_of_the_program(
    client: TestClient,
    node: SimulatedNode,
    caplog: pytest.LogCaptureFixture,
    error: type[DBAPIError],
    status: int,
    slug: str,
) -> None:
    cause = sqlite3.OperationalError("database or disk is full")
    node.verification.fault = error("INSERT INTO roster", {"reference": "hunter2"}, cause)
    response = client.post("/credentials/verify", json={"verifiableCredential": {"id": "accepted"}})
    assert_problem(response, status, slug)
    assert "hunter2" not in response.text + caplog.text
    assert "INSERT" not in response.text + caplog.text


def chunks(total: int):
    for _ in range(total // 1000):
        yield b"x" * 1000


def test_a_body_without_announced_length_is_cut_off_while_it_streams(client: TestClient) -> None:
    taken = 0

    def endless():
        nonlocal taken
        for chunk in chunks(10_000_000):
            taken += len(chunk)
            yield chunk

    response = client.post("/v1/verifications", content=endless())
    assert_problem(response, 413, "too-large")


@pytest.mark.parametrize("path", ["/", "/health/live", "/v1/nothing", "/static/goodstanding.css"])
def test_every_response_is_hardened(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
