"""Attacks with keys that are not the issuer's, and by issuers who are not entitled."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from registry.records import Standing
from tests.simulators.issuer import SimulatedIssuer
from tests.simulators.policies import ANY_ISSUER_POLICY, DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, ended, refused_at_the_proof

FAILED, PASSED = Outcome.FAILED, Outcome.PASSED
SUITES = ["eddsa-rdfc-2022", "eddsa-jcs-2022"]


@pytest.mark.parametrize("suite", SUITES)
def test_signing_in_anothers_name(party: SimulatedRelyingParty, suite: str) -> None:
    forger = SimulatedIssuer.self_made("forger")
    forged = forger.sign(party.board.licence(), suite)
    refused_at_the_proof(party.verify(forged), Reason.ISSUER_MISMATCH)
    refused_at_the_proof(party.verify(forged, ANY_ISSUER_POLICY), Reason.ISSUER_MISMATCH)


def test_naming_the_boards_key_without_having_it(party: SimulatedRelyingParty) -> None:
    forger = SimulatedIssuer("forger")
    forged = forger.sign(party.board.licence(), method=party.board.method)
    refused_at_the_proof(party.verify(forged), Reason.SIGNATURE_INVALID)


def test_a_key_the_board_never_published(party: SimulatedRelyingParty) -> None:
    forged = SimulatedIssuer("forger").sign(party.board.licence(), method=party.board.did + "#key-9")
    refused_at_the_proof(party.verify(forged), Reason.KEY_NOT_FOUND)


def _for_another_use(document: dict[str, Any]) -> None:
    document["authentication"] = document.pop("assertionMethod")


def _controlled_by_another(document: dict[str, Any]) -> None:
    document["verificationMethod"][0]["controller"] = "did:web:attacker.example"


def _revoked(document: dict[str, Any]) -> None:
    document["verificationMethod"][0]["revoked"] = "2026-10-01T00:00:00Z"


@pytest.mark.parametrize("publish", [_for_another_use, _controlled_by_another, _revoked])
def test_a_key_the_board_published_but_not_to_issue_with(
    party: SimulatedRelyingParty, publish: Callable[[dict[str, Any]], None]
) -> None:
    document = party.board.document()
    publish(document)
    party.ledger.pin(party.board.did, json.dumps(document).encode())
    verdict = party.verify(party.board.sign(party.board.licence()))
    refused_at_the_proof(verdict, Reason.KEY_NOT_AUTHORISED)


def test_a_key_that_was_replaced(party: SimulatedRelyingParty) -> None:
    signed = party.board.sign(party.board.licence())
    newer = SimulatedIssuer("newer", did=party.board.did)
    party.ledger.pin(party.board.did, newer.document_bytes())
    refused_at_the_proof(party.verify(signed), Reason.SIGNATURE_INVALID)


def test_a_takeover_of_the_boards_web_server(party: SimulatedRelyingParty) -> None:
    """What is pinned wins, and once deactivated nothing else counts."""
    forger = SimulatedIssuer("forger", did=party.board.did)
    party.web.pages["https://board.example/.well-known/did.json"] = forger.document_bytes()
    policy = replace(DEFAULT_POLICY, allow_web=True)
    refused_at_the_proof(party.verify(forger.sign(forger.licence()), policy), Reason.SIGNATURE_INVALID)
    party.ledger.pin(party.board.did, None)
    refused_at_the_proof(party.verify(forger.sign(forger.licence()), policy), Reason.DID_DEACTIVATED)
    assert party.web.asked == []


def test_a_forger_who_had_the_boards_web_server_looked_up_before(party: SimulatedRelyingParty) -> None:
    """A policy that never asks the web gets nothing from it by way of a policy that does."""
    board = SimulatedIssuer("unpinned", did="did:web:unpinned.example")
    party.ledger.accredit(board.did)  # and not pinned yet: only its web server could name its keys
    forger = SimulatedIssuer("forger", did=board.did)
    party.web.pages["https://unpinned.example/.well-known/did.json"] = forger.document_bytes()
    forged = forger.sign(forger.licence(index=7))
    assert ended(party.verify(forged, ANY_ISSUER_POLICY), CheckId.PROOF) == (PASSED, Reason.OK)
    refused_at_the_proof(party.verify(forged), Reason.DID_UNRESOLVABLE)


def test_an_issuer_nobody_accredited(party: SimulatedRelyingParty) -> None:
    mill = SimulatedIssuer.self_made("diploma mill")
    signed = mill.sign(mill.licence())
    verdict = party.verify(signed)
    assert verdict.decision is Decision.REJECT
    assert ended(verdict, CheckId.TRUST) == (FAILED, Reason.ISSUER_NOT_ACCREDITED)
    assert party.verify(signed, ANY_ISSUER_POLICY).decision is Decision.REVIEW


def test_an_issuer_going_beyond_its_accreditation(party: SimulatedRelyingParty) -> None:
    words = {"MedicalLicenceCredential": "https://board.example/vocabulary#MedicalLicenceCredential"}
    licence = party.board.licence()
    licence["@context"].append(words)
    licence["type"].append("MedicalLicenceCredential")
    policy = replace(DEFAULT_POLICY, accepted_types=frozenset({"MedicalLicenceCredential"}))
    verdict = party.verify(party.board.sign(licence), policy)
    assert verdict.decision is Decision.REJECT
    assert ended(verdict, CheckId.TRUST) == (FAILED, Reason.TYPE_NOT_ACCREDITED)


@pytest.mark.parametrize(
    ("standing", "reason"),
    [(Standing.SUSPENDED, Reason.ISSUER_SUSPENDED), (Standing.WITHDRAWN, Reason.ISSUER_WITHDRAWN)],
)
def test_an_issuer_out_of_favour(party: SimulatedRelyingParty, standing: Standing, reason: Reason) -> None:
    party.ledger.change_standing(party.board.did, standing)
    signed = party.board.sign(party.board.licence())
    for policy in (DEFAULT_POLICY, ANY_ISSUER_POLICY):
        verdict = party.verify(signed, policy)
        assert verdict.decision is Decision.REJECT
        assert ended(verdict, CheckId.TRUST) == (FAILED, reason)
