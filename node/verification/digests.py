"""The two ways a credential states the hash of a file (VCDM 2.0 §5.3): Subresource Integrity, and multihash."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

from node.crypto import multibase

MAX_CHARS = 1024

_ALGORITHMS: Mapping[str, Callable[[bytes], Any]] = {
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}
_STRONGEST_FIRST = ("sha512", "sha384", "sha256")
# Multihash: a code, the length, the digest.
_MULTIHASH = {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}


class MalformedDigest(ValueError):
    """Not a digest, or of no algorithm that is known here."""


def check_sri(stated: object, data: bytes) -> bool:
    """SRI §3.3: of several hashes those of the strongest algorithm count, and one must fit.

    Raises MalformedDigest.
    """
    if not isinstance(stated, str) or len(stated) > MAX_CHARS:
        raise MalformedDigest("not a text of acceptable length")
    hashes: dict[str, list[bytes]] = {}
    for part in stated.split():
        algorithm, dash, value = part.partition("?")[0].partition("-")
        if dash and algorithm in _ALGORITHMS:
            hashes.setdefault(algorithm, []).append(_base64(value))
    for algorithm in _STRONGEST_FIRST:
        if algorithm in hashes:
            digest = _ALGORITHMS[algorithm](data).digest()
            return any(hmac.compare_digest(digest, one) for one in hashes[algorithm])
    raise MalformedDigest("no hash of a known algorithm")


def check_multihash(stated: object, data: bytes) -> bool:
    """CID 1.0 §2.5, in the multibase alphabets `z` and `u`. Raises MalformedDigest."""
    try:
        raw = multibase.decode(stated)  # type: ignore[arg-type]  # it refuses what is no text
    except multibase.MalformedMultibase as error:
        raise MalformedDigest(str(error)) from error
    algorithm = _MULTIHASH.get(raw[:2])
    if algorithm is None:
        raise MalformedDigest("no multihash of a known algorithm")
    return hmac.compare_digest(_ALGORITHMS[algorithm](data).digest(), raw[2:])


def fits(stated: Mapping[str, Any], data: bytes) -> bool:
    """Whether `data` fits every digest an object states of it. Raises MalformedDigest, for none too."""
    results = []
    if "digestSRI" in stated:
        results.append(check_sri(stated["digestSRI"], data))
    if "digestMultibase" in stated:
        results.append(check_multihash(stated["digestMultibase"], data))
    if not results:
        raise MalformedDigest("no digest is stated")
    return all(results)


def _base64(text: str) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise MalformedDigest("not base64") from error
    return found
