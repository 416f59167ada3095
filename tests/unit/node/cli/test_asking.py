"""What all commands do alike: text or JSON, and a problem told in its own words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from node.cli import asking
from node.cli.main import app
from registry.publisher.publications import State
from tests.simulators import verdicts
from tests.simulators.node import SimulatedNode
from tests.unit.node.cli.command_line import Run


@pytest.mark.parametrize(
    "command", [["issuer", "show"], ["issuer", "show", verdicts.BOARD], ["list", "show"], ["ledger", "status"]]
)
def test_showing_works_as_text_and_as_json(run: Run, command: list[str]) -> None:
    text, as_json = run(*command), run(*command, "--json")
    assert (text.exit_code, as_json.exit_code) == (0, 0), text.output + as_json.output
    assert text.stdout
    assert json.loads(as_json.stdout)


def test_a_problem_is_told_in_its_own_words(run: Run) -> None:
    done = run("issuer", "show", "did:web:nobody.example")
    assert done.exit_code == 2
    assert "ever accredited" in done.stderr
    as_json = run("issuer", "show", "did:web:nobody.example", "--json")
    assert json.loads(as_json.stderr)["status"] == 404


def test_without_a_node_it_says_how_to_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx2

    def unreachable(*_: Any, **__: Any) -> None:
        raise httpx2.ConnectError("refused")

    monkeypatch.setattr(httpx2.Client, "request", unreachable)
    done = CliRunner().invoke(app, ["ledger", "status"])
    assert done.exit_code == 2
    assert "goodstanding serve" in done.stderr


def test_a_missing_key_says_how_to_give_one(run: Run) -> None:
    result = run("alerts", "--api-key", "wrong")
    assert result.exit_code == 2
    assert "--api-key" in result.output and "GOODSTANDING_API_KEY" in result.output


def test_what_is_still_on_its_way_is_not_done(
    run: Run, node: SimulatedNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script must not take a revocation for made that a ledger has yet to record."""
    monkeypatch.setattr(asking, "PATIENCE", 0)
    node.publisher.next_state = State.SIGNED
    for flags in ([], ["--json"]):
        done = run("list", "close", verdicts.LIST, *flags)
        assert (done.exit_code, "signed" in done.stdout) == (3, True)


def test_what_the_ledger_refuses_is_an_error(run: Run, node: SimulatedNode) -> None:
    node.publisher.next_state = State.FAILED
    done = run("list", "close", verdicts.LIST)
    assert done.exit_code == 2
