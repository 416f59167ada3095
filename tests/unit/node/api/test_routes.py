"""What the routes ask of the services, and how they answer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from node.api.app import create_app
from node.crypto.public_keys import KeyType
from node.issuing.status_lists import ListForm
from registry.actions import AccreditIssuer
from registry.chain import LedgerUnavailable, WrongLedger
from registry.publisher.outbox import State
from registry.records import NOW, AsOf, Freshness, StatusPurpose
from tests.simulators import verdicts
from tests.simulators.issuer import SimulatedIssuer
from tests.simulators.node import KEY, SimulatedNode, SimulatedQueries

BEARER = {"Authorization": f"Bearer {KEY}"}
HOLDER = "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH"


@pytest.fixture
def node() -> SimulatedNode:
    return SimulatedNode()


@pytest.fixture
def client(node: SimulatedNode) -> TestClient:
    return TestClient(create_app(node), follow_redirects=False)


# --- VCALM


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


# --- our own


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


# --- identifiers


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


# --- status lists


@pytest.mark.parametrize("media_type", ["application/vc", "application/vc+ld+json", "application/json"])
def test_a_status_list_credential_as_asked_for(client: TestClient, media_type: str) -> None:
    response = client.get("/status-lists/licences", headers={"Accept": f"text/html;q=0.1, {media_type}"})
    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    assert response.headers["cache-control"] == "public, max-age=300"
    again = client.get("/status-lists/licences", headers={"If-None-Match": response.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize(
    ("accept", "media_type", "body"),
    [
        ("application/vc+jwt", "application/vc+jwt", "eyJh.ENVELOPED.c2ln"),
        ("application/jwt", "application/jwt", "eyJh.ENVELOPED.c2ln"),
        ("application/statuslist+jwt", "application/statuslist+jwt", "eyJh.TOKEN.c2ln"),
        ("application/vc;q=0.5, Application/StatusList+JWT", "application/statuslist+jwt", "eyJh.TOKEN.c2ln"),
        ("application/vc;q=0, application/vc+jwt;q=0.1", "application/vc+jwt", "eyJh.ENVELOPED.c2ln"),
    ],
)
def test_a_status_list_in_an_envelope(client: TestClient, accept: str, media_type: str, body: str) -> None:
    response = client.get("/status-lists/licences", headers={"Accept": accept})
    assert (response.headers["content-type"], response.text) == (media_type, body)


@pytest.mark.parametrize("accept", ["application/statuslist+cwt", "text/html", "application/vc;q=0", ","])
def test_a_form_of_status_list_that_there_is_not(client: TestClient, accept: str) -> None:
    response = client.get("/status-lists/licences", headers={"Accept": accept})
    assert response.status_code == 406
    assert "application/statuslist+jwt" in response.json()["detail"]


def test_a_status_list_of_the_past(client: TestClient, node: SimulatedNode) -> None:
    asked = node.status_list_credentials.asked
    assert client.get("/status-lists/licences?timestamp=2026-03-03T12:00:00Z").status_code == 200
    assert client.get("/status-lists/licences?timestamp=2026-03-03T13:00:00%2B01:00").status_code == 200
    assert client.get("/status-lists/licences?time=1772539200").status_code == 200
    then = 1_772_539_200
    assert asked == [(ListForm.EMBEDDED, then), (ListForm.EMBEDDED, then), (ListForm.TOKEN, then)]
    headers = {"Accept": "application/vc+jwt"}
    assert client.get("/status-lists/licences?time=1772539200", headers=headers).status_code == 200
    assert asked[-1] == (ListForm.ENVELOPED, then)
    assert client.get("/status-lists/licences?time=0").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["timestamp=yesterday", "timestamp=1772539200", "timestamp=", "time=1&timestamp=2026-03-03T12:00:00Z"],
)
def test_a_moment_that_is_none(client: TestClient, query: str) -> None:
    response = client.get(f"/status-lists/licences?{query}")
    assert (response.status_code, response.json()["member"][:6]) == (400, "query/")


@pytest.mark.parametrize("time", ["now", "-1", "1.5", str(1 << 60)])
def test_a_time_that_is_none(client: TestClient, time: str) -> None:
    assert client.get(f"/status-lists/licences?time={time}").status_code == 422


def test_a_status_list_nobody_keeps(client: TestClient) -> None:
    assert client.get("/status-lists/others").status_code == 404


# --- the ledger


def test_what_is_done_is_in_this_node_s_next_answer(client: TestClient, node: SimulatedNode) -> None:
    """The ledger is quicker than the replica: whoever waited must not be told that there is no such list."""
    behind = [replace(verdicts.STAMP, number=verdicts.STAMP.number - 1)] * 3
    heads = iter([None, *behind])

    class CatchingUp(SimulatedQueries):
        def freshness(self) -> Freshness:
            self.head = next(heads, verdicts.STAMP)
            return super().freshness()

    node.queries = CatchingUp(node.clock())
    body = {"name": "nursing", "wait": 5}
    assert client.post("/v1/status-lists", json=body, headers=BEARER).status_code == 201
    assert node.queries.head == verdicts.STAMP
    assert next(heads, None) is None


def test_an_update_is_passed_on_and_waited_for(client: TestClient, node: SimulatedNode) -> None:
    body = {
        "uri": "licences",
        "entries": [{"index": 5, "value": 1}],
        "effectiveAt": "2026-11-22T09:30:00Z",
        "wait": 5,
    }
    response = client.post("/v1/status-lists/updates", json=body, headers=BEARER)
    assert response.status_code == 201
    assert response.headers["location"] == "/v1/publications/1"
    assert response.json()["state"] == "done"
    given = {"uri": "licences", "entries": [(5, 1)], "effective_at": verdicts.at("2026-11-22 09:30")}
    assert node.registrar.acts == [("publish", given)]
    assert client.get("/v1/publications/1", headers=BEARER).json() == response.json()


def test_a_register_as_the_board_exports_it(client: TestClient, node: SimulatedNode) -> None:
    body = {"uri": "licences", "register": "index,licence,status\n7,RN-7,revoked\n"}
    assert client.post("/v1/status-lists/updates", json=body, headers=BEARER).status_code == 201
    assert node.registrar.acts[0][1]["entries"] == ((7, 1),)
    faulty = {"uri": "licences", "register": "index,status\n7,suspended\n"}
    assert client.post("/v1/status-lists/updates", json=faulty, headers=BEARER).status_code == 422
    both = {**body, "entries": [{"index": 1, "value": 1}]}
    assert client.post("/v1/status-lists/updates", json=both, headers=BEARER).status_code == 422


@pytest.mark.parametrize(("state", "status"), [(State.QUEUED, 202), (State.SIGNED, 202), (State.FAILED, 409)])
def test_how_far_it_has_come(client: TestClient, node: SimulatedNode, state: State, status: int) -> None:
    node.publisher.next_state = state
    assert client.post("/v1/dids", json={}, headers=BEARER).status_code == status


def test_a_schema_is_anchored_or_withdrawn(client: TestClient, node: SimulatedNode) -> None:
    for schema in ({"required": ["name"]}, "eyJ…", None):
        body = {"id": "https://board.example/licence.json", "schema": schema}
        assert client.post("/v1/dids/schemas", json=body, headers=BEARER).status_code == 201
        name, members = node.registrar.acts[-1]
        assert (name, members["schema"], members["did"]) == ("anchor_schema", schema, None)
    unsaid = {"id": "https://board.example/licence.json"}
    assert client.post("/v1/dids/schemas", json=unsaid, headers=BEARER).status_code == 422


def test_a_list_and_an_accreditation(client: TestClient, node: SimulatedNode) -> None:
    client.post("/v1/status-lists", json={"name": "holds", "purpose": "suspension"}, headers=BEARER)
    body = {
        "did": "did:web:new.example",
        "name": "Board",
        "credentialTypes": ["NursingLicence"],
        "validUntil": "2030-01-01T00:00:00Z",
        "admin": "0x" + "11" * 20,
        "operator": "0x" + "22" * 20,
    }
    assert client.post("/v1/issuers", json=body, headers=BEARER).status_code == 201
    (created,) = node.registrar.acts
    assert created[1]["purpose"] is StatusPurpose.SUSPENSION
    *_, accredited = (publication.action for publication in node.publisher.publications.values())
    assert isinstance(accredited, AccreditIssuer)
    assert accredited.terms.valid_until == verdicts.at("2030-01-01 00:00")


def test_issuers_and_lists_can_be_seen_by_anyone(client: TestClient) -> None:
    (issuer,) = client.get("/v1/issuers").json()["issuers"]
    assert issuer["did"] == verdicts.BOARD and issuer["standing"] == "active"
    assert client.get(f"/v1/issuers/{verdicts.BOARD}").json()["name"] == "Colorado Board of Nursing"
    assert client.get("/v1/issuers/did:web:nobody.example").status_code == 404
    (one,) = client.get("/v1/status-lists").json()["statusLists"]
    assert one["uri"] == verdicts.LIST and one["purpose"] == "revocation"
    ledger = client.get("/v1/ledger").json()
    assert ledger["head"]["block"] == 4711
    assert ledger["address"] == {"inUse": 2, "of": 3, "failovers": 4}


@pytest.mark.parametrize("fault", [LedgerUnavailable, WrongLedger])
def test_an_audit_says_what_differs_or_that_nothing_was_compared(
    client: TestClient, node: SimulatedNode, fault: type[Exception]
) -> None:
    report = client.post("/v1/ledger/audit", headers=BEARER).json()
    assert (report["agrees"], report["differences"]) == (False, ["memory: one bit"])
    assert (report["proven"], report["asked"], report["unchecked"]) == (["4 words"], ["the block"], [])
    node.ledger_fault = fault("10.0.0.1 does not answer as it should")
    response = client.post("/v1/ledger/audit", headers=BEARER)
    assert response.status_code == 503
    assert "10.0.0.1" not in response.text


# --- operation


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
