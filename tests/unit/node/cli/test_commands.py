"""The command line against a simulated node: what is asked of it, what is printed, how it exits."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from starlette.testclient import TestClient
from typer.testing import CliRunner

from node.api.app import create_app
from node.api.presenters import verdict_json
from node.cli import asking
from node.cli.client import NodeClient
from node.cli.commands.verify import verdict_lines
from node.cli.main import app
from node.crypto.public_keys import KeyType
from node.monitoring.alerts import Alert
from node.monitoring.enrolment import Enrolment
from node.monitoring.rules import FindingKind
from node.services.moments import Moments
from node.settings import read_settings
from node.startup import contexts_of
from node.verification.proofs.contexts import VCDM_2
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from registry.actions import AccreditIssuer, ApproveProposal, ChangeStanding, ProposeCall
from registry.bindings import issuer_registry
from registry.bindings.council import CouncilAction
from registry.events import MembersChanged, ProposalApproved, ProposalMade
from registry.publisher.outbox import State
from registry.records import AsOf, Standing, StatusPurpose
from registry.replica.council import GovernanceEvent
from tests.simulators import verdicts
from tests.simulators.fixture_ledger import replica_of
from tests.simulators.issuer import SimulatedIssuer
from tests.simulators.ledger import CONTRACTS, SimulatedLedger
from tests.simulators.node import KEY, SimulatedNode
from tests.simulators.stories import GOVERNORS

Run = Callable[..., Result]


@pytest.fixture
def node() -> SimulatedNode:
    return SimulatedNode()


@pytest.fixture
def run(node: SimulatedNode, monkeypatch: pytest.MonkeyPatch) -> Run:
    served = TestClient(create_app(node), raise_server_exceptions=False)  # type: ignore[arg-type] # simulated

    class InMemory(NodeClient):
        def __init__(self, base_url: str | None = None, api_key: str | None = None, **_: Any) -> None:
            self.base_url = "http://testserver"
            self._http = served  # type: ignore[assignment] # answers as httpx2.Client does
            served.headers["authorization"] = f"Bearer {api_key or KEY}"

        def close(self) -> None: ...

    monkeypatch.setattr(asking, "NodeClient", InMemory)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def document(folder: Path, name: str) -> str:
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"id": name}))
    return str(path)


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


def test_a_jwt_is_printed_as_one(run: Run, tmp_path: Path) -> None:
    done = run("credential", "issue", document(tmp_path, "unsigned"), "--mechanism", "vc+jwt")
    assert done.stdout.strip() == "eyJhbGciOiJFZERTQSJ9.e30.c2ln"


def test_part_of_a_credential_is_shown(run: Run, tmp_path: Path) -> None:
    board = SimulatedIssuer("board", type_=KeyType.P256)
    signed = board.sign(board.licence(), "ecdsa-sd-2023", mandatory_pointers=["/issuer"])
    path = tmp_path / "licence.json"
    path.write_text(json.dumps(signed))
    done = run("credential", "derive", str(path), "--show", "/credentialSubject/givenName")
    assert json.loads(done.stdout)["credentialSubject"] == {"id": "did:example:nurse", "givenName": "Ada"}
    wrong = run("credential", "derive", str(path), "--show", "/nothing")
    assert wrong.exit_code == 2
    assert "'/nothing' leads to nothing in the credential" in wrong.stderr
    asked = ["--mechanism", "ecdsa-sd-2023", "--mandatory", "/issuer", "--mandatory", "/name"]
    issued = run("credential", "issue", document(tmp_path, "unsigned"), *asked)
    assert json.loads(issued.stdout)["proof"] == {"cryptosuite": "ecdsa-sd-2023", "shows": ["/issuer", "/name"]}


def test_an_sd_jwt_is_printed_as_one(run: Run, tmp_path: Path) -> None:
    asked = ["--mechanism", "dc+sd-jwt", "--disclose", "/given_name", "--disclose", "/family_name"]
    done = run("credential", "issue", document(tmp_path, "unsigned"), *asked, "--holder", '{"kty": "OKP"}')
    expected = "eyJhbGciOiJFZERTQSJ9.e30.c2ln~/given_name~/family_name~{'kty': 'OKP'}"
    assert done.stdout.strip() == expected
    broken = run("credential", "issue", document(tmp_path, "unsigned"), *asked, "--holder", "Ana")
    assert broken.exit_code == 2


@pytest.mark.parametrize(
    "command", [["issuer", "show"], ["issuer", "show", verdicts.BOARD], ["list", "show"], ["ledger", "status"]]
)
def test_showing_works_as_text_and_as_json(run: Run, command: list[str]) -> None:
    text, as_json = run(*command), run(*command, "--json")
    assert (text.exit_code, as_json.exit_code) == (0, 0), text.output + as_json.output
    assert text.stdout
    assert json.loads(as_json.stdout)


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


def test_keys_are_shown_by_address_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODSTANDING_DATA_DIR", str(tmp_path))
    shown = json.loads(CliRunner().invoke(app, ["keys", "show", "--json"]).stdout)
    assert set(shown) == {"admin", "operator", "issuing", "issuing-p256"}
    for path in (tmp_path / "keys").iterdir():
        assert path.read_text().strip() not in json.dumps(shown)


HOLDER_KEY = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"


def test_resolving_a_document_and_a_part_of_it(run: Run) -> None:
    did = f"did:key:{HOLDER_KEY}"
    assert json.loads(run("resolve", did).stdout)["id"] == did
    part = run("resolve", f"{did}#{HOLDER_KEY}", "--version-time", "2026-03-01T00:00:00Z")
    assert json.loads(part.stdout)["publicKeyMultibase"] == HOLDER_KEY
    whole = run("resolve", f"{did}#{HOLDER_KEY}", "--json")
    assert json.loads(whole.stdout)["dereferencingMetadata"]["verificationRelationships"]
    assert run("resolve", did, "--version-id", "7").exit_code != 0


def test_a_did_that_does_not_resolve_says_why(run: Run) -> None:
    result = run("resolve", "nonsense")
    assert result.exit_code == 2
    assert "not a DID" in result.output


def test_a_missing_key_says_how_to_give_one(run: Run) -> None:
    result = run("alerts", "--api-key", "wrong")
    assert result.exit_code == 2
    assert "--api-key" in result.output and "GOODSTANDING_API_KEY" in result.output


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


# --- the past


@pytest.fixture
def with_a_past(node: SimulatedNode) -> SimulatedLedger:
    """1 accredited, 2 a list, 3 entry 7 revoked, 4 suspended."""
    ledger = SimulatedLedger(genesis_time=verdicts.NOW - 1000)
    ledger.mine(lambda it: it.accredit(verdicts.BOARD))
    ledger.mine(lambda it: it.create(1, "https://board.example/status-lists/first"))
    ledger.mine(lambda it: it.publish("https://board.example/status-lists/first", [7], ledger.time))
    ledger.mine(lambda it: it.change_standing(1, Standing.SUSPENDED))
    replica = replica_of(ledger)
    node.queries = replica.queries  # type: ignore[assignment] # the real thing
    node.moments = Moments(replica.block_not_above, replica.queries.freshness, ledger)  # type: ignore[assignment]
    return ledger


def test_a_verification_as_of_then(run: Run, node: SimulatedNode, tmp_path: Path) -> None:
    arguments = ("--at", "2026-03-03T00:00:00Z", "--known-at", "2026-04-01T00:00:00Z")
    assert run("verify", document(tmp_path, "accepted"), *arguments).exit_code == 0
    expected = AsOf(known_at=verdicts.at("2026-04-01 00:00"), valid_at=verdicts.at("2026-03-03 00:00"))
    assert node.verification.asked[0]["at"] == expected


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


def test_what_is_inside_a_record_is_listed_under_it() -> None:
    text = "\n".join(verdict_lines(verdict_json(verdicts.RECORD)))
    assert "contains: IN GOOD STANDING" in text
    assert "endorsed by: NOT VALID" in text
    assert "Structural Steel Welder" in text


def test_an_issuer_that_nobody_names_is_shown_by_its_identifier() -> None:
    nameless = verdicts.LICENCE._replace(issuer_claimed_name="", issuer_recognised_name="")
    found = verdicts.verdict(verdicts.credential(summary=nameless))
    assert any(verdicts.BOARD in line for line in verdict_lines(verdict_json(found)))


# --- the council


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


def test_a_proposal_that_is_not_ripe_or_not_there(run: Run, suspension: str) -> None:
    assert "not to be executed yet" in run("council", "execute", suspension).stderr
    assert "no proposal begins with 0x77" in run("council", "approve", "0x77").stderr


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


def test_acts_of_an_issuers_admin(run: Run, node: SimulatedNode) -> None:
    old, new = "0x" + "22" * 20, "0x" + "44" * 20
    assert run("issuer", "rotate", verdicts.BOARD, "--old", old, "--new", new).exit_code == 0
    assert run("list", "close", verdicts.LIST).exit_code == 0
    assert node.registrar.acts == [
        ("rotate", {"did": verdicts.BOARD, "old": old, "new": new}),
        ("close_list", {"uri": verdicts.LIST}),
    ]


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


def test_what_the_ledger_refuses_is_an_error(run: Run, node: SimulatedNode) -> None:
    node.publisher.next_state = State.FAILED
    done = run("list", "close", verdicts.LIST)
    assert done.exit_code == 2


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


def test_a_schema_is_anchored_under_its_own_address_or_another(
    run: Run, node: SimulatedNode, tmp_path: Path
) -> None:
    file, url = tmp_path / "schema.json", "https://board.example/licence.json"
    file.write_text(json.dumps({"$id": url, "required": ["name"]}))
    for arguments, expected in (
        ([str(file)], url),
        ([str(file), "--id", "https://board.example/other.json"], "https://board.example/other.json"),
        (["--withdraw", "--id", url], url),
    ):
        assert run("did", "schema", *arguments).exit_code == 0
        _, members = node.registrar.acts[-1]
        assert (members["url"], members["schema"] is None) == (expected, "--withdraw" in arguments)


@pytest.mark.parametrize("arguments", [[], ["FILE", "--withdraw"], ["--withdraw"], ["FILE"]])
def test_a_schema_without_a_file_or_an_address(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    file = tmp_path / "schema.json"
    file.write_text("{}")
    result = run("did", "schema", *(str(file) if one == "FILE" else one for one in arguments))
    assert result.exit_code == 2


CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"


def test_a_context_is_pinned_and_the_node_starts_with_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOODSTANDING_CONTEXTS_DIR", str(tmp_path / "contexts"))
    file = tmp_path / "clr.json"
    file.write_text('{"@context": {"ClrSubject": "https://clr.example/vocabulary#ClrSubject"}}')
    result = run("pin", "context", CLR, str(file))
    assert (result.exit_code, CLR in result.output) == (0, True), result.output
    assert contexts_of(read_settings()).document(CLR)


@pytest.mark.parametrize(
    ("arguments", "content", "fault"),
    [
        (["context", CLR], "{}", "not a context"),
        (["context", VCDM_2], '{"@context": {}}', "pinned already"),
        (["context", CLR, "--sha256", "00" * 32], '{"@context": {}}', "not that file"),
        (["schema", CLR], '{"type": "nothing"}', "no schema"),
        (["schema", CLR], "{" + " " * (1 << 20) + "}", "larger"),
        (["type", CLR], "{}", "GOODSTANDING_TYPES_DIR"),
        (["context", CLR], None, "cannot read"),
    ],
)
def test_what_could_not_be_used_is_not_pinned(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    content: str | None,
    fault: str,
) -> None:
    for kind in ("CONTEXTS", "SCHEMAS"):
        monkeypatch.setenv(f"GOODSTANDING_{kind}_DIR", str(tmp_path / kind))
    file = tmp_path / "file.json"
    if content is not None:
        file.write_text(content)
    result = run("pin", *arguments[:2], str(file), *arguments[2:])
    assert (result.exit_code, fault in result.output) == (2, True), result.output
    assert not any((tmp_path / kind).exists() for kind in ("CONTEXTS", "SCHEMAS"))
