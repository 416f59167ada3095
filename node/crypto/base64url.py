"""base64url without padding (RFC 7515 §2, RFC 4648 §5), strict: one text for one value, no second spelling."""

from __future__ import annotations

import binascii

_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_+/=", b"+/***")  # `*` is of no alphabet
_LAST = {2: b"AQgw", 3: b"AEIMQUYcgkosw048"}  # by how many characters are left over: those with no bit unused


class MalformedBase64url(ValueError):
    """Not base64url, or not the one way to write its value."""


def encode(data: bytes) -> str:
    """The text of `data`, without padding."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL, b"=").decode("ascii")


def decode(text: str | bytes) -> bytes:
    """The bytes `text` stands for.

    Raises MalformedBase64url for padding, white space, other characters, an impossible length, and for
    unused bits that are not zero: otherwise one signed value would have several spellings.
    """
    try:
        raw = text.encode("ascii") if isinstance(text, str) else text
    except UnicodeEncodeError as error:
        raise MalformedBase64url("not ASCII") from error
    tail = len(raw) % 4
    # Only the last character can hide bits.
    if tail == 1 or (tail and raw[-1] not in _LAST[tail]):
        raise MalformedBase64url("not base64url, or unused bits are set")
    try:
        return binascii.a2b_base64(raw.translate(_FROM_URL) + b"==="[: -len(raw) % 4], strict_mode=True)
    except binascii.Error as error:
        raise MalformedBase64url("not base64url") from error
