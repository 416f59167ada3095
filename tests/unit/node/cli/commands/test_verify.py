"""`goodstanding verify`: what it asks, the verdict in words, the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from node.api.presenters import verdict_json
from node.cli.commands.verify import verdict_lines
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from registry.records import AsOf
from tests.simulators import verdicts
from tests.simulators.node import SimulatedNode
from tests.unit.node.cli.command_line import Run, document


@pytest.mark.parametrize(
    ("name", "status", "heading"),
    [
        ("accepted", 0, "IN GOOD STANDING"),
        ("revoked", 1, "NOT VALID"),
        ("open", 3, "COULD NOT BE CHECKED"),
        ("reviewed", 4, "NEEDS A LOOK"),
    ],
)
def test_the_exit_status_is_the_decision(
    run: Run, tmp_path: Path, name: str, status: int, heading: str
) -> None:
    done = run("verify", document(tmp_path, name))
    assert (done.exit_code, done.stdout.splitlines()[0]) == (status, heading)


def test_json_is_the_result_model(run: Run, tmp_path: Path) -> None:
    done = run("verify", document(tmp_path, "revoked"), "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["decision"] == "reject"


def test_skills_are_listed_with_their_level(run: Run, tmp_path: Path) -> None:
    skill = verdicts.SKILLED.credentials[0].summary.skills[0]  # type: ignore[union-attr] # it has one
    assert f"{skill.name}: {skill.proficiency}" in run("verify", document(tmp_path, "skilled")).stdout


def test_what_is_asked_reaches_the_node(run: Run, node: SimulatedNode, tmp_path: Path) -> None:
    file = document(tmp_path, "accepted")
    run("verify", file, "--challenge", "c", "--domain", "d", "--known-at", "2026-04-01T00:00:00Z")
    asked = node.verification.asked[0]
    assert (asked["challenge"], asked["domain"]) == ("c", "d")
    assert asked["at"].known_at == 1775001600


@pytest.mark.parametrize("content", ["", "not json", '{"a": '])
def test_a_file_that_is_no_credential_is_said_to_be_none(run: Run, tmp_path: Path, content: str) -> None:
    path = tmp_path / "x"
    path.write_text(content)
    done = run("verify", str(path))
    assert done.exit_code == 2
    assert "neither JSON nor a JWT" in done.stderr


@pytest.mark.parametrize(
    ("outcome", "reason", "words"),
    [
        (Outcome.PASSED, Reason.OK, "(recognised)"),
        (Outcome.FAILED, Reason.ISSUER_SUSPENDED, "(not recognised)"),
        (Outcome.INDETERMINATE, Reason.REPLICA_STALE, "(recognition could not be checked)"),
    ],
)
def test_an_issuer_on_record_is_called_recognised_only_while_it_is(
    outcome: Outcome, reason: Reason, words: str
) -> None:
    found = verdicts.verdict(
        verdicts.credential(Decision.ACCEPT, verdicts.check(CheckId.TRUST, outcome, reason))
    )
    assert any(words in line for line in verdict_lines(verdict_json(found)))


def test_a_verification_as_of_then(run: Run, node: SimulatedNode, tmp_path: Path) -> None:
    arguments = ("--at", "2026-03-03T00:00:00Z", "--known-at", "2026-04-01T00:00:00Z")
    assert run("verify", document(tmp_path, "accepted"), *arguments).exit_code == 0
    expected = AsOf(known_at=verdicts.at("2026-04-01 00:00"), valid_at=verdicts.at("2026-03-03 00:00"))
    assert node.verification.asked[0]["at"] == expected


def test_what_is_inside_a_record_is_listed_under_it() -> None:
    text = "\n".join(verdict_lines(verdict_json(verdicts.RECORD)))
    assert "contains: IN GOOD STANDING" in text
    assert "endorsed by: NOT VALID" in text
    assert "Structural Steel Welder" in text


def test_an_issuer_that_nobody_names_is_shown_by_its_identifier() -> None:
    nameless = verdicts.LICENCE._replace(issuer_claimed_name="", issuer_recognised_name="")
    found = verdicts.verdict(verdicts.credential(summary=nameless))
    assert any(verdicts.BOARD in line for line in verdict_lines(verdict_json(found)))


@pytest.mark.parametrize("option", ["--policy", "--challenge", "--domain"])
def test_an_empty_option_is_asked_for_and_not_left_out(
    run: Run, node: SimulatedNode, tmp_path: Path, option: str
) -> None:
    """A script whose variable is empty would get a weaker answer than it asked for, and not know."""
    done = run("verify", document(tmp_path, "accepted"), option, "")
    if option == "--policy":
        assert (done.exit_code, "no policy of that name" in done.stderr) == (2, True)
    else:
        assert node.verification.asked[0][option[2:]] == ""
