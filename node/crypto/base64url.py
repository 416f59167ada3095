"""base64url without padding (RFC 7515 §2, RFC 4648 §5), strict: one text for one value, no second spelling."""

from __future__ import annotations

import binascii
import re

_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")
_ALPHABET = re.compile(rb"[A-Za-z0-9_-]*\Z").match


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
    if len(raw) % 4 == 1 or not _ALPHABET(raw):
        raise MalformedBase64url("not base64url")
    data = binascii.a2b_base64(raw.translate(_FROM_URL) + b"==="[: -len(raw) % 4])
    # Only the last group can hide bits: encode it again and compare.
    tail = len(raw) % 4
    if tail and encode(data[-(tail - 1) :]).encode("ascii") != raw[-tail:]:
        raise MalformedBase64url("unused bits are set")
    return data
