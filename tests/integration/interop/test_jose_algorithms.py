"""jose (npm) and we agree on the algorithms that a board's own keys are not of.

ES256K is not among them: jose no longer has it. joserfc checks it, beside the others, in the unit tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from node.crypto.public_keys import KeyType, PublicKey
from node.verification.proofs import jose
from node.verification.refusals import Refused
from tests.interop import peers
from tests.interop.tampering import tampered_jwts
from tests.simulators.signers import NOW, Signer, fixture

pytestmark = pytest.mark.usefixtures("_peers")


def unsigned() -> dict[str, Any]:
    return {member: value for member, value in fixture("licence.json").items() if member != "proof"}


def accepted(compact: str, jwk: Mapping[str, Any]) -> bool:
    try:
        jose.check(jose.peek(compact), PublicKey.from_jwk(jwk), now=NOW, skew=0)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("algorithm", ["ES384", "RS256", "PS256"])
def test_we_accept_what_they_sign(algorithm: str) -> None:
    secret = ECKey.generate_key("P-384") if algorithm == "ES384" else RSAKey.generate_key(2048)
    public = secret.as_dict(private=False)
    [compact] = peers.sign(
        [
            {
                "mechanism": "jwt",
                "header": {"alg": algorithm, "typ": "vc+jwt", "kid": "did:web:board.example#key-9"},
                "payload": unsigned(),
                "key": secret.as_dict(private=True),
            }
        ]
    )
    assert accepted(compact, public)
    assert [what for what, twin in tampered_jwts(compact) if accepted(twin, public)] == []


def test_they_accept_what_we_sign_with_p384() -> None:
    signer = Signer(7, KeyType.P384)
    compact = jose.sign(unsigned(), key=signer.key, kid=signer.method, typ="vc+jwt")
    question = {"key": signer.key.public.to_jwk(), "alg": "ES384", "typ": "vc+jwt"}
    twins = [twin for _, twin in tampered_jwts(compact)]
    genuine, *others = peers.verify([{"jwt": one, **question} for one in (compact, *twins)], {})
    assert genuine.error == ""
    assert not any(answer.accepted for answer in others)
