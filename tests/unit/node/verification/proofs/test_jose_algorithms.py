"""The algorithms of JOSE, signed by an independent implementation; each key under its own, and no other."""

from __future__ import annotations

import hmac
import json
from functools import cache

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

from node.crypto import base64url
from node.crypto.public_keys import PublicKey
from node.verification.proofs import jose
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from tests.simulators.signers import NOW, licence

# RFC 9864 renames EdDSA; what is deployed still says EdDSA.
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")

ISSUER = "did:web:board.example"
ALGORITHMS = ["EdDSA", "ES256", "ES384", "ES256K", "RS256", "PS256"]
Secret = ECKey | OKPKey | RSAKey


@cache
def secret(alg: str) -> Secret:
    curves = {"ES256": "P-256", "ES384": "P-384", "ES256K": "secp256k1"}
    if alg == "EdDSA":
        return OKPKey.generate_key("Ed25519")
    if alg in curves:
        return ECKey.generate_key(curves[alg])
    return RSAKey.generate_key(2048)


def public(alg: str) -> PublicKey:
    return PublicKey.from_jwk(secret(alg).as_dict(private=False))


def signed(alg: str, key: Secret | None = None) -> str:
    return jws.serialize_compact(
        {"alg": alg, "typ": "vc+jwt"}, json.dumps(licence(ISSUER)), key or secret(alg), algorithms=[alg]
    )


def reason(compact: str, key: PublicKey) -> Reason:
    try:
        jose.check(jose.peek(compact), key, now=NOW, skew=0)
    except Refused as refused:
        return refused.reason
    return Reason.OK


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_genuine_ones_are_accepted(alg: str) -> None:
    assert reason(signed(alg), public(alg)) is Reason.OK


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_a_key_is_used_with_what_it_is_for(alg: str) -> None:
    compact = signed(alg)
    for other in sorted(set(ALGORITHMS) - {alg}):
        # Both of RSA's algorithms are for any RSA key; this one is another.
        both_rsa = {alg, other} == {"RS256", "PS256"}
        expected = Reason.SIGNATURE_INVALID if both_rsa else Reason.ALGORITHM_MISMATCH
        assert reason(compact, public(other)) is expected


def test_rsa_paddings_do_not_stand_in_for_one_another() -> None:
    """The header is signed: one that names the other padding is another message, and another check."""
    key = secret("RS256")
    header, payload, signature = signed("RS256", key).split(".")
    swapped = base64url.encode(base64url.decode(header).replace(b"RS256", b"PS256"))
    assert reason(f"{swapped}.{payload}.{signature}", public("RS256")) is Reason.SIGNATURE_INVALID
    confined = PublicKey.from_jwk({**key.as_dict(private=False), "alg": "PS256"})
    assert reason(signed("RS256", key), confined) is Reason.ALGORITHM_MISMATCH
    assert reason(signed("PS256", key), confined) is Reason.OK


def test_an_rsa_key_is_no_shared_secret() -> None:
    """The old confusion: HMAC under the published key's bytes."""
    payload = signed("RS256").split(".")[1]
    header = base64url.encode(b'{"alg":"HS256","typ":"vc+jwt"}')
    for shared in (public("RS256").raw, json.dumps(public("RS256").to_jwk()).encode()):
        code = hmac.digest(shared, f"{header}.{payload}".encode(), "sha256")
        with pytest.raises(Refused) as refused:
            jose.peek(f"{header}.{payload}.{base64url.encode(code)}")
        assert refused.value.reason is Reason.ALGORITHM_MISMATCH


@pytest.mark.parametrize("alg", ["RS1", "RS384", "RS512", "PS384", "PS512", "ES512", "ES256K-R", ""])
def test_no_other_algorithm(alg: str) -> None:
    header = base64url.encode(json.dumps({"alg": alg, "typ": "vc+jwt"}).encode())
    _, payload, signature = signed("RS256").split(".")
    assert reason(f"{header}.{payload}.{signature}", public("RS256")) is Reason.ALGORITHM_MISMATCH


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_no_changed_byte_is_accepted(alg: str) -> None:
    compact, key = signed(alg), public(alg)
    for position, character in enumerate(compact):
        other = "A" if character != "A" else "B"
        changed = compact[:position] + other + compact[position + 1 :]
        assert reason(changed, key) is not Reason.OK, (position, changed)
    for cut in (1, 2, 3, 4, 40):
        assert reason(compact[:-cut], key) is not Reason.OK
        assert reason(compact + "A" * cut, key) is not Reason.OK
