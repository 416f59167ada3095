"""SD-JWT VCs: key binding, and what it proves of the holder."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from node.crypto.public_keys import KeyType
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome, Verdict
from tests.simulators.envelopes import enveloped
from tests.simulators.issuer import key_of
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, check_of, ended
from tests.simulators.sd_jwt import NOW, bind, issue, licence_claims, refused
from tests.simulators.wallet import CHALLENGE, DOMAIN, SimulatedWallet

FAILED, PASSED, OPEN = Outcome.FAILED, Outcome.PASSED, Outcome.INDETERMINATE
HOLDER_POLICY = replace(DEFAULT_POLICY, require_holder=True)
ASKED: dict[str, Any] = {"challenge": CHALLENGE, "domain": DOMAIN}


def test_the_holder_is_proven_by_key_binding(party: SimulatedRelyingParty, bound: str) -> None:
    verdict = party.verify(bind(bound, party.nurse.key), HOLDER_POLICY, **ASKED)
    assert verdict.decision is Decision.ACCEPT
    assert ended(verdict, CheckId.HOLDER, None) == (PASSED, Reason.OK)


def test_the_holders_key_named_by_a_did(party: SimulatedRelyingParty) -> None:
    compact = issue(party.board, licence_claims(party.board, cnf={"kid": party.nurse.method}))
    verdict = party.verify(bind(compact, party.nurse.key), HOLDER_POLICY, **ASKED)
    assert verdict.decision is Decision.ACCEPT
    refused_ = party.verify(bind(compact, key_of("thief")), HOLDER_POLICY, **ASKED)
    assert ended(refused_, CheckId.HOLDER, None) == (FAILED, Reason.SIGNATURE_INVALID)


@pytest.mark.parametrize("kid", ["key-1", "did:web:nobody.example#key-1"])
def test_a_holders_key_that_cannot_be_had(party: SimulatedRelyingParty, kid: str) -> None:
    compact = issue(party.board, licence_claims(party.board, cnf={"kid": kid}))
    verdict = party.verify(bind(compact, party.nurse.key), HOLDER_POLICY, **ASKED)
    assert check_of(verdict, CheckId.HOLDER, None).outcome is OPEN
    assert verdict.decision is Decision.INDETERMINATE


def test_without_key_binding_the_holder_is_not_proven(party: SimulatedRelyingParty, bound: str) -> None:
    assert party.verify(bound).decision is Decision.ACCEPT
    verdict = party.verify(bound, HOLDER_POLICY, **ASKED)
    assert (verdict.decision, ended(verdict, CheckId.HOLDER, None)) == (
        Decision.REJECT,
        (FAILED, Reason.HOLDER_NOT_PROVEN),
    )


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"nonce": "another"}, Reason.CHALLENGE_MISMATCH),
        ({"aud": "https://elsewhere.example"}, Reason.DOMAIN_MISMATCH),
        ({"iat": NOW - 61}, Reason.PROOF_EXPIRED),
        ({"iat": NOW + 61}, Reason.PROOF_NOT_YET_VALID),
        ({"exp": NOW - 61}, Reason.PROOF_EXPIRED),
        ({"sd_hash": "x"}, Reason.SIGNATURE_INVALID),
    ],
)
def test_key_binding_for_something_else(
    party: SimulatedRelyingParty, bound: str, claims: dict[str, Any], reason: Reason
) -> None:
    verdict = party.verify(bind(bound, party.nurse.key, **claims), **ASKED)
    assert ended(verdict, CheckId.HOLDER, None) == (FAILED, reason)
    assert verdict.decision is Decision.REJECT


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"typ": "JWT"}, {}),
        ({"typ": "dc+sd-jwt"}, {}),
        ({"alg": "none"}, {}),
        ({"crit": ["exp"]}, {}),
        ({}, {"nonce": None}),
        ({}, {"nonce": 7}),
        ({}, {"aud": None}),
        ({}, {"aud": ["a", DOMAIN]}),
        ({}, {"iat": None}),
        ({}, {"iat": "now"}),
        ({}, {"sd_hash": None}),
        ({}, {"sd_hash": ["x"]}),
    ],
)
def test_malformed_key_binding(
    party: SimulatedRelyingParty, bound: str, header: dict[str, Any], claims: dict[str, Any]
) -> None:
    refused(party.verify(bind(bound, party.nurse.key, header, **claims), **ASKED))


def test_key_binding_by_another_key(party: SimulatedRelyingParty, bound: str) -> None:
    thief = key_of("thief")
    for header in ({}, {"jwk": thief.public.to_jwk()}, {"kid": SimulatedWallet("thief").method}):
        verdict = party.verify(bind(bound, thief, header), **ASKED)
        assert ended(verdict, CheckId.HOLDER, None) == (FAILED, Reason.SIGNATURE_INVALID)
        assert verdict.decision is Decision.REJECT
    other = party.verify(bind(bound, key_of("thief", KeyType.P256)), **ASKED)
    assert ended(other, CheckId.HOLDER, None) == (FAILED, Reason.ALGORITHM_MISMATCH)


def test_key_binding_of_a_credential_bound_to_nobody(party: SimulatedRelyingParty) -> None:
    compact = issue(party.board, licence_claims(party.board))
    verdict = party.verify(bind(compact, party.nurse.key), **ASKED)
    assert ended(verdict, CheckId.HOLDER, None) == (FAILED, Reason.HOLDER_MISMATCH)


def test_key_binding_covers_what_is_shown(party: SimulatedRelyingParty, bound: str) -> None:
    """A thief may neither add a disclosure to what a holder signed, nor take one away."""
    signed, *texts, _ = bound.split("~")
    kept = "~".join((signed, *texts[:-1], ""))
    proof = bind(kept, party.nurse.key).rpartition("~")[2]
    verdict = party.verify(bound + proof, **ASKED)
    assert ended(verdict, CheckId.HOLDER, None) == (FAILED, Reason.SIGNATURE_INVALID)


def test_key_binding_of_another_credential(party: SimulatedRelyingParty, bound: str) -> None:
    other = issue(party.board, licence_claims(party.board, party.nurse.key, given_name="Eve"))
    proof = bind(other, party.nurse.key).rpartition("~")[2]
    verdict = party.verify(bound + proof, **ASKED)
    assert ended(verdict, CheckId.HOLDER, None) == (FAILED, Reason.SIGNATURE_INVALID)


def test_key_binding_without_a_challenge_proves_nothing(party: SimulatedRelyingParty, bound: str) -> None:
    old = bind(bound, party.nurse.key, iat=NOW - 1_000_000)
    verdict = party.verify(old)
    assert verdict.decision is Decision.ACCEPT
    assert ended(verdict, CheckId.HOLDER, None)[1] is Reason.HOLDER_NOT_PROVEN
    assert party.verify(bind(bound, party.nurse.key), HOLDER_POLICY).decision is Decision.REJECT
    assert party.verify(bind(bound, key_of("thief"))).decision is Decision.REJECT


def test_key_binding_inside_a_presentation_counts(party: SimulatedRelyingParty, bound: str) -> None:
    def presented(compact: str) -> Verdict:
        envelope = enveloped("dc+sd-jwt", compact)
        return party.verify(party.nurse.present(envelope, cryptosuite="eddsa-jcs-2022"), **ASKED)

    assert ended(presented(bind(bound, party.nurse.key)), CheckId.HOLDER) == (PASSED, Reason.OK)
    verdict = presented(bind(bound, key_of("thief")))
    assert ended(verdict, CheckId.HOLDER) == (FAILED, Reason.SIGNATURE_INVALID)
    assert verdict.decision is Decision.REJECT
