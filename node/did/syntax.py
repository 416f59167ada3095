"""The shape of a DID, bounded before anything else looks at it."""

from __future__ import annotations

import re
from functools import lru_cache

MAX_DID_CHARS = 1024
"""No accepted method needs more (a did:jwk of a P-384 key takes 250); decoding long ones costs seconds."""

_REMEMBERED = 1024  # issuers' are asked for over and over

# DID Core 1.0 §3.1: the last character is no colon. Possessive: what was read once is never tried otherwise.
_DID = re.compile(r"did:([a-z0-9]+):((?:[A-Za-z0-9._:-]++|%[0-9A-Fa-f]{2})++)(?<!:)").fullmatch
_END_OF_DID = re.compile(r"[/?#]").search


class InvalidDid(ValueError):
    """Not a DID, or one that its method does not allow."""


def method_of(did: str) -> tuple[str, str]:
    """Method name and method-specific identifier. Raises InvalidDid."""
    if len(did) > MAX_DID_CHARS:
        raise InvalidDid(f"a DID of more than {MAX_DID_CHARS} characters is not looked at")
    return _parts(did)


@lru_cache(_REMEMBERED)
def _parts(did: str) -> tuple[str, str]:
    match = _DID(did)
    if match is None:
        raise InvalidDid("this is not a DID")
    return match[1], match[2]


def did_of(url: str) -> str:
    """The DID part of a DID URL: all before the path, query or fragment."""
    end = _END_OF_DID(url, 0, MAX_DID_CHARS + 1)
    return url[: end.start()] if end else url
