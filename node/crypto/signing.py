"""Signing keys: Ed25519, P-256 and P-384."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

import nacl.bindings
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from node.crypto.public_keys import KeyType, MalformedKey, PublicKey


@dataclass(frozen=True, slots=True)
class _Curve:
    """A NIST curve to sign with."""

    parameters: ec.EllipticCurve
    order: int
    algorithm: ec.ECDSA
    scalar_bytes: int


# RFC 6979: no nonce to get wrong. The hash goes with the curve (RFC 7518 §3.4, vc-di-ecdsa §3.2.6).
_CURVES: Mapping[KeyType, _Curve] = {
    KeyType.P256: _Curve(
        ec.SECP256R1(),
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
        ec.ECDSA(hashes.SHA256(), deterministic_signing=True),
        32,
    ),
    KeyType.P384: _Curve(
        ec.SECP384R1(),
        int(
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
            16,
        ),
        ec.ECDSA(hashes.SHA384(), deterministic_signing=True),
        48,
    ),
}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key. Its repr shows the public part alone.

    `secret` is the 32-byte seed (Ed25519), or the scalar, big-endian (P-256: 32 bytes, P-384: 48).
    """

    public: PublicKey
    secret: bytes = field(repr=False)

    @classmethod
    def generate(cls, type_: KeyType = KeyType.ED25519) -> SigningKey:
        """A new key from the system's randomness."""
        curve = _CURVES.get(type_)
        if curve is None:
            return cls.from_bytes(type_, secrets.token_bytes(32))
        scalar = secrets.randbelow(curve.order - 1) + 1
        return cls.from_bytes(type_, scalar.to_bytes(curve.scalar_bytes, "big"))

    @classmethod
    def from_bytes(cls, type_: KeyType, secret: bytes) -> SigningKey:
        """Raises MalformedKey."""
        curve = _CURVES.get(type_)
        if curve is None and type_ is not KeyType.ED25519:
            raise MalformedKey(f"signing with {type_} is not supported")
        if len(secret) != (32 if curve is None else curve.scalar_bytes):
            raise MalformedKey(f"not the length of a {type_} private key")
        if curve is None:
            public, _ = nacl.bindings.crypto_sign_seed_keypair(secret)
            return cls(PublicKey.from_raw(type_, public), secret)
        point = (
            _private_key(curve, secret)
            .public_key()
            .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
        )
        return cls(PublicKey.from_raw(type_, point), secret)

    def to_bytes(self) -> bytes:
        """The secret, for a key store: the reverse of `from_bytes`."""
        return self.secret

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature of 64 bytes, or r ‖ s: 64 bytes of P-256, 96 of P-384."""
        curve = _CURVES.get(self.public.type)
        if curve is None:
            return nacl.bindings.crypto_sign(message, self.secret + self.public.raw)[:64]
        r, s = decode_dss_signature(_private_key(curve, self.secret).sign(message, curve.algorithm))
        return r.to_bytes(curve.scalar_bytes, "big") + s.to_bytes(curve.scalar_bytes, "big")


def _private_key(curve: _Curve, secret: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        return ec.derive_private_key(int.from_bytes(secret, "big"), curve.parameters)
    except ValueError as error:
        raise MalformedKey(f"not a private key of {curve.parameters.name}") from error
