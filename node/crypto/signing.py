"""Signing keys: Ed25519 and P-256."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

import nacl.bindings
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from node.crypto.public_keys import KeyType, MalformedKey, PublicKey

_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_ECDSA = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)  # RFC 6979: no nonce to get wrong


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key. Its repr shows the public part alone.

    `secret` is the 32-byte seed (Ed25519) or scalar, big-endian (P-256).
    """

    public: PublicKey
    secret: bytes = field(repr=False)

    @classmethod
    def generate(cls, type_: KeyType = KeyType.ED25519) -> SigningKey:
        """A new key from the system's randomness."""
        if type_ is KeyType.P256:
            return cls.from_bytes(type_, (secrets.randbelow(_P256_ORDER - 1) + 1).to_bytes(32, "big"))
        return cls.from_bytes(type_, secrets.token_bytes(32))

    @classmethod
    def from_bytes(cls, type_: KeyType, secret: bytes) -> SigningKey:
        """Raises MalformedKey."""
        if len(secret) != 32:
            raise MalformedKey("a private key has 32 bytes")
        if type_ is KeyType.ED25519:
            public, _ = nacl.bindings.crypto_sign_seed_keypair(secret)
            return cls(PublicKey.from_raw(type_, public), secret)
        if type_ is KeyType.P256:
            point = (
                _p256(secret)
                .public_key()
                .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
            )
            return cls(PublicKey.from_raw(type_, point), secret)
        raise MalformedKey(f"signing with {type_} is not supported")

    def to_bytes(self) -> bytes:
        """The secret, for a key store: the reverse of `from_bytes`."""
        return self.secret

    def sign(self, message: bytes) -> bytes:
        """64 bytes: an Ed25519 signature, or r ‖ s."""
        if self.public.type is KeyType.ED25519:
            return nacl.bindings.crypto_sign(message, self.secret + self.public.raw)[:64]
        r, s = decode_dss_signature(_p256(self.secret).sign(message, _ECDSA))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _p256(secret: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        return ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
    except ValueError as error:
        raise MalformedKey("not a P-256 private key") from error
