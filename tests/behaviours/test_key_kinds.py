"""Boards whose keys are of other kinds than ours, as JWT and with embedded proofs, from bytes to verdict."""

from __future__ import annotations

import json
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from node.crypto.public_keys import KeyType, PublicKey
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Verdict
from tests.simulators.proof_oracle import ED25519_2020, proved, with_2020_context
from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.signers import Signer

CREATED = "2026-09-21T14:13:20Z"
Secret = ECKey | RSAKey


def pinned(*methods: dict[str, Any]) -> SimulatedRelyingParty:
    """A party whose board publishes these methods and no other, each admitted for its credentials."""
    party = SimulatedRelyingParty()
    did = party.board.did
    named = [{"id": f"{did}#{place}", "controller": did, **method} for place, method in enumerate(methods)]
    document = {"id": did, "verificationMethod": named, "assertionMethod": [one["id"] for one in named]}
    party.ledger.pin(did, json.dumps(document).encode())
    return party


def reason(verdict: Verdict) -> Reason:
    return next(check.reason for check in verdict.credentials[0].checks if check.id is CheckId.PROOF)


def secret_for(alg: str) -> Secret:
    curves = {"ES256": "P-256", "ES384": "P-384", "ES256K": "secp256k1"}
    return ECKey.generate_key(curves[alg]) if alg in curves else RSAKey.generate_key(2048)


def token(party: SimulatedRelyingParty, alg: str, secret: Secret, kid: str = "#0") -> str:
    """The licence as a vc+jwt, signed by an independent implementation."""
    header = {"alg": alg, "typ": "vc+jwt", "kid": party.board.did + kid}
    payload = json.dumps(party.board.licence(party.nurse.did, 7))
    return jws.serialize_compact(header, payload, secret, algorithms=[alg])


def jwk(secret: Secret, **members: str) -> dict[str, Any]:
    return {"type": "JsonWebKey2020", "publicKeyJwk": {**secret.as_dict(private=False), **members}}


@pytest.mark.parametrize("alg", ["ES256", "ES384", "ES256K", "RS256", "PS256"])
def test_a_token_by_a_published_jwk(alg: str) -> None:
    secret = secret_for(alg)
    party = pinned(jwk(secret))
    verdict = party.verify(token(party, alg, secret))
    assert verdict.decision is Decision.ACCEPT, verdict
    forged = party.verify(token(party, alg, secret_for(alg)))
    assert (forged.decision, reason(forged)) == (Decision.REJECT, Reason.SIGNATURE_INVALID)


@pytest.mark.parametrize("alg", ["ES384", "ES256K"])
def test_a_token_by_a_multikey(alg: str) -> None:
    secret = secret_for(alg)
    key = PublicKey.from_jwk(secret.as_dict(private=False))
    party = pinned({"type": "Multikey", "publicKeyMultibase": key.to_multikey()})
    assert party.verify(token(party, alg, secret)).decision is Decision.ACCEPT


@pytest.mark.filterwarnings("ignore:Key size")  # which is the point
def test_a_weak_rsa_key_is_no_key() -> None:
    strong, weak = RSAKey.generate_key(2048), RSAKey.generate_key(1024)
    party = pinned(jwk(strong), jwk(weak))
    assert party.verify(token(party, "RS256", strong)).decision is Decision.ACCEPT
    verdict = party.verify(token(party, "RS256", weak, "#1"))
    assert (verdict.decision, reason(verdict)) == (Decision.REJECT, Reason.KEY_NOT_FOUND)


def test_a_key_published_for_one_algorithm() -> None:
    secret = RSAKey.generate_key(2048)
    party = pinned(jwk(secret, alg="PS256"))
    assert party.verify(token(party, "PS256", secret)).decision is Decision.ACCEPT
    verdict = party.verify(token(party, "RS256", secret))
    assert (verdict.decision, reason(verdict)) == (Decision.REJECT, Reason.ALGORITHM_MISMATCH)


def test_an_rsa_key_makes_no_embedded_proof() -> None:
    party = pinned(jwk(RSAKey.generate_key(2048)))
    signed = party.board.sign(party.board.licence(party.nurse.did, 7), method=f"{party.board.did}#0")
    verdict = party.verify(signed)
    assert (verdict.decision, reason(verdict)) == (Decision.REJECT, Reason.ALGORITHM_MISMATCH)


@pytest.mark.parametrize(
    ("suite", "type_"),
    [
        ("ecdsa-rdfc-2019", KeyType.P256),
        ("ecdsa-rdfc-2019", KeyType.P384),
        ("ecdsa-jcs-2019", KeyType.P256),
        ("ecdsa-jcs-2019", KeyType.P384),
        (ED25519_2020, KeyType.ED25519),
    ],
)
@pytest.mark.parametrize("version", [1, 2])
def test_an_embedded_proof(suite: str, type_: KeyType, version: int) -> None:
    signer = Signer(9, type_)
    party = pinned({"type": "Multikey", "publicKeyMultibase": signer.key.public.to_multikey()})
    signer.method = f"{party.board.did}#0"
    document = (
        party.board.licence(party.nurse.did) if version == 2 else party.board.licence_1_1(party.nurse.did)
    )
    if suite == ED25519_2020:
        document = with_2020_context(document)
    signed = proved(document, signer, suite, created=CREATED)
    verdict = party.verify(signed)
    assert verdict.decision is Decision.ACCEPT, verdict
    assert verdict.credentials[0].mechanism == suite
    signed["credentialSubject"]["licenceNumber"] = "RN-2"
    forged = party.verify(signed)
    assert (forged.decision, reason(forged)) == (Decision.REJECT, Reason.SIGNATURE_INVALID)
    until = "validUntil" if version == 2 else "expirationDate"
    ended = proved({**document, until: "2026-03-01T00:00:00Z"}, signer, suite, created=CREATED)
    assert party.verify(ended).decision is Decision.REJECT
