"""Attacks on credentials secured as JWT."""

from __future__ import annotations

import json
from typing import Any

import pytest

from node.crypto import base64url
from node.verification.proofs import jose
from node.verification.reasons import Reason
from node.verification.verdict import Decision
from tests.simulators.issuer import SimulatedIssuer, key_of
from tests.simulators.relying_party import SimulatedRelyingParty, refused_at_the_proof


def token_parts(token: str) -> list[dict[str, Any]]:
    return [json.loads(base64url.decode(part)) for part in token.split(".")[:2]]


def forged_token(header: dict[str, Any], claims: dict[str, Any], name: str = "board") -> str:
    text = ".".join(base64url.encode(json.dumps(part).encode()) for part in (header, claims))
    return f"{text}.{base64url.encode(key_of(name).sign(text.encode()))}"


def test_algorithm_none(party: SimulatedRelyingParty) -> None:
    claims = party.board.licence()
    for algorithm in ("none", "None", "HS256", ""):
        header = {"alg": algorithm, "typ": "vc+jwt", "kid": party.board.method}
        token = forged_token(header, claims).rpartition(".")[0] + "."
        assert party.verify(token).decision is Decision.REJECT


def test_a_key_brought_along_in_the_token(party: SimulatedRelyingParty) -> None:
    jwk = key_of("forger").public.to_jwk()
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": party.board.method, "jwk": jwk}
    token = forged_token(header, party.board.licence(), "forger")
    refused_at_the_proof(party.verify(token), Reason.SIGNATURE_INVALID)
    header["kid"] = SimulatedIssuer.self_made("forger").method
    refused_at_the_proof(
        party.verify(forged_token(header, party.board.licence(), "forger")), Reason.ISSUER_MISMATCH
    )


def test_another_algorithm_than_the_keys(party: SimulatedRelyingParty) -> None:
    header = {"alg": "ES256", "typ": "vc+jwt", "kid": party.board.method}
    refused_at_the_proof(party.verify(forged_token(header, party.board.licence())), Reason.ALGORITHM_MISMATCH)


def test_a_token_of_another_kind(party: SimulatedRelyingParty) -> None:
    """What was signed for another use, or as something else, is no credential."""
    for typ in ("at+jwt", "vp+jwt", "kb+jwt", "openid4vci-proof+jwt", "JWT"):
        header = {"alg": "EdDSA", "typ": typ, "kid": party.board.method}
        assert party.verify(forged_token(header, party.board.licence())).decision is Decision.REJECT


def test_a_critical_extension(party: SimulatedRelyingParty) -> None:
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": party.board.method, "crit": ["b64"], "b64": False}
    assert party.verify(forged_token(header, party.board.licence())).decision is Decision.REJECT


@pytest.mark.parametrize(
    "claims", [{"iss": "did:web:other.example"}, {"sub": "did:example:other"}, {"jti": "urn:uuid:0"}]
)
def test_claims_that_contradict_the_credential(party: SimulatedRelyingParty, claims: dict[str, Any]) -> None:
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": party.board.method}
    assert party.verify(forged_token(header, party.board.licence() | claims)).decision is Decision.REJECT


def test_a_token_changed_after_signing(party: SimulatedRelyingParty) -> None:
    token = jose.sign(party.board.licence(), key=party.board.key, kid=party.board.method, typ="vc+jwt")
    header, claims = token_parts(token)
    claims["validUntil"] = "2040-01-01T00:00:00Z"
    changed = forged_token(header, claims).rpartition(".")[0] + "." + token.rpartition(".")[2]
    refused_at_the_proof(party.verify(changed), Reason.SIGNATURE_INVALID)


def test_an_expired_token(party: SimulatedRelyingParty) -> None:
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": party.board.method}
    expired = forged_token(header, party.board.licence() | {"exp": 1_700_000_000})
    refused_at_the_proof(party.verify(expired), Reason.PROOF_EXPIRED)
