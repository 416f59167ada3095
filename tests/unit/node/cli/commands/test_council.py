"""`goodstanding council`: what waits, who governs, approving and executing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from node.services.moments import Moments
from registry.actions import ApproveProposal
from registry.bindings import issuer_registry
from registry.bindings.council import CouncilAction
from registry.events import MembersChanged, ProposalApproved, ProposalMade
from registry.records import Standing
from registry.replica.council import GovernanceEvent
from tests.simulators import verdicts
from tests.simulators.fixture_ledger import replica_of
from tests.simulators.ledger import CONTRACTS, SimulatedLedger
from tests.simulators.node import SimulatedNode
from tests.simulators.stories import GOVERNORS
from tests.unit.node.cli.command_line import Run


@pytest.fixture
def suspension(node: SimulatedNode) -> str:
    """A proposal that waits for another governor; its number."""
    data = issuer_registry.change_standing(1, Standing.SUSPENDED, "audit")
    action = CouncilAction(CONTRACTS.issuer_registry, data, bytes(32), verdicts.NOW + 1000, 1)
    first, second, third = ("0x" + digit * 40 for digit in "123")
    events: list[GovernanceEvent] = [
        MembersChanged(CONTRACTS.council, 1, 2, (first, second, third)),
        ProposalMade(
            action.id, CONTRACTS.council, first, action.target, 1, action.expires_at, action.salt, data
        ),
        ProposalApproved(action.id, first, 1),
    ]
    for event in events:
        node.queries.governance = node.queries.governance.after(event, verdicts.STAMP)
    return "0x" + action.id.hex()


def test_what_waits_for_governors_is_listed_in_words(run: Run, suspension: str) -> None:
    done = run("council", "list", "--pending")
    assert suspension[:10] in done.stdout and "1 of 2" in done.stdout
    assert f"suspend {verdicts.BOARD}, because: audit" in done.stdout
    assert json.loads(run("council", "list", "--json").stdout)[0]["id"] == suspension
    assert "2 of 3 governors decide" in run("council", "show").stdout


def test_who_governed_then(run: Run, with_a_past: SimulatedLedger, node: SimulatedNode) -> None:
    ledger, (first, *_, last) = with_a_past, GOVERNORS
    ledger.mine(lambda it: it.council.found((first,), 1))
    ledger.mine(lambda it: it.council.set_members((last,), 1))
    replica = replica_of(ledger)
    node.queries = replica.queries  # type: ignore[assignment] # the real thing
    node.moments = Moments(replica.block_not_above, replica.queries.freshness, ledger)  # type: ignore[assignment]
    assert first in run("council", "show", "--at", "5", "--known-at", "5").stdout
    assert last in run("council", "show").stdout
    before, after = run("council", "history").stdout.splitlines()
    assert "block 5  epoch 1" in before and first in before
    assert "block 6  epoch 2" in after and last in after


def test_approving_says_first_what_it_approves(run: Run, node: SimulatedNode, suspension: str) -> None:
    done = run("council", "approve", suspension[:12])
    first, second, *_ = done.stdout.splitlines()
    assert first == f"approving {suspension[:10]}: suspend {verdicts.BOARD}, because: audit …"
    assert second.startswith("done: transaction 0x") and "block" in second
    (publication,) = node.publisher.publications.values()
    assert isinstance(publication.action, ApproveProposal)
    assert node.proposals.describe(publication.action.target, publication.action.data) in first


def test_proposing_what_is_pending_approves_it_and_says_so(
    run: Run, node: SimulatedNode, suspension: str
) -> None:
    done = run("issuer", "suspend", verdicts.BOARD, "--reason", "audit")
    first, second, *_ = done.stdout.splitlines()
    assert first == f"{verdicts.BOARD}: suspended …"
    assert second == f"0x{'1' * 40} had proposed that already: approving proposal {suspension[:10]} instead"
    (publication,) = node.publisher.publications.values()
    assert isinstance(publication.action, ApproveProposal)
    as_json = json.loads(run("issuer", "suspend", verdicts.BOARD, "--reason", "audit", "--json").stdout)
    assert (as_json["action"], as_json["proposal"]["id"]) == ("ApproveProposal", suspension)


def test_a_signed_approval_that_is_none(run: Run, suspension: str, tmp_path: Path) -> None:
    assert "no governor's key" in run("council", "sign", suspension).stderr
    file = tmp_path / "approval.json"
    assert "cannot read" in run("council", "submit", suspension, str(file)).stderr
    file.write_text("{")
    assert "not JSON" in run("council", "submit", suspension, str(file)).stderr
    file.write_text("[]")
    assert run("council", "submit", suspension, str(file)).exit_code == 2
    address = "0x" + "2" * 40
    approval = {"chainId": 7, "council": address, "proposal": suspension, "deadline": 1, "governor": address}
    file.write_text(json.dumps(approval | {"signature": "0x" + "00" * 65}))
    assert "of chain 7" in run("council", "submit", suspension, str(file)).stderr
    mistyped = "0x052dcB3e2A3898A4c8915c98126f00A52ad77928"
    file.write_text(json.dumps(approval | {"governor": mistyped, "signature": "0x" + "00" * 65}))
    assert "governor: the address is mistyped" in run("council", "submit", suspension, str(file)).stderr


def test_a_proposal_that_is_not_ripe_or_not_there(run: Run, suspension: str) -> None:
    assert "not to be executed yet" in run("council", "execute", suspension).stderr
    assert "no proposal begins with 0x77" in run("council", "approve", "0x77").stderr


@pytest.mark.parametrize("beginning", ["", "0x"])
def test_no_number_at_all_approves_nothing(run: Run, suspension: str, beginning: str) -> None:
    done = run("council", "approve", beginning)
    assert (done.exit_code, "which proposal?" in done.stderr) == (2, True)
