"""`goodstanding list`: status lists created, published, continued."""

from __future__ import annotations

import json
from pathlib import Path

from registry.records import StatusPurpose
from tests.simulators import verdicts
from tests.simulators.fixture_ledger import replica_of
from tests.simulators.ledger import SimulatedLedger
from tests.simulators.node import SimulatedNode
from tests.unit.node.cli.command_line import Run


def test_a_register_is_published_whole(run: Run, node: SimulatedNode, tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    register.write_text("index,status\n1,revoked\n2,revoked\n")
    done = run("list", "publish", verdicts.LIST, "--register", str(register))
    assert done.exit_code == 0, done.stderr
    assert list(node.registrar.acts[0][1]["entries"]) == [(1, 1), (2, 1)]
    assert run("list", "publish", verdicts.LIST, "--register", str(register), "--revoke", "9").exit_code == 2


def test_single_entries_are_published(run: Run, node: SimulatedNode) -> None:
    assert run("list", "publish", verdicts.LIST, "--revoke", "9", "--revoke", "4").exit_code == 0
    assert node.registrar.acts[0][1]["entries"] == [(9, 1), (4, 1)]


def test_a_register_with_a_mistake_is_refused_whole(run: Run, node: SimulatedNode, tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    register.write_text("index,status\n1,perhaps\n")
    done = run("list", "publish", verdicts.LIST, "--register", str(register))
    assert done.exit_code == 2
    assert "line 2" in done.stderr
    assert node.registrar.acts == []


def test_a_list_is_created_as_asked(run: Run, node: SimulatedNode) -> None:
    assert run("list", "create", "notes", "--purpose", "message", "--status-size", "4").exit_code == 0
    members = node.registrar.acts[0][1]
    assert (members["purpose"], members["bits_per_entry"]) == (StatusPurpose.MESSAGE, 4)


def test_a_list_is_ours_by_name_and_anybodys_by_address(run: Run, node: SimulatedNode) -> None:
    """Two boards may call a list the same."""
    ledger = SimulatedLedger(genesis_time=verdicts.NOW - 1000)
    ledger.mine(lambda it: it.accredit(verdicts.BOARD))
    theirs = "https://other.example/status-lists/nursing"
    for uri in (theirs, "https://board.example/status-lists/nursing"):
        ledger.mine(lambda it, uri=uri: it.create(1, uri))
    node.queries = replica_of(ledger).queries  # type: ignore[assignment] # the real thing
    assert "https://board.example/" in run("list", "show", "nursing").stdout
    assert theirs in run("list", "show", theirs).stdout
    assert "knows no list" in run("list", "history", "https://other.example/1").stderr


def test_a_list_left_behind_is_shown_and_continued(run: Run, node: SimulatedNode) -> None:
    assert "LEFT BEHIND" not in run("list", "show").stdout
    node.queries.successor = "0x" + "a2" * 20
    assert "LEFT BEHIND: goodstanding list continue" in run("list", "show").stdout
    assert json.loads(run("list", "show", "--json").stdout)[0]["leftBehind"] is True
    done = run("council", "propose", "revoke", "--list", verdicts.LIST, "--entry", "7")
    assert done.exit_code == 2 and "goodstanding list continue" in done.stderr
    assert "goodstanding list continue" in run("list", "move", verdicts.LIST, "--to", verdicts.BOARD).stderr
    assert run("list", "continue", verdicts.LIST).exit_code == 0
    assert node.registrar.acts == [("continue_list", {"uri": verdicts.LIST})]
