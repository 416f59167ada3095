"""Asking about the past over HTTP: what held then, as known then; and histories, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from node.api.app import create_app
from node.api.presenters import timestamp
from node.services.moments import Moments
from registry.bindings.status_registry import list_id_of
from registry.records import AsOf, BlockStamp, Standing
from registry.replica.replica import Replica
from tests.simulators import verdicts
from tests.simulators.fixture_ledger import replica_of
from tests.simulators.ledger import CONTRACTS, SimulatedLedger
from tests.simulators.node import SimulatedNode

DID = "did:web:board.example"
LIST = "https://board.example/status-lists/first"
ID = "0x" + list_id_of(LIST).hex()


@pytest.fixture
def ledger() -> SimulatedLedger:
    """1 accredited and pinned, 2 a list, 3 entry 7 revoked 30 s late, 4 confirmed, 5 suspended, 6 closed."""
    ledger = SimulatedLedger(genesis_time=verdicts.NOW - 1000)
    ledger.mine(lambda it: it.accredit(DID), lambda it: it.pin(DID, b'{"v":1}'))
    ledger.mine(lambda it: it.create(1, LIST))
    ledger.mine(lambda it: it.publish(LIST, [7], ledger.time - 30))
    ledger.mine(lambda it: it.publish(LIST, [], ledger.time), lambda it: it.pin(DID, b'{"v":2}'))
    ledger.mine(lambda it: it.change_standing(1, Standing.SUSPENDED, "an inquiry"))
    ledger.mine(lambda it: it.close(LIST))
    return ledger


@pytest.fixture
def replica(ledger: SimulatedLedger) -> Replica:
    return replica_of(ledger)


@pytest.fixture
def node(replica: Replica, ledger: SimulatedLedger) -> SimulatedNode:
    node = SimulatedNode()
    replica.confirm(node.clock())
    node.queries = replica.queries  # type: ignore[assignment] # the real thing
    node.moments = Moments(replica.block_not_above, replica.queries.freshness, ledger)  # type: ignore[assignment] # the same
    return node


@pytest.fixture
def client(node: SimulatedNode) -> Iterator[TestClient]:
    with TestClient(create_app(node)) as client:  # type: ignore[arg-type] # a simulated node
        yield client


@pytest.fixture
def stamps(ledger: SimulatedLedger) -> list[BlockStamp]:
    return [block.header.stamp for block in ledger.blocks]


def got(client: TestClient, path: str, **query: Any) -> Any:
    response = client.get(path, params=query)
    assert response.status_code == 200, response.text
    return response.json()


def test_an_entry_then_as_known_then(client: TestClient, stamps: list[BlockStamp]) -> None:
    """Revoked in block 3, in effect 30 seconds before it."""
    path, effective = f"/v1/status-lists/{ID}/entries/7", stamps[3].time - 30
    now = got(client, path)
    assert (now["value"], now["changed"]["effectiveAt"]) == (1, timestamp(effective))
    assert now["changed"]["stamp"]["block"] == 3
    assert now["list"]["stamp"]["block"] == 4  # when it was last confirmed
    assert now["asOf"]["block"] == 6

    def value(**query: Any) -> int:
        return int(got(client, path, **query)["value"])

    assert value(at=3) == 1
    assert value(at=2, knownAt=2) == 0
    assert value(at=timestamp(stamps[2].time)) == 1  # with hindsight
    assert value(at=timestamp(stamps[2].time), knownAt=timestamp(stamps[2].time)) == 0
    assert value(knownAt=timestamp(stamps[3].time)) == value(knownAt=3) == 1


def test_issuers_then(client: TestClient) -> None:
    for path in ("/v1/issuers", f"/v1/issuers/{DID}"):
        for query, standing in (({}, "suspended"), ({"at": 4}, "active"), ({"knownAt": 5}, "suspended")):
            found = got(client, path, **query)
            assert found.get("issuers", [found])[0]["standing"] == standing
            assert found["asOf"]["block"] == 6
    assert got(client, f"/v1/issuers/{DID}", at=3)["pinnedDocument"]["version"] == 1
    assert got(client, f"/v1/issuers/{DID}")["pinnedDocument"]["version"] == 2


def test_documents_then(client: TestClient) -> None:
    assert got(client, f"/v1/dids/{DID}")["document"] == {"v": 2}
    assert got(client, f"/v1/dids/{DID}", at=3)["document"] == {"v": 1}
    versions = got(client, f"/v1/dids/{DID}/history")
    assert [one["version"] for one in versions["history"]] == [1, 2]
    assert client.get("/v1/dids/did:web:other.example").status_code == 404
    assert client.get("/v1/dids/did:web:other.example/history").status_code == 404


def test_lists_then(client: TestClient) -> None:
    assert [one["id"] for one in got(client, "/v1/status-lists", uri=LIST)["statusLists"]] == [ID]
    assert got(client, "/v1/status-lists", uri="https://other.example")["statusLists"] == []
    assert got(client, "/v1/status-lists", knownAt=1)["statusLists"] == []
    assert [got(client, "/v1/status-lists/first", knownAt=n)["updates"] for n in (2, 3, 4)] == [0, 1, 2]
    assert [got(client, f"/v1/status-lists/{ID}", knownAt=n)["closed"] for n in (5, 6)] == [False, True]
    assert client.get(f"/v1/status-lists/{ID}", params={"knownAt": 1}).status_code == 404
    assert client.get("/v1/status-lists/0x" + "00" * 32).status_code == 404
    assert client.get(f"/v1/status-lists/{ID}/entries/999999").status_code == 404


def test_who_governed_then(client: TestClient, ledger: SimulatedLedger, replica: Replica) -> None:
    """7: two of three, 8: a rule that three decide, 9: another three, of whom the rule still asks three."""
    assert client.get("/v1/council").status_code == client.get("/v1/council/history").status_code == 404
    first, second = (tuple(f"0x{n:040d}" for n in numbers) for numbers in ((1, 2, 3), (2, 3, 4, 5)))
    ledger.mine(lambda it: it.council.found(first, 2))
    ledger.mine(lambda it: it.council.set_rule(CONTRACTS.issuer_registry, bytes(4), 2, 60))
    ledger.mine(lambda it: it.council.set_members(second, 4))
    replica.apply(ledger.batches(6))

    def seen(**query: Any) -> tuple[Any, ...]:
        it = got(client, "/v1/council", **query)
        rules = [(rule["for"], rule["quorum"], rule["delay"]) for rule in it["rules"]]
        return it["epoch"], it["quorum"], tuple(it["governors"]), rules, it["stamp"]["block"]

    def ruled(quorum: int) -> list[tuple[str, int, int]]:
        return [("IssuerRegistry, all functions", quorum, 60)]

    moments = {block: timestamp(ledger.blocks[block].header.stamp.time) for block in (7, 8)}
    for query in ({"at": 7}, {"knownAt": 7}, {"at": moments[7]}, {"knownAt": moments[7]}):
        assert seen(**query) == (1, 2, first, [], 7)
    assert seen(at=8) == seen(at=9, knownAt=8) == seen(knownAt=moments[8]) == (2, 2, first, ruled(2), 8)
    # Two no longer are a majority.
    assert seen() == seen(at=9) == (3, 4, second, ruled(3), 9)
    for query in ({"at": 6}, {"at": 9, "knownAt": 6}):
        assert client.get("/v1/council", params=query).status_code == 404
    one, other = got(client, "/v1/council/history", limit=2), got(client, "/v1/council/history", after=2)
    assert [(it["position"], it["epoch"]) for it in one["history"] + other["history"]] == [
        (1, 1),
        (2, 2),
        (3, 3),
    ]
    assert (one["next"], other["next"]) == (2, None)


def test_histories_page_by_page(client: TestClient) -> None:
    path, kinds, after = f"/v1/status-lists/{ID}/history", [], 0
    while True:
        found = got(client, path, after=after, limit=3)
        kinds += [(one["position"], one["kind"], one["stamp"]["block"]) for one in found["history"]]
        if found["next"] is None:
            break
        after = found["next"]
    assert kinds == [(1, "created", 2), (2, "published", 3), (3, "confirmed", 4), (4, "closed", 6)]
    issuer = got(client, f"/v1/issuers/{DID}/history")["history"]
    assert [(one["standing"], one["stamp"]["block"]) for one in issuer][1:] == [("active", 1), ("suspended", 5)]
    assert issuer[-1]["reason"] == "an inquiry"
    assert client.get("/v1/issuers/did:web:other.example/history").status_code == 404
    assert client.get(path, params={"limit": 0}).status_code == 422


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"at": "yesterday"}, 400),
        ({"knownAt": "2026-03-03"}, 400),
        ({"at": "-1"}, 400),
        ({"at": str(1 << 63)}, 400),
        ({"at": "2099-01-01T00:00:00Z"}, 400),  # still to come
        ({"knownAt": "2020-01-01T00:00:00Z"}, 404),  # the register had not begun
        ({"knownAt": "0"}, 404),
        ({"at": "99"}, 404),
    ],
)
def test_a_moment_of_which_there_are_no_records(client: TestClient, query: dict[str, str], status: int) -> None:
    for path in ("/v1/issuers", f"/v1/issuers/{DID}", f"/v1/dids/{DID}", "/v1/status-lists"):
        response = client.get(path, params=query)
        assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")


def test_a_moment_after_a_head_that_grew_old(client: TestClient, replica: Replica, node: SimulatedNode) -> None:
    now = timestamp(node.clock())
    replica.halt("enough")
    assert client.get("/v1/issuers", params={"at": now}).status_code == 503


def test_a_damaged_list_tells_no_values(client: TestClient, ledger: SimulatedLedger, replica: Replica) -> None:
    from dataclasses import replace

    contracts = ledger.contracts
    (event,) = contracts.create(1, "https://board.example/status-lists/odd")
    ledger.mine_events([replace(event, root=bytes(32))], contracts)  # type: ignore[type-var] # an event
    replica.apply(ledger.batches(6))
    assert got(client, "/v1/status-lists/odd")["intact"] is False
    assert got(client, "/v1/status-lists/odd/history")["history"][-1]["kind"] == "damaged"
    assert client.get("/v1/status-lists/odd/entries/1").status_code == 503


def test_a_verification_of_the_past(client: TestClient, node: SimulatedNode, stamps: list[BlockStamp]) -> None:
    def asked(query: str, body: Any = None) -> AsOf:
        response = client.post(f"/v1/verifications{query}", json=body or {"credential": {"id": "accepted"}})
        assert response.status_code == 200, response.text
        at: AsOf = node.verification.asked[-1]["at"]
        return at

    assert asked("?at=2026-01-01T00:00:00Z") == AsOf(valid_at=verdicts.at("2026-01-01 00:00"))
    assert asked("?at=3") == AsOf(valid_at=stamps[3].time)
    assert asked("?at=3&knownAt=4") == AsOf(block=4, known_at=stamps[4].time, valid_at=stamps[3].time)
    in_body = {"credential": {"id": "accepted"}, "asOf": {"block": 4}}
    assert asked("", in_body) == AsOf(block=4, known_at=stamps[4].time)
    assert asked("", {"credential": {"id": "accepted"}, "asOf": {"block": 99}}) == AsOf(block=99)
    for query, status in (("?at=99", 404), ("?at=soon", 400)):
        response = client.post(f"/v1/verifications{query}", json={"credential": {"id": "accepted"}})
        assert response.status_code == status
    assert client.post("/v1/verifications?at=3", json=in_body).status_code == 400
