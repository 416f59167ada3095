"""RSA public keys, for JOSE alone: RS256 and PS256 (RFC 7518 §3.3, §3.5). Checked, never signed with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from node.crypto import base64url

ALGORITHMS = ("RS256", "PS256")

MIN_BITS = 2048  # RFC 7518 §3.3: "A key of size 2048 bits or larger MUST be used"
MAX_BITS = 4096  # a check of 8192 bits would cost whoever is asked to make it, and nobody uses such keys
_MIN_EXPONENT = 65_537  # FIPS 186-5 §5.1: larger than 2^16
_MAX_EXPONENT = 2**32 - 1  # a long exponent makes each check slow

_SHA256 = hashes.SHA256()
_PADDINGS: Mapping[str, Callable[[], padding.AsymmetricPadding]] = {
    "RS256": padding.PKCS1v15,
    # RFC 7518 §3.5: salt and MGF1 as long as, and of, the hash.
    "PS256": lambda: padding.PSS(padding.MGF1(_SHA256), _SHA256.digest_size),
}


class MalformedRsaKey(ValueError):
    """Not an RSA key of an accepted size."""


def read_jwk(jwk: Mapping[str, Any]) -> bytes:
    """The key of a JWK (RFC 7518 §6.3.1), as PKCS #1 DER. Raises MalformedRsaKey."""
    return from_numbers(_number(jwk, "n", MAX_BITS // 8), _number(jwk, "e", 4))


def from_numbers(modulus: int, exponent: int) -> bytes:
    """PKCS #1 DER. Raises MalformedRsaKey."""
    if not MIN_BITS <= modulus.bit_length() <= MAX_BITS or not modulus & 1:
        raise MalformedRsaKey(f"an RSA key has {MIN_BITS} to {MAX_BITS} bits")
    if not _MIN_EXPONENT <= exponent <= _MAX_EXPONENT or not exponent & 1:
        raise MalformedRsaKey("not a safe RSA exponent")
    return (
        rsa.RSAPublicNumbers(exponent, modulus)
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
    )


def to_jwk(der: bytes) -> dict[str, str]:
    """The members RFC 7638 would hash."""
    numbers = _key(der).public_numbers()
    return {"kty": "RSA", "n": _text(numbers.n), "e": _text(numbers.e)}


def holds(der: bytes, signature: bytes, message: bytes, algorithm: str) -> bool:
    """Whether `signature` was made by this key over `message`; `algorithm` is one of ALGORITHMS."""
    try:
        _key(der).verify(signature, message, _PADDINGS[algorithm](), _SHA256)
    except InvalidSignature:
        return False
    return True


@lru_cache(256)
def _key(der: bytes) -> rsa.RSAPublicKey:
    key = serialization.load_der_public_key(der)
    if not isinstance(key, rsa.RSAPublicKey):
        raise MalformedRsaKey("not an RSA key")
    return key


def _number(jwk: Mapping[str, Any], member: str, max_bytes: int) -> int:
    """RFC 7518 §2, Base64urlUInt: big-endian, without a leading zero."""
    text = jwk.get(member)
    if not isinstance(text, str) or not 0 < len(text) <= (max_bytes * 4 + 2) // 3:
        raise MalformedRsaKey(f"`{member}` of the JWK has the wrong length")
    try:
        data = base64url.decode(text)
    except base64url.MalformedBase64url as error:
        raise MalformedRsaKey(f"`{member}` of the JWK is not base64url") from error
    if data[0] == 0:
        raise MalformedRsaKey(f"`{member}` of the JWK has a leading zero")
    return int.from_bytes(data, "big")


def _text(number: int) -> str:
    return base64url.encode(number.to_bytes((number.bit_length() + 7) // 8, "big"))
