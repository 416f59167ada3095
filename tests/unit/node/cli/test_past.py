"""Issuers and lists as they stood then, and how they came to stand so."""

from __future__ import annotations

import json

from tests.simulators import verdicts
from tests.simulators.ledger import SimulatedLedger
from tests.unit.node.cli.command_line import Run


def test_histories(run: Run, with_a_past: SimulatedLedger) -> None:
    *_, before, last = run("issuer", "history", verdicts.BOARD).stdout.splitlines()
    assert "block 1" in before and "active" in before
    assert "block 4" in last and "suspended" in last
    created, published = run("list", "history", "first").stdout.splitlines()
    assert "created" in created and "published" in published
    assert len(json.loads(run("list", "history", "first", "--json").stdout)) == 2
    assert run("list", "history", "another").exit_code == 2


def test_lists_issuers_and_entries_as_of_then(run: Run, with_a_past: SimulatedLedger) -> None:
    assert "active" in run("issuer", "show", verdicts.BOARD, "--at", "3").stdout
    assert "suspended" in run("issuer", "show", "--at", "4").stdout
    assert "0 updates" in run("list", "show", "first", "--known-at", "2").stdout
    assert "1 update" in run("list", "show").stdout
    assert "value                1, since" in run("list", "entry", "first", "7").stdout
    assert "never changed" in run("list", "entry", "first", "7", "--at", "2").stdout
    assert "begins with block 1" in run("list", "show", "--known-at", "0").stderr
