"""What a node answers page by page is printed whole."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from node.monitoring.alerts import Alert
from node.monitoring.enrolment import Enrolment
from node.monitoring.rules import FindingKind
from node.verification.verdict import Decision
from tests.simulators import verdicts
from tests.simulators.fixture_ledger import replica_of
from tests.simulators.ledger import SimulatedLedger
from tests.simulators.node import SimulatedNode
from tests.unit.node.cli.command_line import Run


def test_listings_are_followed_over_all_pages(
    run: Run, node: SimulatedNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("node.cli.client.PAGE", 2)
    ledger = SimulatedLedger(genesis_time=verdicts.NOW - 1000)
    for number in range(1, 6):
        ledger.mine(lambda it, did=f"did:web:board-{number}.example": it.accredit(did))
        ledger.mine(lambda it, uri=f"https://other.example/status-lists/{number}": it.create(1, uri))
    node.queries = replica_of(ledger).queries  # type: ignore[assignment] # the real thing
    for command, member in (("issuer", "did"), ("list", "uri")):
        found = json.loads(run(command, "show", "--json").stdout)
        assert len({one[member] for one in found}) == len(found) == 5
        assert len(run(command, "show").stdout.splitlines()) == 5


def test_alerts_and_enrolments_are_followed_over_all_pages(
    run: Run, node: SimulatedNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("node.cli.client.PAGE", 2)
    alert = Alert(
        *(1, "e", "RN-1", FindingKind.STATUS_CHANGED, "revoked", verdicts.LIST, 7),
        *(Decision.ACCEPT, Decision.REJECT, 1, verdicts.STAMP, None, 0),
    )
    alerts = [replace(alert, id=number) for number in range(1, 5)]
    enrolment = Enrolment("a", "RN-1", "00", verdicts.BOARD, None, (), Decision.ACCEPT, 0, 0, 0)
    enrolments = [replace(enrolment, id=letter) for letter in "abcde"]

    class Paged:
        def __init__(self, found: list[Any]) -> None:
            self.found = found

        def list(self, *, after: Any, limit: int, **_: Any) -> list[Any]:
            return [one for one in self.found if one.id > after][:limit]

    node.alerts, node.roster = Paged(alerts), Paged(enrolments)
    assert [one["id"] for one in json.loads(run("alerts", "--json").stdout)] == [1, 2, 3, 4]
    assert [one["id"] for one in json.loads(run("roster", "list", "--json").stdout)] == list("abcde")
    assert len(run("alerts", "--after", "3").stdout.splitlines()) == 1
    assert "no alerts" in run("alerts", "--after", "4").stdout
