"""What a receipt proves to an auditor, and what it leaves open."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from node.services.receipt_audit import Holds, audit
from node.verification.receipt import Receipt
from registry.proofs.registries import Registries
from registry.proofs.seals import Consensus, Validators
from registry.proofs.validators_file import TrustedLedger
from tests.behaviours.receipts.auditing import SEALED, all_hold, audited, fails, words
from tests.simulators.issuer import STATUS_LIST, SimulatedIssuer, key_of
from tests.simulators.receipts import CLEAR, NODE_KEY, REVOKED, VERIFIER, ProvableBoard


@pytest.mark.parametrize("consensus", SEALED)
def test_a_verdict_is_proved_to_whoever_trusts_the_validators(consensus: Consensus) -> None:
    board = ProvableBoard(consensus)
    licence = board.licence()
    receipt = Receipt.from_json(json.loads(json.dumps(board.receipt(licence).to_json())))
    findings = audited(board, receipt, licence)
    assert all_hold(findings)
    assert "3 of 4 validators" in words(findings, "sealed")
    assert "was active" in words(findings, "issuer")
    assert "Version 1" in words(findings, "document")
    assert f"Entry {CLEAR} of {STATUS_LIST} was 0: not revoked" in words(findings, "status")
    assert "signature holds" in words(findings, "signature")
    assert "accept. Recomputed" in words(findings, "verdict")


def test_a_rejection_is_proved_too(board: ProvableBoard) -> None:
    licence = board.licence(REVOKED)
    receipt = board.receipt(licence, entries=[(STATUS_LIST, REVOKED)])
    findings = audited(board, receipt, licence)
    assert all_hold(findings)
    assert "was 1: revoked" in words(findings, "status")
    assert "reject. Recomputed" in words(findings, "verdict")


def test_that_an_issuer_is_not_on_the_register_is_proved(board: ProvableBoard) -> None:
    anyone = SimulatedIssuer.self_made("anyone")
    licence = anyone.sign(anyone.licence())
    findings = audited(board, board.receipt(licence, dids=[anyone.did]), licence)
    assert all_hold(findings)
    assert f"{anyone.did} was not accredited" in words(findings, "issuer")


def test_an_unsealed_ledger_proves_nothing_and_says_so() -> None:
    board = ProvableBoard(Consensus.UNSEALED)
    licence = board.licence()
    receipt = board.receipt(licence)
    findings = audited(board, receipt, licence, trusted=None)
    sealed = next(one for one in findings if one.about == "sealed")
    assert sealed.holds is Holds.OPEN
    assert sealed.words.startswith("UNSEALED")
    assert not fails(findings)
    assert not any("proven" in one.words.lower() for one in findings)
    for consensus in SEALED:
        other = ProvableBoard(consensus)
        assert fails(audit(receipt, VERIFIER, trusted=other.trusted, document=licence))


@pytest.mark.parametrize("consensus", SEALED)
def test_without_validators_a_sealed_one_is_unsealed_to_us(consensus: Consensus) -> None:
    board = ProvableBoard(consensus)
    licence = board.licence()
    findings = audited(board, board.receipt(licence), licence, trusted=None)
    assert [one.about for one in findings if one.holds is not Holds.YES] == ["sealed"]


def test_without_the_credential_the_verdict_stays_open(board: ProvableBoard, receipt: Receipt) -> None:
    findings = audited(board, receipt, None)
    assert [one.about for one in findings if one.holds is not Holds.YES] == ["verdict"]


def test_it_is_about_one_credential_and_no_other(board: ProvableBoard, receipt: Receipt) -> None:
    for other in (
        board.licence(REVOKED),
        board.licence(name="Another licence"),
        "eyJhbGciOiJFZERTQSJ9.e30.c2ln",
    ):
        assert fails(audited(board, receipt, other))


def test_another_order_of_members_is_the_same_credential(
    board: ProvableBoard, licence: dict[str, Any], receipt: Receipt
) -> None:
    assert all_hold(audited(board, receipt, dict(reversed(licence.items()))))


def test_list_and_index_come_from_the_credential(board: ProvableBoard) -> None:
    """A receipt for a revoked licence that proves somebody else's clear entry."""
    revoked = board.licence(REVOKED)
    honest = board.receipt(board.licence())
    forged = replace(
        honest, document_digest=board.receipt(revoked, entries=[(STATUS_LIST, REVOKED)]).document_digest
    )
    findings = audited(board, forged.signed(NODE_KEY), revoked)
    assert fails(findings)
    assert f"entry {REVOKED}" in words(findings, "verdict")


def test_a_node_that_lies_about_its_verdict_is_found_out(board: ProvableBoard) -> None:
    revoked = board.licence(REVOKED)
    honest = board.receipt(revoked, entries=[(STATUS_LIST, REVOKED)])
    lie = copy.deepcopy(honest.to_json()["verdict"])
    lie["decision"] = lie["credentials"][0]["decision"] = "accept"
    findings = audited(board, replace(honest, outcomes=lie).signed(NODE_KEY), revoked)
    assert fails(findings)
    assert "Recomputed, it is: reject" in words(findings, "verdict")


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
        findings = audited(board, receipt, licence, trusted=trusted)
        assert fails(findings)
        assert [one.about for one in findings] == ["node", "sealed"]


def test_the_node_that_signed_can_be_demanded(
    board: ProvableBoard, licence: dict[str, Any], receipt: Receipt
) -> None:
    assert all_hold(audited(board, receipt, licence, node=receipt.node))
    stranger = f"did:key:{key_of('another node').public.to_multikey()}"
    assert fails(audited(board, receipt, licence, node=stranger))
