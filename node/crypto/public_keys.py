"""Public keys: the forms they are published in, and checking a signature with one.

Ed25519 by libsodium (twice OpenSSL's speed; refuses small-order points and non-canonical signatures),
P-256, P-384 and RSA by OpenSSL, secp256k1 by libsecp256k1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

import coincurve
import nacl.bindings
import nacl.exceptions
from coincurve.ecdsa import cdata_to_der, deserialize_compact, signature_normalize
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from node.crypto import base64url, multibase, rsa

_CACHED_KEYS = 4096
_MAX_MULTIKEY_CHARS = 140  # the longest accepted key (BLS12-381) takes 137


class KeyType(StrEnum):
    """Named as JWK `crv` names it (RFC 8037, RFC 7518, RFC 8812); RSA by its `kty`. BLS is read from no JWK."""

    ED25519 = "Ed25519"
    P256 = "P-256"
    P384 = "P-384"
    SECP256K1 = "secp256k1"
    RSA = "RSA"
    BLS12_381_G2 = "BLS12381G2"


class MalformedKey(ValueError):
    """Not a key of an accepted type, not of the exact length, or not a point of the curve."""


class SignatureInvalid(Exception):
    """The signature was not made by this key over this message."""


# Multicodec prefixes as published in the Multikey registry, compared byte for byte (CID 1.0 §2.2.2).
_MULTICODEC = {
    KeyType.ED25519: b"\xed\x01",
    KeyType.P256: b"\x80\x24",
    KeyType.P384: b"\x81\x24",
    KeyType.SECP256K1: b"\xe7\x01",
    KeyType.BLS12_381_G2: b"\xeb\x01",
}
_RAW_BYTES = {
    KeyType.ED25519: 32,
    KeyType.P256: 33,
    KeyType.P384: 49,
    KeyType.SECP256K1: 33,
    KeyType.BLS12_381_G2: 96,
}
_SIGNATURE_BYTES = {KeyType.ED25519: 64, KeyType.P256: 64, KeyType.P384: 96, KeyType.SECP256K1: 64}
_JOSE_ALGS: Mapping[KeyType, tuple[str, ...]] = {
    KeyType.ED25519: ("EdDSA", "Ed25519"),  # RFC 9864 gives EdDSA its second name
    KeyType.P256: ("ES256",),
    KeyType.P384: ("ES384",),
    KeyType.SECP256K1: ("ES256K",),
    KeyType.RSA: rsa.ALGORITHMS,
}
_CURVES: Mapping[KeyType, ec.EllipticCurve] = {
    KeyType.P256: ec.SECP256R1(),
    KeyType.P384: ec.SECP384R1(),
    KeyType.SECP256K1: ec.SECP256K1(),
}
_ECDSA_P256 = ec.ECDSA(hashes.SHA256())
_ECDSA_P384 = ec.ECDSA(hashes.SHA384())


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key known to be a point of its curve; of BLS12-381, to have the form of one (see bbs.py).

    `raw` is what a Multikey holds after its prefix: 32 bytes for Ed25519, the compressed point for the other
    curves; of an RSA key it is the PKCS #1 DER. Build one with `from_raw`, `from_multikey` or `from_jwk`:
    they check; the constructor does not.
    """

    type: KeyType
    raw: bytes
    only_alg: str = ""  # the JWS `alg` its publisher confines an RSA key to, where it says so

    @classmethod
    def from_raw(cls, type_: KeyType, raw: bytes) -> PublicKey:
        """A key of a curve. Raises MalformedKey."""
        if len(raw) != _RAW_BYTES.get(type_):
            raise MalformedKey(f"not the length of a {type_} key: {len(raw)} bytes")
        if type_ is KeyType.ED25519:
            _admit_ed25519(raw)
        elif type_ is KeyType.BLS12_381_G2:
            # draft-irtf-cfrg-bls-signature, appendix A: compressed, and not the point at infinity
            if raw[0] & 0xC0 != 0x80:
                raise MalformedKey("not a compressed point")
        else:
            _parsed_point(type_, raw)
        return cls(type_, raw)

    @classmethod
    def from_multikey(cls, text: str) -> PublicKey:
        """From `publicKeyMultibase` of a Multikey, or a did:key's identifier. Raises MalformedKey."""
        if not isinstance(text, str) or len(text) > _MAX_MULTIKEY_CHARS:
            raise MalformedKey("not a Multikey of an accepted type")
        return _from_multikey(text)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> PublicKey:
        """From a JWK (RFC 7517). Raises MalformedKey, for a private key too: it has no place here."""
        if not isinstance(jwk, Mapping) or "d" in jwk:
            raise MalformedKey("not a public JWK")
        type_ = _jwk_type(jwk)
        if jwk.get("use", "sig") != "sig" or jwk.get("alg", _JOSE_ALGS[type_][0]) not in _JOSE_ALGS[type_]:
            raise MalformedKey("the JWK is meant for another use")
        if type_ is KeyType.RSA:
            try:
                return cls(type_, rsa.read_jwk(jwk), jwk.get("alg", ""))
            except rsa.MalformedRsaKey as error:
                raise MalformedKey(str(error)) from error
        if type_ is KeyType.ED25519:
            if "y" in jwk:
                raise MalformedKey("an Ed25519 JWK has no `y`")
            return cls.from_raw(type_, _coordinate(jwk, "x", 32))
        size = _RAW_BYTES[type_] - 1
        x, y = _coordinate(jwk, "x", size), _coordinate(jwk, "y", size)
        return _from_point(type_, x, y)

    def to_multikey(self) -> str:
        """`publicKeyMultibase` of a Multikey. Raises MalformedKey for RSA, which has none here."""
        if self.type not in _MULTICODEC:
            raise MalformedKey(f"a {self.type} key is not published as a Multikey")
        return multibase.encode(_MULTICODEC[self.type] + self.raw)

    def to_jwk(self) -> dict[str, str]:
        """The members RFC 7638 would hash, and no other."""
        if self.type is KeyType.RSA:
            return rsa.to_jwk(self.raw)
        if self.type is KeyType.ED25519:
            return {"kty": "OKP", "crv": self.type.value, "x": base64url.encode(self.raw)}
        key = ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[self.type], self.raw)
        point = key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        half = 1 + len(point) // 2
        x, y = point[1:half], point[half:]
        return {"kty": "EC", "crv": self.type.value, "x": base64url.encode(x), "y": base64url.encode(y)}

    @property
    def jose_alg(self) -> str:
        """The JWS `alg` this key signs with."""
        return self.only_alg or _JOSE_ALGS[self.type][0]

    def accepts(self, alg: str) -> bool:
        """Whether a JWS of this `alg` may be checked with this key."""
        return alg == self.only_alg if self.only_alg else alg in _JOSE_ALGS.get(self.type, ())

    @property
    def signature_bytes(self) -> int:
        """The length of a signature by a key of this curve. Raises KeyError for RSA and BLS."""
        return _SIGNATURE_BYTES[self.type]

    def verify(self, signature: bytes, message: bytes, alg: str = "") -> None:
        """Raises SignatureInvalid. ECDSA signatures are r ‖ s, each as long as the curve's order.

        `alg`: of the JWS, which `accepts` has admitted. An RSA key needs it; any other has one way to sign.
        """
        if self.type is KeyType.RSA:
            if not rsa.holds(self.raw, signature, message, alg):
                raise SignatureInvalid("the signature does not match")
            return
        if self.type not in _SIGNATURE_BYTES:
            raise SignatureInvalid(f"a {self.type} key makes no such signature")
        if len(signature) != _SIGNATURE_BYTES[self.type]:
            raise SignatureInvalid(f"a {self.type} signature has {_SIGNATURE_BYTES[self.type]} bytes")
        try:
            if self.type is KeyType.ED25519:
                nacl.bindings.crypto_sign_open(signature + message, self.raw)
            elif self.type is KeyType.SECP256K1:
                _verify_secp256k1(self.raw, signature, message)
            else:
                half = len(signature) // 2
                r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
                algorithm = _ECDSA_P256 if self.type is KeyType.P256 else _ECDSA_P384
                _openssl_key(self.type, self.raw).verify(encode_dss_signature(r, s), message, algorithm)
        except (nacl.exceptions.BadSignatureError, InvalidSignature) as error:
            raise SignatureInvalid("the signature does not match") from error


def _jwk_type(jwk: Mapping[str, Any]) -> KeyType:
    kty = jwk.get("kty")
    if kty == KeyType.RSA:
        if "crv" in jwk:
            raise MalformedKey("an RSA JWK has no `crv`")
        return KeyType.RSA
    try:
        type_ = KeyType(jwk.get("crv", ""))
    except ValueError as error:
        raise MalformedKey("JWK of an unsupported curve") from error
    if type_ not in _JOSE_ALGS:
        raise MalformedKey("JWK of an unsupported curve")
    if kty != ("OKP" if type_ is KeyType.ED25519 else "EC"):
        raise MalformedKey("`kty` and `crv` of the JWK differ")
    return type_


def _coordinate(jwk: Mapping[str, Any], member: str, size: int) -> bytes:
    """RFC 7518 §6.2.1.2: exactly as many octets as the curve's field, leading zeros kept."""
    text = jwk.get(member)
    if not isinstance(text, str) or len(text) != (size * 4 + 2) // 3:
        raise MalformedKey(f"`{member}` of the JWK has the wrong length")
    try:
        return base64url.decode(text)
    except base64url.MalformedBase64url as error:
        raise MalformedKey(f"`{member}` of the JWK is not base64url") from error


@lru_cache(_CACHED_KEYS)
def _from_multikey(text: str) -> PublicKey:
    try:
        data = multibase.decode(text)
    except multibase.MalformedMultibase as error:
        raise MalformedKey(str(error)) from error
    for type_, prefix in _MULTICODEC.items():
        if data[:2] == prefix:
            return PublicKey.from_raw(type_, data[2:])
    raise MalformedKey("not a Multikey of an accepted type")


@lru_cache(_CACHED_KEYS)
def _admit_ed25519(raw: bytes) -> None:
    """The order of a point costs as much as checking a signature."""
    if not nacl.bindings.crypto_core_ed25519_is_valid_point(raw):
        raise MalformedKey("not an Ed25519 public key")


@lru_cache(_CACHED_KEYS)
def _from_point(type_: KeyType, x: bytes, y: bytes) -> PublicKey:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[type_], b"\x04" + x + y)
    except ValueError as error:
        raise MalformedKey(f"not a point of {type_}") from error
    return PublicKey.from_raw(type_, (b"\x03" if y[-1] & 1 else b"\x02") + x)


def _parsed_point(type_: KeyType, raw: bytes) -> None:
    if raw[0] not in (2, 3):  # the compressed forms
        raise MalformedKey("not a compressed point")
    if type_ is KeyType.SECP256K1:
        _secp256k1_key(raw)
    else:
        _openssl_key(type_, raw)


@lru_cache(_CACHED_KEYS)
def _openssl_key(type_: KeyType, raw: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[type_], raw)
    except ValueError as error:
        raise MalformedKey(f"not a point of {type_}") from error


@lru_cache(_CACHED_KEYS)
def _secp256k1_key(raw: bytes) -> coincurve.PublicKey:
    try:
        return coincurve.PublicKey(raw)
    except ValueError as error:
        raise MalformedKey("not a point of secp256k1") from error


def _verify_secp256k1(raw: bytes, signature: bytes, message: bytes) -> None:
    """RFC 8812 allows either of the two values of s; libsecp256k1 wants the lower one."""
    try:
        _, low_s = signature_normalize(deserialize_compact(signature))
    except ValueError as error:
        raise SignatureInvalid("not a secp256k1 signature") from error
    digest = hashlib.sha256(message).digest()
    if not _secp256k1_key(raw).verify(cdata_to_der(low_s), digest, hasher=None):
        raise SignatureInvalid("the signature does not match")
