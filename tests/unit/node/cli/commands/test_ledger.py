"""`goodstanding ledger`: its state, audits, rebuilding the replica."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulators.node import SimulatedNode
from tests.unit.node.cli.command_line import Run


def test_the_ledgers_status_names_the_address_in_use(run: Run) -> None:
    assert "2 of 3; another took over 4 times" in run("ledger", "status").stdout


def test_a_halted_replica_is_an_exit_status(run: Run, node: SimulatedNode) -> None:
    node.queries.halted = "an event nobody understands"
    assert run("ledger", "status").exit_code == 3


def test_an_audit_that_finds_something_is_an_exit_status(run: Run) -> None:
    done = run("ledger", "audit")
    assert done.exit_code == 1
    assert "memory: one bit" in done.stdout
    assert "proven: 4 words\nonly asked: the block\n" in done.stdout


def test_rebuilding_waits_until_it_is_done(
    run: Run, node: SimulatedNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = iter([True, True, False])
    monkeypatch.setattr(type(node.replication), "rebuilding", property(lambda _: next(looks), lambda *_: None))
    monkeypatch.setattr("node.cli.commands.ledger.REBUILD_POLL", 0.0)
    result = run("ledger", "rebuild")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].startswith("done: up to block")
    node.replication.follows = False
    assert "another process" in run("ledger", "rebuild").stderr


@pytest.mark.parametrize(("option", "value"), [("--port", "99999"), ("--port", "-1"), ("--heartbeat", "-1")])
def test_an_embedded_ledger_that_could_not_run_is_not_started(
    run: Run, tmp_path: Path, option: str, value: str
) -> None:
    done = run("ledger", "run", "--state", str(tmp_path / "state"), option, value)
    assert (done.exit_code, option in done.stderr) == (2, True)
    assert not (tmp_path / "state").exists()
