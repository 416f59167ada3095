"""What is published on the ledger, and how far that has come."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from registry.actions import AccreditIssuer
from registry.publisher.publications import State
from registry.records import Freshness, StatusPurpose
from tests.simulators import verdicts
from tests.simulators.node import BEARER, SimulatedNode
from tests.simulators.node_ledger import SimulatedQueries


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
