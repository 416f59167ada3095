"""What is genuine is accepted: without this, none of the refusals beside it would mean anything."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from node.crypto.public_keys import KeyType
from node.verification.proofs import jose
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from tests.simulators.envelopes import enveloped
from tests.simulators.issuer import SimulatedIssuer
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, ended
from tests.simulators.wallet import CHALLENGE, DOMAIN

FAILED, PASSED = Outcome.FAILED, Outcome.PASSED
SUITES = ["eddsa-rdfc-2022", "eddsa-jcs-2022"]


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("version", ["licence", "licence_1_1"])
def test_a_genuine_licence_is_accepted(party: SimulatedRelyingParty, suite: str, version: str) -> None:
    verdict = party.verify(party.board.sign(getattr(party.board, version)(), suite))
    assert verdict.decision is Decision.ACCEPT
    summary = verdict.credentials[0].summary
    assert summary is not None
    assert (summary.subject_name, summary.issuer_recognised_name) == ("Ada Okafor", "Example Board")
    assert party.web.asked == []


@pytest.mark.parametrize("suite", SUITES)
def test_a_genuine_presentation_is_accepted(party: SimulatedRelyingParty, suite: str) -> None:
    licence = party.board.sign(party.board.licence(party.nurse.did, 7), suite)
    presentation = party.nurse.present(licence, cryptosuite=suite)
    policy = replace(DEFAULT_POLICY, require_holder=True)
    verdict = party.verify(presentation, policy, challenge=CHALLENGE, domain=DOMAIN)
    assert verdict.decision is Decision.ACCEPT
    assert ended(verdict, CheckId.HOLDER, None) == ended(verdict, CheckId.HOLDER) == (PASSED, Reason.OK)


@pytest.mark.parametrize("key_type", [KeyType.ED25519, KeyType.P256])
@pytest.mark.parametrize("form", ["bare", "string", "enveloped", "presented"])
def test_a_genuine_token_is_accepted_in_every_form(
    party: SimulatedRelyingParty, key_type: KeyType, form: str
) -> None:
    board = SimulatedIssuer("college", type_=key_type)
    party.ledger.accredit(board.did)
    party.ledger.pin(board.did, board.document_bytes())
    token = jose.sign(board.licence(party.nurse.did), key=board.key, kid=board.method, typ="vc+jwt")
    envelope = enveloped("vc+jwt", token)
    presented: Any = {
        "bare": token.encode() + b"\n",
        "string": json.dumps(token).encode(),
        "enveloped": envelope,
        "presented": party.nurse.present(envelope, cryptosuite="eddsa-jcs-2022"),
    }[form]
    verdict = party.verify(presented, challenge=CHALLENGE, domain=DOMAIN)
    assert verdict.decision is Decision.ACCEPT
    assert verdict.credentials[0].mechanism == "vc+jwt"


@pytest.mark.parametrize("version", ["vp+jwt", "JWT"])
def test_a_genuine_presentation_token_is_accepted_once(party: SimulatedRelyingParty, version: str) -> None:
    nurse, board = party.nurse, party.board
    licence = jose.sign(board.licence(nurse.did), key=board.key, kid=board.method, typ="vc+jwt")
    asked = {"nonce": CHALLENGE, "aud": DOMAIN}
    if version == "JWT":
        held = nurse.presentation(licence)
        del held["holder"]
        claims = {"iss": nurse.did, "vp": held, **asked}
    else:
        envelope = enveloped("vc+jwt", licence)
        claims = nurse.presentation(envelope) | asked
    token = jose.sign(claims, key=nurse.key, kid=nurse.method, typ=version)
    policy = replace(DEFAULT_POLICY, require_holder=True)
    assert party.verify(token, policy, challenge=CHALLENGE, domain=DOMAIN).decision is Decision.ACCEPT
    for challenge, domain, reason in (
        ("another", DOMAIN, Reason.CHALLENGE_MISMATCH),
        (CHALLENGE, "https://clinic.example", Reason.DOMAIN_MISMATCH),
    ):
        verdict = party.verify(token, policy, challenge=challenge, domain=domain)
        assert verdict.decision is Decision.REJECT
        assert ended(verdict, CheckId.HOLDER, None) == (FAILED, reason)
