"""Listings and histories come page after page, all of them the same way, and no page is without bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from node.api.app import create_app
from node.api.paging import MAX_PAGE
from node.services.moments import Moments
from tests.simulators import verdicts
from tests.simulators.fixture_ledger import replica_of
from tests.simulators.ledger import SimulatedLedger
from tests.simulators.node import KEY, SimulatedNode

BOARDS = [f"did:web:board-{number}.example" for number in range(1, 6)]
LISTS = [f"https://board.example/status-lists/{number}" for number in range(1, 6)]
LISTINGS = {"/v1/issuers": ("issuers", "did", BOARDS), "/v1/status-lists": ("statusLists", "uri", LISTS)}


@pytest.fixture
def client() -> Iterator[TestClient]:
    """Blocks 1 to 5: an issuer in each; 6 to 10: a list in each."""
    ledger = SimulatedLedger(genesis_time=verdicts.NOW - 1000)
    for did in BOARDS:
        ledger.mine(lambda it, did=did: it.accredit(did))
    for uri in LISTS:
        ledger.mine(lambda it, uri=uri: it.create(1, uri))
    node, replica = SimulatedNode(), replica_of(ledger)
    replica.confirm(node.clock())
    node.queries = replica.queries  # type: ignore[assignment] # the real thing
    node.moments = Moments(replica.block_not_above, replica.queries.freshness, ledger)  # type: ignore[assignment] # the same
    with TestClient(create_app(node)) as client:  # type: ignore[arg-type] # a simulated node
        yield client


def pages(client: TestClient, path: str, of: str, **query: Any) -> list[list[dict[str, Any]]]:
    found, after = [], 0
    while after is not None:
        answer = client.get(path, params={"after": after, **query}).json()
        found.append(answer[of])
        after = answer["next"]
    return found


@pytest.mark.parametrize("path", LISTINGS)
def test_every_entry_comes_once_and_in_order(client: TestClient, path: str) -> None:
    of, member, names = LISTINGS[path]
    found = pages(client, path, of, limit=2)
    assert [len(page) for page in found] == [2, 2, 1]
    entries = [one for page in found for one in page]
    assert [(one["position"], one[member]) for one in entries] == list(enumerate(names, 1))
    whole = client.get(path).json()
    assert (whole[of], whole["next"], whole["asOf"]["block"]) == (entries, None, 10)


@pytest.mark.parametrize(("path", "block"), [("/v1/issuers", 3), ("/v1/status-lists", 8)])
def test_pages_of_the_past_end_with_what_there_was(client: TestClient, path: str, block: int) -> None:
    of, member, names = LISTINGS[path]
    found = pages(client, path, of, limit=2, knownAt=block)
    assert [one[member] for page in found for one in page] == names[:3]


@pytest.mark.parametrize(
    "path", [*LISTINGS, "/v1/proposals", f"/v1/issuers/{BOARDS[0]}/history", "/v1/enrolments", "/v1/alerts"]
)
def test_no_page_is_without_bound(client: TestClient, path: str) -> None:
    for asked in ({"limit": 0}, {"limit": MAX_PAGE + 1}, {"limit": "all"}):
        answered = client.get(path, params=asked, headers={"x-api-key": KEY})
        assert answered.status_code == 422, asked
    assert client.get("/v1/issuers", params={"after": -1}).status_code == 422
    assert client.get("/v1/issuers", params={"after": 99}).json()["issuers"] == []
