"""What the ledger says, to anyone; and whether the replica agrees with it."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from registry.chain import LedgerUnavailable, WrongLedger
from tests.simulators import verdicts
from tests.simulators.node import BEARER, SimulatedNode


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
