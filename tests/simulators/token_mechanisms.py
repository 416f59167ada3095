"""Credentials as tokens: JWTs by every algorithm, and SD-JWTs."""

from __future__ import annotations

import json
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from node.verification.proofs import jose
from node.verification.proofs.sd_jwt_signing import conceal
from tests.simulators.mechanism import Board, Covers, Document, Mechanism
from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.sd_jwt import bind, licence_claims, sign_payload
from tests.simulators.signers import Signer

_SECRETS: dict[str, Any] = {
    "ES256": ECKey.generate_key("P-256"),
    "ES384": ECKey.generate_key("P-384"),
    "ES256K": ECKey.generate_key("secp256k1"),
    "RS256": RSAKey.generate_key(2048),
}
_SECRETS["PS256"] = _SECRETS["RS256"]

_ED25519 = Signer(9)  # joserfc warns of `EdDSA`, which wallets write


def _jwk(alg: str) -> Document:
    if alg == "EdDSA":
        return {"type": "JsonWebKey", "publicKeyJwk": _ED25519.key.public.to_jwk()}
    return {"type": "JsonWebKey", "publicKeyJwk": _SECRETS[alg].as_dict(private=False)}


def signed_token(board: Board, alg: str, header: Document, claims: Document) -> str:
    """Whatever is asked for, by an independent implementation but for EdDSA."""
    whole = {"alg": alg, "kid": board.method, **header}
    if alg == "EdDSA":
        return jose.sign_compact(whole, claims, _ED25519.key)
    return jws.serialize_compact(whole, json.dumps(claims), _SECRETS[alg], algorithms=[alg])


def _vc_jwt(alg: str) -> Mechanism:
    def secure(board: Board, document: Document) -> str:
        return signed_token(board, alg, {"typ": "vc+jwt"}, document)

    return Mechanism(f"vc+jwt {alg}", Covers.TOKEN, lambda: _jwk(alg), secure)


def _vc_jwt_1_1() -> Mechanism:
    def secure(board: Board, document: Document) -> str:
        claims = {"iss": board.did, "vc": document}
        return signed_token(board, "EdDSA", {"typ": "JWT"}, claims)

    return Mechanism("VC-JWT 1.1 EdDSA", Covers.TOKEN, lambda: _jwk("EdDSA"), secure, 1)


def _vc_sd_jwt() -> Mechanism:
    """A credential of VCDM, with a claim that may be withheld."""

    def secure(board: Board, document: Document) -> str:
        payload, texts = conceal(document, ["/credentialSubject/givenName"])
        return sign_payload(board.party.board, payload, texts, typ="vc+sd-jwt", kid=board.method)

    return Mechanism("vc+sd-jwt", Covers.TOKEN, _multikey_of_board, secure)


def _dc_sd_jwt() -> Mechanism:
    """An SD-JWT VC with its holder's key binding; its claims are its own."""

    def secure(board: Board, document: Document) -> str:
        status = document.get("credentialStatus")
        reference = None
        if status is not None:
            entry = {"idx": int(status["statusListIndex"]), "uri": status["statusListCredential"]}
            reference = {"status_list": entry}
        claims = licence_claims(
            board.party.board, board.party.nurse.key, status=reference, iss=issuer_of(document)
        )
        payload, texts = conceal(claims, ["/given_name"])
        return bind(sign_payload(board.party.board, payload, texts, kid=board.method), board.party.nurse.key)

    return Mechanism("dc+sd-jwt", Covers.TOKEN, _multikey_of_board, secure, bound=True)


def issuer_of(document: Document) -> str:
    issuer = document["issuer"]
    found: str = issuer["id"] if isinstance(issuer, dict) else issuer
    return found


def _multikey_of_board() -> Document:
    key = SimulatedRelyingParty().board.key
    return {"type": "Multikey", "publicKeyMultibase": key.public.to_multikey()}


TOKENS = (
    *(_vc_jwt(alg) for alg in ("EdDSA", "ES256", "ES384", "ES256K", "RS256", "PS256")),
    _vc_jwt_1_1(),
    _vc_sd_jwt(),
    _dc_sd_jwt(),
)
