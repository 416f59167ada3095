"""How long a list that was fetched is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from node.verification.dates import written
from node.verification.reasons import Reason
from tests.behaviours.web_status_lists.asking import FETCHING, OPEN, PASSED, found, licence, serve, status
from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.web_lists import NOW, list_credential


def fetched_after(party: SimulatedRelyingParty, *waits: int) -> list[int]:
    """How often the list had been fetched after each wait."""
    counts = []
    for wait in waits:
        party.clock.advance(wait)
        party.ledger.block()
        status(party)
        counts.append(len(party.web.asked))
    return counts


@pytest.mark.parametrize(
    ("members", "kept"),
    [
        ({}, 300),
        ({"_ttl": 60_000}, 60),
        ({"_ttl": 0}, 5),
        ({"_ttl": -1}, 5),
        ({"_ttl": "300000"}, 5),
        ({"_ttl": 10**12}, 3600),
        ({"_ttl": 900_000, "validUntil": "2026-11-18T18:18:20Z"}, 100),
    ],
)
def test_it_is_kept_as_its_issuer_says_within_bounds(
    party: SimulatedRelyingParty, members: dict[str, Any], kept: int
) -> None:
    if "validUntil" in members:
        members = members | {"validUntil": written(NOW + kept)}
    serve(party, list_credential(party.board, **members))
    assert fetched_after(party, 0, kept - 1, 1) == [1, 1, 2]


def test_a_failure_is_kept_for_a_short_while(party: SimulatedRelyingParty) -> None:
    assert fetched_after(party, 0, 14) == [1, 1]
    serve(party, list_credential(party.board))
    party.clock.advance(1)
    assert found(status(party)) == (PASSED, Reason.OK)
    assert len(party.web.asked) == 2


def test_it_is_fetched_anew_once_its_issuer_has_other_keys(party: SimulatedRelyingParty) -> None:
    serve(party, list_credential(party.board))
    assert found(status(party)) == (PASSED, Reason.OK)
    presented = licence(party)
    party.ledger.pin(party.board.did, json.dumps(party.board.document() | {"service": []}).encode())
    assert found(status(party, presented)) == (PASSED, Reason.OK)
    assert len(party.web.asked) == 2


def test_a_policy_may_ask_for_a_younger_list(party: SimulatedRelyingParty) -> None:
    serve(party, list_credential(party.board))
    strict = replace(FETCHING, max_list_age=3600)
    assert found(status(party, policy=strict)) == (OPEN, Reason.STATUS_STALE)
    party.clock.advance(301)
    party.ledger.block()
    serve(party, list_credential(party.board, validFrom=written(party.clock.now - 3600)))
    assert found(status(party, policy=strict)) == (PASSED, Reason.OK)
