"""`goodstanding issuer`: accreditations, their standing and their keys."""

from __future__ import annotations

import pytest

from registry.actions import AccreditIssuer, ChangeStanding
from registry.records import Standing
from tests.simulators import verdicts
from tests.simulators.node import SimulatedNode
from tests.unit.node.cli.command_line import Run


def test_accrediting_names_everything(run: Run, node: SimulatedNode) -> None:
    address = "0x" + "11" * 20
    done = run(
        *("issuer", "accredit", "did:web:new.example", "--name", "Board", "--type", "A", "--type", "B"),
        *("--until", "2030-01-01", "--admin", address, "--operator", address, "--jurisdiction", "US-CO"),
    )
    assert done.exit_code == 0, done.stderr
    (publication,) = node.publisher.publications.values()
    assert isinstance(publication.action, AccreditIssuer)
    terms = publication.action.terms
    assert (terms.credential_types, terms.jurisdictions) == (("A", "B"), ("US-CO",))
    assert terms.valid_until == 1893456000
    assert "block" in done.stdout


@pytest.mark.parametrize(
    ("command", "standing"),
    [("suspend", Standing.SUSPENDED), ("reinstate", Standing.ACTIVE), ("withdraw", Standing.WITHDRAWN)],
)
def test_standing(run: Run, node: SimulatedNode, command: str, standing: Standing) -> None:
    node.queries.standing = Standing.SUSPENDED if standing is Standing.ACTIVE else Standing.ACTIVE
    assert run("issuer", command, verdicts.BOARD, "--reason", "audit").exit_code == 0
    (publication,) = node.publisher.publications.values()
    assert publication.action == ChangeStanding(verdicts.BOARD, standing, "audit")


def test_acts_of_an_issuers_admin(run: Run, node: SimulatedNode) -> None:
    old, new = "0x" + "22" * 20, "0x" + "44" * 20
    assert run("issuer", "rotate", verdicts.BOARD, "--old", old, "--new", new).exit_code == 0
    assert run("list", "close", verdicts.LIST).exit_code == 0
    assert node.registrar.acts == [
        ("rotate", {"did": verdicts.BOARD, "old": old, "new": new}),
        ("close_list", {"uri": verdicts.LIST}),
    ]
