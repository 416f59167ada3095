"""Attacks by vacuous success: nothing presented, nothing proved, nothing asked."""

from __future__ import annotations

from typing import Any

import pytest

from node.verification.policy import Policy
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from tests.simulators.issuer import SimulatedIssuer
from tests.simulators.policies import UNSAFE_PROOF_ONLY_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, ended, refused_at_the_proof
from tests.simulators.wallet import CHALLENGE

FAILED, PASSED, SKIPPED = Outcome.FAILED, Outcome.PASSED, Outcome.SKIPPED


@pytest.mark.parametrize("held", [[], None, {}, [[]], [None], "", 7, [{}], "absent"])
def test_a_presentation_of_nothing(party: SimulatedRelyingParty, held: Any) -> None:
    presentation = party.nurse.presentation()
    presentation["verifiableCredential"] = held
    if held == "absent":
        del presentation["verifiableCredential"]
    verdict = party.verify(presentation)
    assert verdict.decision is Decision.REJECT


def test_signing_a_presentation_of_nothing_helps_nobody(party: SimulatedRelyingParty) -> None:
    verdict = party.verify(party.nurse.present(), challenge=CHALLENGE)
    assert verdict.decision is Decision.REJECT
    assert ended(verdict, CheckId.PARSE, None) == (FAILED, Reason.EMPTY_PRESENTATION)


@pytest.mark.parametrize("proof", [None, [], {}, "absent"])
def test_a_credential_without_a_proof(party: SimulatedRelyingParty, proof: Any) -> None:
    unsigned = party.board.licence()
    if proof != "absent":
        unsigned["proof"] = proof
    refused_at_the_proof(party.verify(unsigned), Reason.NO_PROOF)


def test_an_empty_policy_passes_nothing(party: SimulatedRelyingParty) -> None:
    verdict = party.verify(party.board.sign(party.board.licence()), Policy(name="empty"))
    assert verdict.decision is Decision.REJECT
    assert ended(verdict, CheckId.POLICY) == (FAILED, Reason.EMPTY_POLICY)


# --- the unsafe policy


def test_the_unsafe_policy_looks_at_the_signature_alone_and_says_so(party: SimulatedRelyingParty) -> None:
    forger = SimulatedIssuer.self_made("forger")
    verdict = party.verify(forger.sign(party.board.licence()), UNSAFE_PROOF_ONLY_POLICY)
    assert "unsafe" in verdict.policy
    assert any("UNSAFE" in note for note in verdict.notes)
    assert ended(verdict, CheckId.POLICY) == (PASSED, Reason.UNSAFE_PROOF_ONLY)
    assert ended(verdict, CheckId.TRUST) == (SKIPPED, Reason.SKIPPED_BY_POLICY)
    changed = forger.sign(party.board.licence()) | {"name": "changed"}
    assert party.verify(changed, UNSAFE_PROOF_ONLY_POLICY).decision is Decision.REJECT
