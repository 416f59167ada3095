"""What a receipt proves to an auditor, and everything that must not fool one."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from node.services.receipt_audit import Finding, Holds, audit
from node.verification.given import Given, Identifier
from node.verification.receipt import Receipt, ReceiptInvalid
from registry.proofs.registries import Registries
from registry.proofs.seals import Consensus, Validators
from registry.proofs.validators_file import TrustedLedger
from tests.simulators.issuer import STATUS_LIST, SimulatedIssuer, key_of
from tests.simulators.receipts import CLEAR, NODE_KEY, REVOKED, VERIFIER, ProvableBoard

SEALED = (Consensus.QBFT, Consensus.IBFT2, Consensus.CLIQUE)


@pytest.fixture(scope="module")
def board() -> ProvableBoard:
    return ProvableBoard()


@pytest.fixture(scope="module")
def licence(board: ProvableBoard) -> dict[str, Any]:
    return board.licence()


@pytest.fixture(scope="module")
def receipt(board: ProvableBoard, licence: dict[str, Any]) -> Receipt:
    return board.receipt(licence)


def _audit(board: ProvableBoard, receipt: Receipt, document: Any, **options: Any) -> list[Finding]:
    return audit(receipt, VERIFIER, **{"trusted": board.trusted, "document": document, **options})


def _all_hold(findings: list[Finding]) -> bool:
    return all(one.holds is Holds.YES for one in findings)


def _fails(findings: list[Finding]) -> bool:
    return any(one.holds is Holds.NO for one in findings)


def _words(findings: list[Finding], about: str) -> str:
    return " ".join(one.words for one in findings if one.about == about)


@pytest.mark.parametrize("consensus", SEALED)
def test_a_verdict_is_proved_to_whoever_trusts_the_validators(consensus: Consensus) -> None:
    board = ProvableBoard(consensus)
    licence = board.licence()
    receipt = Receipt.from_json(json.loads(json.dumps(board.receipt(licence).to_json())))
    findings = _audit(board, receipt, licence)
    assert _all_hold(findings)
    assert "3 of 4 validators" in _words(findings, "sealed")
    assert "was active" in _words(findings, "issuer")
    assert "Version 1" in _words(findings, "document")
    assert f"Entry {CLEAR} of {STATUS_LIST} was 0: not revoked" in _words(findings, "status")
    assert "signature holds" in _words(findings, "signature")
    assert "accept. Recomputed" in _words(findings, "verdict")


def test_a_rejection_is_proved_too(board: ProvableBoard) -> None:
    licence = board.licence(REVOKED)
    receipt = board.receipt(licence, entries=[(STATUS_LIST, REVOKED)])
    findings = _audit(board, receipt, licence)
    assert _all_hold(findings)
    assert "was 1: revoked" in _words(findings, "status")
    assert "reject. Recomputed" in _words(findings, "verdict")


def test_that_an_issuer_is_not_on_the_register_is_proved(board: ProvableBoard) -> None:
    anyone = SimulatedIssuer.self_made("anyone")
    licence = anyone.sign(anyone.licence())
    findings = _audit(board, board.receipt(licence, dids=[anyone.did]), licence)
    assert _all_hold(findings)
    assert f"{anyone.did} was not accredited" in _words(findings, "issuer")


def test_an_unsealed_ledger_proves_nothing_and_says_so() -> None:
    board = ProvableBoard(Consensus.UNSEALED)
    licence = board.licence()
    receipt = board.receipt(licence)
    findings = _audit(board, receipt, licence, trusted=None)
    sealed = next(one for one in findings if one.about == "sealed")
    assert sealed.holds is Holds.OPEN
    assert sealed.words.startswith("UNSEALED")
    assert not _fails(findings)
    assert not any("proven" in one.words.lower() for one in findings)
    for consensus in SEALED:
        other = ProvableBoard(consensus)
        assert _fails(audit(receipt, VERIFIER, trusted=other.trusted, document=licence))


@pytest.mark.parametrize("consensus", SEALED)
def test_without_validators_a_sealed_one_is_unsealed_to_us(consensus: Consensus) -> None:
    board = ProvableBoard(consensus)
    licence = board.licence()
    findings = _audit(board, board.receipt(licence), licence, trusted=None)
    assert [one.about for one in findings if one.holds is not Holds.YES] == ["sealed"]


def test_without_the_credential_the_verdict_stays_open(board: ProvableBoard, receipt: Receipt) -> None:
    findings = _audit(board, receipt, None)
    assert [one.about for one in findings if one.holds is not Holds.YES] == ["verdict"]


def badge(board: ProvableBoard) -> dict[str, Any]:
    """Names its recipient by e-mail address, and a file by its hash."""
    digest = "sha256-" + base64.b64encode(hashlib.sha256(FILE).digest()).decode()
    document = board.issuer.licence(index=CLEAR, relatedResource={"id": ADDRESS, "digestSRI": digest})
    terms = ("identifier", "identityHash", "hashed")
    document["@context"].append({name: f"https://board.example/v#{name}" for name in terms})
    document["credentialSubject"]["identifier"] = [{"identityHash": ANA.value, "hashed": False}]
    return board.issuer.sign(document)


FILE, ADDRESS = b"the file itself", "https://board.example/a=b.txt"
ANA, EVA = Identifier("ana@example.org"), Identifier("eva@example.org")
ASKED = Given((Identifier(ANA.value),), {ADDRESS: FILE}, ("Welding", "First aid"))


def test_a_verdict_asked_with_an_identifier_a_file_and_skills(board: ProvableBoard) -> None:
    licence = badge(board)
    members = json.loads(json.dumps(board.receipt(licence, given=ASKED).to_json()))
    receipt = Receipt.from_json(members)
    assert members["question"]["skills"] == ["Welding", "First aid"]
    assert members["verdict"]["skills"] == ["not_found", "not_found"]
    assert ["recipient", "PASSED", "ok"] in members["verdict"]["credentials"][0]["checks"]
    assert ANA.value not in json.dumps(members)
    assert _all_hold(_audit(board, receipt, licence, given=ASKED))
    for other in (Given(), replace(ASKED, identifiers=()), replace(ASKED, resources={ADDRESS: b"another"})):
        findings = _audit(board, receipt, licence, given=other)
        assert [one.about for one in findings if one.holds is not Holds.YES] == ["verdict"]
        assert not _fails(findings)
        assert "hand that along" in _words(findings, "verdict")
    assert _fails(_audit(board, receipt, licence, given=replace(ASKED, identifiers=(EVA,))))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("skills", ["Another skill"]),
        ("skills", []),
        ("skills", "Welding"),
        ("skills", ["x"] * 51),
        ("identifiers", ["emailAddress"]),
        ("identifiers", [7]),
        ("resources", {ADDRESS: "another hash"}),
        ("resources", [ADDRESS]),
        ("verdict", ["proven", "proven"]),
    ],
)
def test_what_a_receipt_keeps_of_its_question_is_signed(board: ProvableBoard, name: str, value: Any) -> None:
    licence = badge(board)
    members = copy.deepcopy(board.receipt(licence, given=ASKED).to_json())
    if name == "verdict":
        members["verdict"]["skills"] = value
    else:
        members["question"][name] = value
    assert not _survives(members, lambda it: _audit(board, it, licence, given=ASKED))


def test_nobody_says_that_a_skill_was_proven_which_was_not(board: ProvableBoard) -> None:
    licence = badge(board)
    honest = board.receipt(licence, given=ASKED)
    lie = replace(honest, outcomes={**honest.outcomes, "skills": ["proven", "not_found"]}).signed(NODE_KEY)
    assert _fails(_audit(board, lie, licence, given=ASKED))


def test_it_is_about_one_credential_and_no_other(board: ProvableBoard, receipt: Receipt) -> None:
    for other in (
        board.licence(REVOKED),
        board.licence(name="Another licence"),
        "eyJhbGciOiJFZERTQSJ9.e30.c2ln",
    ):
        assert _fails(_audit(board, receipt, other))


def test_another_order_of_members_is_the_same_credential(
    board: ProvableBoard, licence: dict[str, Any], receipt: Receipt
) -> None:
    assert _all_hold(_audit(board, receipt, dict(reversed(licence.items()))))


def test_list_and_index_come_from_the_credential(board: ProvableBoard) -> None:
    """A receipt for a revoked licence that proves somebody else's clear entry."""
    revoked = board.licence(REVOKED)
    honest = board.receipt(board.licence())
    forged = replace(
        honest, document_digest=board.receipt(revoked, entries=[(STATUS_LIST, REVOKED)]).document_digest
    )
    findings = _audit(board, forged.signed(NODE_KEY), revoked)
    assert _fails(findings)
    assert f"entry {REVOKED}" in _words(findings, "verdict")


def test_a_node_that_lies_about_its_verdict_is_found_out(board: ProvableBoard) -> None:
    revoked = board.licence(REVOKED)
    honest = board.receipt(revoked, entries=[(STATUS_LIST, REVOKED)])
    lie = copy.deepcopy(honest.to_json()["verdict"])
    lie["decision"] = lie["credentials"][0]["decision"] = "accept"
    findings = _audit(board, replace(honest, outcomes=lie).signed(NODE_KEY), revoked)
    assert _fails(findings)
    assert "Recomputed, it is: reject" in _words(findings, "verdict")


def test_other_validators_or_contracts_are_not_good_enough(
    board: ProvableBoard, licence: dict[str, Any], receipt: Receipt
) -> None:
    validators = board.ledger.trusted
    strangers = Validators(Consensus.QBFT, frozenset([bytes([n]) * 20 for n in range(4)]))
    fewer = Validators(Consensus.QBFT, frozenset(sorted(validators.addresses)[:3]))
    contracts = Registries(*(f"0x{n:040x}" for n in range(1, 4)))
    for trusted in (
        TrustedLedger(strangers, receipt.contracts),
        TrustedLedger(fewer, receipt.contracts),
        TrustedLedger(validators, contracts),
    ):
        findings = _audit(board, receipt, licence, trusted=trusted)
        assert _fails(findings)
        assert [one.about for one in findings] == ["node", "sealed"]


def test_the_node_that_signed_can_be_demanded(
    board: ProvableBoard, licence: dict[str, Any], receipt: Receipt
) -> None:
    assert _all_hold(_audit(board, receipt, licence, node=receipt.node))
    stranger = f"did:key:{key_of('another node').public.to_multikey()}"
    assert _fails(_audit(board, receipt, licence, node=stranger))


# --- nothing of it can be changed


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inner is None:
        yield path
        return
    for key, member in inner:
        yield from _leaves(member, (*path, key))


def _changed(value: Any) -> Iterator[Any]:
    if isinstance(value, str):
        for at in range(0, len(value), max(1, len(value) // 12)):
            yield value[:at] + ("A" if value[at] != "A" else "B") + value[at + 1 :]
        yield value + "A"
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    yield None


def _mutants(members: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in _leaves(members):
        target = members
        for key in path:
            target = target[key]
        for value in _changed(target):
            mutant = copy.deepcopy(members)
            place: Any = mutant
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = value
            yield "/".join(map(str, path)), mutant


def _survives(members: dict[str, Any], judge: Callable[[Receipt], list[Finding]]) -> bool:
    try:
        return _all_hold(judge(Receipt.from_json(members)))
    except ReceiptInvalid:
        return False


def test_no_member_may_be_changed_by_others(
    board: ProvableBoard, licence: dict[str, Any], receipt: Receipt
) -> None:
    for where, mutant in _mutants(receipt.to_json()):
        assert not _survives(mutant, lambda it: _audit(board, it, licence)), where


# What only the node can say, which its signature is for; and the policy asked for, which may demand less.
_NODE_S_WORD = {
    "question/now",
    "question/policy/name",
    "question/policy/require_accreditation",
    "confirmedAt",
    "ledger/chainId",
}


def test_even_the_node_cannot_change_what_the_ledger_proves(
    board: ProvableBoard, licence: dict[str, Any], receipt: Receipt
) -> None:
    for where, mutant in _mutants(receipt.to_json()):
        if where in {"signature", "node"} | _NODE_S_WORD:
            continue
        survives = _survives(mutant, lambda it: _audit(board, it.signed(NODE_KEY), licence))
        assert not survives, where


@pytest.mark.parametrize(
    "members",
    [
        None,
        [],
        {},
        {"type": "GoodstandingReceipt"},
        {"type": "GoodstandingReceipt", "format": 2},
    ],
)
def test_what_is_no_receipt_is_refused(members: Any) -> None:
    with pytest.raises(ReceiptInvalid):
        Receipt.from_json(members)


def test_it_holds_nothing_of_the_credential_but_its_hash_and_entry(
    licence: dict[str, Any], receipt: Receipt
) -> None:
    text = json.dumps(receipt.to_json())
    for secret in ("Ada", "Okafor", "RN-1", "did:example:nurse", licence["proof"]["proofValue"], licence["id"]):
        assert secret not in text


def test_the_members_of_a_receipt_are_those_we_read(receipt: Receipt) -> None:
    for extra in ({"more": 1}, {"question": {**receipt.to_json()["question"], "more": 1}}):
        with pytest.raises(ReceiptInvalid):
            Receipt.from_json(receipt.to_json() | extra)
    policy = {**receipt.to_json()["question"], "policy": {"name": "default", "require_accreditation": 1}}
    with pytest.raises(ReceiptInvalid):
        Receipt.from_json(receipt.to_json() | {"question": policy})
