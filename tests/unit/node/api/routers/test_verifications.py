"""`/v1/verifications`: what is asked, of which moment, with a receipt or without."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from registry.records import AsOf
from tests.simulators import verdicts
from tests.simulators.node import SimulatedNode


@pytest.mark.parametrize(
    ("raw", "given"),
    [
        (b'{"id": "accepted", "@context": []}', {"id": "accepted", "@context": []}),
        (b'{"credential": {"id": "accepted"}}', {"id": "accepted"}),
        (b'{"presentation": {"id": "accepted"}}', {"id": "accepted"}),
        (b"  eyJhbGciOiJFZERTQSJ9.e30.c2ln\n", "eyJhbGciOiJFZERTQSJ9.e30.c2ln"),
        (b"eyJhbGciOiJFZERTQSJ9.e30.c2ln~WyJz~\n", "eyJhbGciOiJFZERTQSJ9.e30.c2ln~WyJz~"),
        (b'{"credential": "eyJhbGciOiJFZERTQSJ9.e30.c2ln~"}', "eyJhbGciOiJFZERTQSJ9.e30.c2ln~"),
        (b'"eyJhbGciOiJFZERTQSJ9.e30.c2ln"', "eyJhbGciOiJFZERTQSJ9.e30.c2ln"),
        (b'{"credential": "eyJh.e30.c2ln"}', "eyJh.e30.c2ln"),
    ],
)
def test_a_document_by_itself_or_in_a_question(
    client: TestClient, node: SimulatedNode, raw: bytes, given: object
) -> None:
    assert client.post("/v1/verifications", content=raw).status_code == 200
    assert node.verification.asked[0]["raw"] == given


def test_a_question_about_the_past(client: TestClient, node: SimulatedNode) -> None:
    body = {
        "credential": {"id": "accepted"},
        "asOf": {"validAt": "2026-03-03T01:00:00+01:00", "knownAt": "2026-04-01T00:00:00Z", "block": 9},
    }
    assert client.post("/v1/verifications", json=body).json()["verified"] is True
    expected = AsOf(block=9, known_at=verdicts.at("2026-04-01 00:00"), valid_at=verdicts.at("2026-03-03 00:00"))
    assert node.verification.asked[0]["at"] == expected


@pytest.mark.parametrize(
    "body",
    [
        {"credential": {"id": "a"}, "presentation": {"id": "b"}},
        {"credential": {"id": "a"}, "polcy": "strict"},
        {"credential": 7},
        {"credential": {"id": "a"}, "receipt": "yes"},
    ],
)
def test_a_question_that_is_not_clear_is_not_answered(client: TestClient, body: dict) -> None:
    assert client.post("/v1/verifications", json=body).status_code == 400


def test_a_receipt_where_one_is_asked_for(client: TestClient, node: SimulatedNode) -> None:
    def asked(wanted: bool) -> dict:
        return client.post(
            "/v1/verifications", json={"credential": {"id": "accepted"}, "receipt": wanted}
        ).json()

    assert "receipt" not in asked(False)
    found = asked(True)
    assert (found["verified"], found["receipt"]["type"]) == (True, "GoodstandingReceipt")
    node.receipts.problem = "No receipt: the ledger is elsewhere."
    found = asked(True)
    assert (found["verified"], found["receipt"], found["receiptProblem"]) == (True, None, node.receipts.problem)


@pytest.mark.parametrize(
    "given", [{"skills": ["Wound care"]}, {"skills": []}, {"identifiers": ["Ada"]}, {"resources": {}}]
)
def test_a_receipt_of_what_is_given_along(client: TestClient, node: SimulatedNode, given: dict) -> None:
    body = {"credential": {"id": "accepted"}, "receipt": True} | given
    response = client.post("/v1/verifications", json=body)
    assert (response.status_code, response.json()["receipt"]["type"]) == (200, "GoodstandingReceipt")
    asked = node.verification.asked[0]["given"]
    assert (asked.skills, len(asked.identifiers)) == (tuple(given.get("skills", ())), "identifiers" in given)
