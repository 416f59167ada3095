"""VCALM: verifying, issuing and deriving."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from node.api.app import create_app
from node.crypto.public_keys import KeyType
from registry.records import NOW
from tests.simulators.issuer import SimulatedIssuer
from tests.simulators.node import BEARER, SimulatedNode


def test_a_credential_that_fails_is_an_answer(client: TestClient) -> None:
    response = client.post("/credentials/verify", json={"verifiableCredential": {"id": "revoked"}})
    assert response.status_code == 200
    assert response.json()["verified"] is False
    assert response.headers["cache-control"] == "no-store"


def test_checks_cannot_be_narrowed(client: TestClient) -> None:
    body = {"verifiableCredential": {"id": "revoked"}, "options": {"checks": ["proof"]}}
    assert client.post("/credentials/verify", json=body).json()["verified"] is False


@pytest.mark.parametrize(
    ("route", "member", "option", "answered"),
    [
        ("/credentials/verify", "verifiableCredential", "returnCredential", "credential"),
        ("/presentations/verify", "verifiablePresentation", "returnPresentation", "verifiablePresentation"),
    ],
)
def test_where_claims_are_hidden_nothing_comes_back(
    route: str, member: str, option: str, answered: str
) -> None:
    body = {member: {"id": "accepted", "gender": "f"}, "options": {option: True}}
    for hidden, returned in ((frozenset(), True), (frozenset({"gender"}), False)):
        with TestClient(create_app(SimulatedNode(hidden_claims=hidden))) as client:
            assert (answered in client.post(route, json=body).json()) is returned


def test_the_credential_comes_back_only_if_asked_for(client: TestClient) -> None:
    body = {"verifiableCredential": {"id": "accepted"}, "options": {"returnCredential": True}}
    assert client.post("/credentials/verify", json=body).json()["credential"] == {"id": "accepted"}
    assert (
        "credential"
        not in client.post("/credentials/verify", json={"verifiableCredential": {"id": "accepted"}}).json()
    )


def test_challenge_and_domain_reach_the_verifier(client: TestClient, node: SimulatedNode) -> None:
    options = {"challenge": "c", "domain": "hospital.example"}
    body = {"verifiablePresentation": {"id": "several"}, "options": options}
    assert client.post("/presentations/verify", json=body).status_code == 200
    (asked,) = node.verification.asked
    assert (asked["challenge"], asked["domain"], asked["at"]) == ("c", "hospital.example", NOW)


@pytest.mark.parametrize("mechanism", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_issuing(client: TestClient, mechanism: str) -> None:
    body = {"credential": {"type": "VerifiableCredential"}, "options": {"mechanism": mechanism}}
    response = client.post("/credentials/issue", json=body, headers=BEARER)
    assert response.status_code == 201
    assert response.json()["verifiableCredential"]["proof"] == {"cryptosuite": mechanism}


def test_a_credential_in_an_envelope_is_an_object_too(client: TestClient) -> None:
    body = {"credential": {"type": "VerifiableCredential"}, "options": {"mechanism": "vc+jwt"}}
    secured = client.post("/credentials/issue", json=body, headers=BEARER).json()["verifiableCredential"]
    assert secured["type"] == "EnvelopedVerifiableCredential"
    assert secured["id"].startswith("data:application/vc+jwt,ey")


def test_issuing_what_may_be_withheld(client: TestClient) -> None:
    options = {"mechanism": "dc+sd-jwt", "disclose": ["/given_name"], "holder": "did:example:ana#1"}
    body = {"credential": {"vct": "Licence"}, "options": options}
    secured = client.post("/credentials/issue", json=body, headers=BEARER).json()["verifiableCredential"]
    assert secured["type"] == "EnvelopedVerifiableCredential"
    assert secured["id"].startswith("data:application/dc+sd-jwt,ey")
    assert secured["id"].endswith("~/given_name~did:example:ana#1")
    for broken in (
        {"disclose": "/given_name"},
        {"disclose": [7]},
        {"holder": 7},
        {"decoys": "1"},
        {"decoys": True},
    ):
        body["options"] = options | broken
        response = client.post("/credentials/issue", json=body, headers=BEARER)
        assert (response.status_code, response.json()["member"]) == (400, f"/options/{next(iter(broken))}")


@pytest.mark.parametrize("name", ["mechanism", "cryptosuite"])
def test_issuing_what_is_shown_in_part(client: TestClient, name: str) -> None:
    options = {name: "ecdsa-sd-2023", "mandatoryPointers": ["/issuer"]}
    body = {"credential": {"type": "VerifiableCredential"}, "options": options}
    secured = client.post("/credentials/issue", json=body, headers=BEARER).json()["verifiableCredential"]
    assert secured["proof"] == {"cryptosuite": "ecdsa-sd-2023", "shows": ["/issuer"]}
    for broken in (
        {"mandatoryPointers": "/issuer"},
        {"mandatoryPointers": [7]},
        {"cryptosuite": 7},
        {"cryptosuite": "eddsa-jcs-2022", "mechanism": "vc+jwt"},
    ):
        body["options"] = options | broken
        response = client.post("/credentials/issue", json=body, headers=BEARER)
        assert (response.status_code, response.json()["member"]) == (400, f"/options/{next(iter(broken))}")


def test_deriving(client: TestClient) -> None:
    board = SimulatedIssuer("board", type_=KeyType.P256)
    signed = board.sign(board.licence(), "ecdsa-sd-2023", mandatory_pointers=["/issuer", "/validUntil"])

    def derive(credential: object, pointers: object) -> Response:
        body = {"verifiableCredential": credential, "options": {"selectivePointers": pointers}}
        return client.post("/credentials/derive", json=body, headers=BEARER)

    response = derive(signed, ["/credentialSubject/givenName"])
    assert response.status_code == 201
    derived = response.json()["verifiableCredential"]
    assert derived["credentialSubject"] == {"id": "did:example:nurse", "givenName": "Ada"}
    assert "validUntil" in derived and "validFrom" not in derived
    for credential, pointers, status, member in (
        (signed, ["/nothing"], 422, "/options/selectivePointers"),
        (signed, ["name"], 422, "/options/selectivePointers"),
        (signed, "/name", 400, "/options/selectivePointers"),
        (signed, [7], 400, "/options/selectivePointers"),
        ("eyJh", [], 400, "/verifiableCredential"),
        (derived, [], 422, "/verifiableCredential/proof"),
        (board.licence(), [], 422, "/verifiableCredential/proof"),
        (signed | {"name": "Another"}, [], 422, "/verifiableCredential/proof"),
    ):
        response = derive(credential, pointers)
        assert (response.status_code, response.json()["member"]) == (status, member)
        assert response.headers["content-type"] == "application/problem+json"
    assert client.post("/credentials/derive", json={"verifiableCredential": signed}).status_code == 401
