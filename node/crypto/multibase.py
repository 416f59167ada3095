"""Multibase (CID 1.0 §2.4): base58btc `z` and base64url `u`, everything else refused.

py-multibase does the work for keys and for encoding, behind two corrections: it loses the leading zero
bytes of base58btc, and it takes any length (base58 costs the square of it). A proof value is on the path
of every verification, where py-multibase takes 89 µs and the signature itself 40 µs: `decode_signature`
decodes those, of one fixed length, in 4 µs: all digits at once, two by two, as lanes of one large number.
"""

from __future__ import annotations

import multibase as py_multibase

from node.crypto import base64url

MAX_CHARS = 1024  # of a base58btc or base64url text: ample for any key or signature
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS = bytes(_ALPHABET.find(chr(code)) & 0xFF for code in range(256))  # value of a letter; 255: not one
_LETTERS = _ALPHABET.encode("ascii")


def _steps(digits: int) -> tuple[tuple[int, int, int], ...]:
    """To make one number of that many digits: bits of a lane, every other lane, worth of the lane above it."""
    steps, width, base = [], 8, 58
    while width < 8 * digits:
        ones = (1 << width) - 1
        steps.append((width, sum(ones << at for at in range(0, 8 * digits, 2 * width)), base))
        width, base = 2 * width, base * base
    return tuple(steps)


_STEPS = _steps(256)  # the eighth, which 64 bytes do not need, is cheap on a number that short


class MalformedMultibase(ValueError):
    """Not multibase, of an alphabet that is not accepted, or too long."""


def decode(text: str) -> bytes:
    """The bytes of a `z…` or `u…` text of at most MAX_CHARS characters. Raises MalformedMultibase."""
    if not isinstance(text, str) or not 1 < len(text) <= MAX_CHARS or not text.isascii():
        raise MalformedMultibase("not a multibase text of acceptable length")
    prefix, body = text[0], text[1:]
    if prefix == "u":
        try:
            return base64url.decode(body)
        except base64url.MalformedBase64url as error:
            raise MalformedMultibase(str(error)) from error
    if prefix != "z" or max(body.encode("ascii").translate(_DIGITS)) > 57:
        raise MalformedMultibase("not base58btc or base64url")
    digits = body.lstrip("1")  # a leading `1` is a leading zero byte, which py-multibase drops
    zeros = bytes(len(body) - len(digits))
    return zeros + bytes(py_multibase.decode("z" + digits)) if digits else zeros


def encode(data: bytes) -> str:
    """`data` as base58btc with its prefix."""
    digits = data.lstrip(b"\0")
    text = py_multibase.encode("base58btc", digits).decode("ascii")[1:] if digits else ""
    return "z" + "1" * (len(data) - len(digits)) + text


def decode_signature(text: object, size: int = 64) -> bytes:
    """A signature of `size` bytes written as base58btc, as the EdDSA and ECDSA cryptosuites ask.

    Raises MalformedMultibase for anything else, before doing any work that grows with the input.
    """
    # 64 bytes make at most 88 digits, 96 at most 132; and at least one for each byte, were they all zero.
    most = size * 11 // 8
    if type(text) is not str or not size < len(text) <= most + 1 or text[0] != "z" or not text.isascii():
        raise MalformedMultibase(f"not a base58btc signature of {size} bytes")
    letters = text[1:].encode("ascii")
    if letters.translate(None, _LETTERS):
        raise MalformedMultibase("not base58btc")
    digits = letters.translate(_DIGITS)
    number = int.from_bytes(digits, "big")
    for width, lanes, base in _STEPS:  # digits in lanes of a byte, then pairs in lanes of two bytes, and so on
        number = (number & lanes) + (number >> width & lanes) * base
    zeros = len(digits) - len(digits.lstrip(b"\0"))
    if (number.bit_length() + 7) // 8 + zeros != size:
        raise MalformedMultibase(f"not {size} bytes")
    return number.to_bytes(size, "big")
