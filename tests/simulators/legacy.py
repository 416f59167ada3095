"""Signs as wallets did before Data Integrity 1.0, by the letter of those suites: PyLD, SHA-256, a detached JWS.

Shares nothing with the code under test but RDFC-1.0 itself, which has a suite of its own.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import coincurve
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from node.crypto.public_keys import KeyType, PublicKey
from registry.bindings.addresses import keccak256
from tests.simulators.pyld_oracle import pyld_canonical
from tests.simulators.signers import Signer

Document = dict[str, Any]
SUITES = "https://w3id.org/security/suites/"
JWS_2020 = SUITES + "jws-2020/v1"
RECOVERY_2020 = SUITES + "secp256k1recovery-2020/v2"
CREATED = "2026-09-21T14:13:20Z"
_RSA = rsa.generate_private_key(65537, 2048)


@dataclass(frozen=True, slots=True)
class LegacySigner:
    """A key, how a DID document writes it down, and the suite it signs by."""

    suite: str
    alg: str
    method: Document  # without id and controller
    sign: Callable[[bytes], bytes]
    context: str = ""  # of the suite, where VCDM 1.1 does not define it

    def prove(
        self, document: Document, method: str, *, header: Document | None = None, **members: Any
    ) -> Document:
        """The document with a proof by the verification method of that id. `members` go into the proof."""
        proof = {
            "type": self.suite,
            "created": CREATED,
            "verificationMethod": method,
            "proofPurpose": "assertionMethod",
            **members,
        }
        covered = {name: value for name, value in document.items() if name != "proof"}
        contexts = [*document["@context"], *members.get("@context", [])]
        forms = [pyld_canonical(one) for one in ({**proof, "@context": contexts}, covered)]
        digest = b"".join(hashlib.sha256(form.encode()).digest() for form in forms)
        head = _encoded(json.dumps(header or {"alg": self.alg, "b64": False, "crit": ["b64"]}).encode())
        jws = f"{head}..{_encoded(self.sign(head.encode() + b'.' + digest))}"
        return {**document, "proof": {**proof, "jws": jws}}


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _published(type_: KeyType) -> tuple[Document, Callable[[bytes], bytes]]:
    signer = Signer(9, type_)
    return {"type": "JsonWebKey2020", "publicKeyJwk": signer.key.public.to_jwk()}, signer.key.sign


_K256 = coincurve.PrivateKey(bytes([9]) * 32)
K256 = PublicKey.from_raw(KeyType.SECP256K1, _K256.public_key.format())
_K256_ADDRESS = "0x" + keccak256(_K256.public_key.format(compressed=False)[1:])[12:].hex()
_ED, _ED_SIGN = _published(KeyType.ED25519)
_P256, _P256_SIGN = _published(KeyType.P256)
_P384, _P384_SIGN = _published(KeyType.P384)
_K256_METHOD = {"type": "JsonWebKey2020", "publicKeyJwk": K256.to_jwk()}
_ACCOUNT = {"type": "EcdsaSecp256k1RecoveryMethod2020", "blockchainAccountId": f"eip155:1:{_K256_ADDRESS}"}
_ED_2018 = {
    "type": "Ed25519VerificationKey2018",
    "publicKeyMultibase": Signer(9).key.public.to_multikey(),
}


def _rsa_jwk() -> Document:
    numbers = _RSA.public_key().public_numbers()
    return {"kty": "RSA", "n": _encoded(numbers.n.to_bytes(256, "big")), "e": "AQAB"}


def _by_k256(message: bytes) -> bytes:
    return _K256.sign_recoverable(message)[:64]


def _by_rsa(message: bytes) -> bytes:
    return _RSA.sign(message, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


JWS = "JsonWebSignature2020"
K256_2019, R1_2019, RECOVERY = (
    "EcdsaSecp256k1Signature2019",
    "EcdsaSecp256r1Signature2019",
    "EcdsaSecp256k1RecoverySignature2020",
)
SIGNERS: dict[str, LegacySigner] = {
    "Ed25519Signature2018": LegacySigner("Ed25519Signature2018", "EdDSA", _ED_2018, _ED_SIGN),
    f"{JWS} EdDSA": LegacySigner(JWS, "EdDSA", _ED, _ED_SIGN, JWS_2020),
    f"{JWS} ES256": LegacySigner(JWS, "ES256", _P256, _P256_SIGN, JWS_2020),
    f"{JWS} ES384": LegacySigner(JWS, "ES384", _P384, _P384_SIGN, JWS_2020),
    f"{JWS} ES256K": LegacySigner(JWS, "ES256K", _K256_METHOD, _by_k256, JWS_2020),
    f"{JWS} PS256": LegacySigner(
        JWS, "PS256", {"type": "JsonWebKey2020", "publicKeyJwk": _rsa_jwk()}, _by_rsa, JWS_2020
    ),
    K256_2019: LegacySigner(K256_2019, "ES256K", _K256_METHOD, _by_k256),
    R1_2019: LegacySigner(R1_2019, "ES256", _P256, _P256_SIGN),
    f"{RECOVERY} key": LegacySigner(RECOVERY, "ES256K-R", _K256_METHOD, _K256.sign_recoverable, RECOVERY_2020),
    f"{RECOVERY} account": LegacySigner(RECOVERY, "ES256K-R", _ACCOUNT, _K256.sign_recoverable, RECOVERY_2020),
}
