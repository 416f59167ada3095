"""`goodstanding council propose`: what is proposed, in words, and what cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.actions import ProposeCall
from tests.simulators import verdicts
from tests.simulators.node import SimulatedNode
from tests.unit.node.cli.command_line import Run


def test_proposing_other_members(run: Run, node: SimulatedNode) -> None:
    done = run("council", "propose", "members", "--governor", "0x" + "11" * 20, "--quorum", "1")
    assert done.exit_code == 0, done.stderr
    (publication,) = node.publisher.publications.values()
    assert isinstance(publication.action, ProposeCall)
    said = node.proposals.describe(publication.action.target, publication.action.data)
    assert said == f"replace the council's members: 1 of {'0x' + '11' * 20}"


def test_revoking_in_an_emergency_is_said_in_words(run: Run, node: SimulatedNode) -> None:
    asked = ("council", "propose", "revoke", "--list", verdicts.LIST)
    done = run(*asked, "--entry", "42", "--entry", "7", "--entry", "4711")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith(f"proposing to revoke in an emergency 42, 7, 4711 of {verdicts.LIST} …")
    (publication,) = node.publisher.publications.values()
    assert isinstance(publication.action, ProposeCall)
    said = node.proposals.describe(publication.action.target, publication.action.data)
    # 4711 is revoked already: a revocation list is only ever added to.
    assert f"as update 4 of {verdicts.LIST}, 2 entries (7, 42) from " in said


@pytest.mark.parametrize(
    ("uri", "entries", "why"),
    [
        (verdicts.LIST, ["4711"], "revoked already"),
        (verdicts.LIST, ["131072"], "not in 0 … 131071"),
        (verdicts.LIST, ["-1"], "not in 0 … 131071"),
        (verdicts.LIST, ["7", "7"], "given twice"),
        ("https://nowhere.example/1", ["7"], "knows no list"),
    ],
)
def test_what_cannot_be_revoked_in_an_emergency(
    run: Run, node: SimulatedNode, uri: str, entries: list[str], why: str
) -> None:
    options = [part for entry in entries for part in ("--entry", entry)]
    done = run("council", "propose", "revoke", "--list", uri, *options)
    assert done.exit_code == 2 and why in done.stderr
    assert not node.publisher.publications


def test_call_data_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"\xff")
    for file, words in (("nowhere", "cannot read"), ("data", "not a text")):
        done = run("council", "propose", "call", "0x" + "11" * 20, f"@{tmp_path / file}")
        assert (done.exit_code, words in done.stderr) == (2, True)
