"""Attacks with presentations: replayed, borrowed, mixed."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from tests.simulators.issuer import STATUS_LIST
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, check_of, ended
from tests.simulators.wallet import CHALLENGE, DOMAIN, SimulatedWallet

FAILED, SKIPPED = Outcome.FAILED, Outcome.SKIPPED
SUITES = ["eddsa-rdfc-2022", "eddsa-jcs-2022"]


def test_replaying_a_presentation(party: SimulatedRelyingParty) -> None:
    licence = party.board.sign(party.board.licence(party.nurse.did))
    presentation = party.nurse.present(licence)
    again = party.verify(presentation, challenge="another-challenge", domain=DOMAIN)
    assert again.decision is Decision.REJECT
    assert ended(again, CheckId.HOLDER, None) == (FAILED, Reason.CHALLENGE_MISMATCH)
    assert ended(again, CheckId.HOLDER) == (SKIPPED, Reason.CHALLENGE_MISMATCH)
    elsewhere = party.verify(presentation, challenge=CHALLENGE, domain="https://clinic.example")
    assert ended(elsewhere, CheckId.HOLDER, None) == (FAILED, Reason.DOMAIN_MISMATCH)


@pytest.mark.parametrize("challenge", [None, "c"])
def test_a_presentation_that_answers_nothing(party: SimulatedRelyingParty, challenge: str | None) -> None:
    licence = party.board.sign(party.board.licence(party.nurse.did))
    presentation = party.nurse.present(licence, challenge=challenge)
    verdict = party.verify(presentation, challenge=CHALLENGE)
    assert ended(verdict, CheckId.HOLDER, None) == (FAILED, Reason.CHALLENGE_MISMATCH)


def test_without_a_challenge_the_holder_is_not_proven(party: SimulatedRelyingParty) -> None:
    licence = party.board.sign(party.board.licence(party.nurse.did))
    strict = replace(DEFAULT_POLICY, require_holder=True)
    for presented in (licence, party.nurse.presentation(licence), party.nurse.present(licence)):
        lax = party.verify(presented)
        assert lax.decision is Decision.ACCEPT
        assert ended(lax, CheckId.HOLDER, None) == (Outcome.NOT_APPLICABLE, Reason.HOLDER_NOT_PROVEN)
        verdict = party.verify(presented, strict)
        assert verdict.decision is verdict.credentials[0].decision is Decision.REJECT
        assert ended(verdict, CheckId.HOLDER, None) == (FAILED, Reason.HOLDER_NOT_PROVEN)


def test_an_unsigned_presentation_answers_no_challenge(party: SimulatedRelyingParty) -> None:
    licence = party.board.sign(party.board.licence(party.nurse.did))
    verdict = party.verify(party.nurse.presentation(licence), challenge=CHALLENGE)
    assert verdict.decision is Decision.REJECT


def test_presenting_someone_elses_licence(party: SimulatedRelyingParty) -> None:
    thief = SimulatedWallet("thief")
    licence = party.board.sign(party.board.licence(party.nurse.did))
    presentation = thief.present(licence)
    verdict = party.verify(presentation, challenge=CHALLENGE)
    assert verdict.decision is Decision.REVIEW
    assert ended(verdict, CheckId.HOLDER) == (Outcome.NOT_APPLICABLE, Reason.HOLDER_MISMATCH)
    strict = replace(DEFAULT_POLICY, require_holder=True)
    assert party.verify(presentation, strict, challenge=CHALLENGE).decision is Decision.REJECT


def test_presenting_in_someone_elses_name(party: SimulatedRelyingParty) -> None:
    thief = SimulatedWallet("thief")
    licence = party.board.sign(party.board.licence(party.nurse.did))
    presentation = thief.present(licence, holder=party.nurse.did)
    verdict = party.verify(presentation, challenge=CHALLENGE)
    assert verdict.decision is Decision.REJECT
    assert check_of(verdict, CheckId.PROOF, None).outcome is FAILED


def test_passing_off_a_credentials_proof_as_a_presentations(party: SimulatedRelyingParty) -> None:
    licence = party.board.sign(party.board.licence(party.nurse.did))
    presentation = party.nurse.present(licence, purpose="assertionMethod")
    verdict = party.verify(presentation, challenge=CHALLENGE)
    assert ended(verdict, CheckId.PROOF, None) == (FAILED, Reason.WRONG_PROOF_PURPOSE)


@pytest.mark.parametrize("suite", SUITES)
def test_adding_a_credential_to_a_signed_presentation(party: SimulatedRelyingParty, suite: str) -> None:
    first = party.board.sign(party.board.licence(party.nurse.did), suite)
    presentation = party.nurse.present(first, cryptosuite=suite)
    presentation["verifiableCredential"].append(copy.deepcopy(first) | {"id": "urn:uuid:2"})
    verdict = party.verify(presentation, challenge=CHALLENGE)
    assert ended(verdict, CheckId.PROOF, None) == (FAILED, Reason.SIGNATURE_INVALID)
    assert verdict.decision is Decision.REJECT


def test_a_presentation_inside_a_presentation(party: SimulatedRelyingParty) -> None:
    inner = party.nurse.presentation(party.board.sign(party.board.licence()))
    verdict = party.verify(party.nurse.presentation(inner))
    assert ended(verdict, CheckId.PARSE) == (FAILED, Reason.MALFORMED_CREDENTIAL)


def test_one_bad_credential_hides_and_taints_no_other(party: SimulatedRelyingParty) -> None:
    good = party.board.sign(party.board.licence(party.nurse.did, 1))
    revoked = party.board.sign(party.board.licence(party.nurse.did, 2))
    changed = copy.deepcopy(good)
    changed["credentialSubject"]["licenceNumber"] = "RN-9"
    party.ledger.publish(STATUS_LIST, {2: 1})
    held = [good, revoked, changed, {"nonsense": True}, "eyJ.x.y", good]
    verdict = party.verify(party.nurse.presentation(*held))
    assert verdict.decision is Decision.REJECT
    assert [one.decision for one in verdict.credentials] == [
        Decision.ACCEPT,
        Decision.REJECT,
        Decision.REJECT,
        Decision.REJECT,
        Decision.REJECT,
        Decision.ACCEPT,
    ]
    assert [one.summary is not None for one in verdict.credentials] == [True, True, False, False, False, True]
