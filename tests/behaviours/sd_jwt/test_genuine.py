"""SD-JWT VCs that are genuine: what was signed and shown is read, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from node.crypto.public_keys import KeyType
from node.verification.proofs.sd_jwt_signing import conceal
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from tests.simulators.envelopes import enveloped
from tests.simulators.issuer import STATUS_LIST, SimulatedIssuer
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, ended
from tests.simulators.sd_jwt import bind, body_of, issue, keeping, licence_claims, sign_payload, subject_of
from tests.simulators.wallet import CHALLENGE, DOMAIN, SimulatedWallet

PASSED = Outcome.PASSED
HOLDER_POLICY = replace(DEFAULT_POLICY, require_holder=True)
ASKED: dict[str, Any] = {"challenge": CHALLENGE, "domain": DOMAIN}


@pytest.mark.parametrize("key_type", [KeyType.ED25519, KeyType.P256])
@pytest.mark.parametrize("typ", ["dc+sd-jwt", "vc+sd-jwt", "application/dc+sd-jwt"])
def test_a_genuine_licence_is_accepted(party: SimulatedRelyingParty, key_type: KeyType, typ: str) -> None:
    board = SimulatedIssuer("college", type_=key_type)
    party.ledger.accredit(board.did)
    party.ledger.pin(board.did, board.document_bytes())
    claims = licence_claims(board, status=None)
    verdict = party.verify(sign_payload(board, claims, typ=typ))
    assert verdict.decision is Decision.ACCEPT
    assert verdict.credentials[0].mechanism == typ.removeprefix("application/")
    summary = verdict.credentials[0].summary
    assert summary is not None
    assert (summary.title, summary.subject_name) == ("Nursing licence", "Ada Okafor")
    assert summary.issuer_recognised_name == "Example Board"
    assert ended(verdict, CheckId.HOLDER, None)[1] is Reason.HOLDER_NOT_PROVEN
    assert party.web.asked == []


@pytest.mark.parametrize("hash_name", ["sha-256", "sha-384", "sha-512"])
def test_all_that_is_disclosed_is_read(party: SimulatedRelyingParty, hash_name: str) -> None:
    compact = issue(party.board, licence_claims(party.board), hash_name=hash_name)
    verdict = party.verify(compact)
    assert verdict.decision is Decision.ACCEPT
    assert subject_of(verdict) == {
        "given_name": "Ada",
        "family_name": "Okafor",
        "licence": {"number": "RN-1", "class": {"name": "RN", "level": 3}},
        "states": ["CO", "WY", {"code": "UT", "since": 2020}],
    }


def test_what_is_withheld_is_not_read(party: SimulatedRelyingParty, bound: str) -> None:
    shown = keeping(bound, lambda one: one[1:2] == ["licence"] or one[1:2] == ["level"])
    verdict = party.verify(bind(shown, party.nurse.key), HOLDER_POLICY, **ASKED)
    assert verdict.decision is Decision.ACCEPT
    assert subject_of(verdict) == {"licence": {"class": {"name": "RN", "level": 3}}, "states": ["WY"]}
    summary = verdict.credentials[0].summary
    assert summary is not None
    assert summary.subject_name == ""


@pytest.mark.parametrize("form", ["text", "string", "enveloped", "presented"])
def test_every_form_of_it(party: SimulatedRelyingParty, bound: str, form: str) -> None:
    envelope = enveloped("dc+sd-jwt", bound)
    presented: Any = {
        "text": bound.encode() + b"\n",
        "string": json.dumps(bound).encode(),
        "enveloped": envelope,
        "presented": party.nurse.present(envelope, cryptosuite="eddsa-jcs-2022"),
    }[form]
    verdict = party.verify(presented, **(ASKED if form == "presented" else {}))
    assert verdict.decision is Decision.ACCEPT
    if form == "presented":  # by the key it is bound to
        assert ended(verdict, CheckId.HOLDER) == (PASSED, Reason.OK)


def test_presented_by_someone_else(party: SimulatedRelyingParty, bound: str) -> None:
    envelope = enveloped("dc+sd-jwt", bound)
    presentation = SimulatedWallet("thief").present(envelope, cryptosuite="eddsa-jcs-2022")
    verdict = party.verify(presentation, HOLDER_POLICY, **ASKED)
    assert verdict.decision is Decision.REJECT


def test_a_credential_of_vcdm_secured_as_sd_jwt(party: SimulatedRelyingParty) -> None:
    """VC-JOSE-COSE §3.2."""
    payload, texts = conceal(party.board.licence(index=7), ["/credentialSubject/givenName"])
    compact = sign_payload(party.board, payload, texts, typ="vc+sd-jwt")
    verdict = party.verify(compact)
    assert verdict.decision is Decision.ACCEPT
    assert body_of(verdict) == party.board.licence(index=7)
    verdict = party.verify(keeping(compact, lambda _: False))
    assert verdict.decision is Decision.ACCEPT
    assert "givenName" not in subject_of(verdict)
    party.ledger.publish(STATUS_LIST, {7: 1})
    assert party.verify(compact).decision is Decision.REJECT
