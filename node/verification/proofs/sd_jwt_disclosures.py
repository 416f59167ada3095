"""Disclosures (RFC 9901 §4.2, §7.1): what a holder shows of what an issuer signed as digests alone.

A claim is read only if its digest stands in what the issuer signed, or in another disclosure that does.
Whatever else comes along makes the whole refused; only digests that nobody disclosed are passed over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from node.crypto import base64url
from node.verification.proofs import strict_json
from node.verification.proofs.limits import DEFAULT_LIMITS, Limits
from node.verification.reasons import Reason
from node.verification.refusals import Refused

MAX_DISCLOSURES = 1000
DIGESTS, ELEMENT, ALGORITHM = "_sd", "...", "_sd_alg"
RESERVED = frozenset({DIGESTS, ELEMENT, ALGORITHM})
Hash = Callable[[bytes], Any]
HASHES: Mapping[str, Hash] = {
    "sha-256": hashlib.sha256,
    "sha-384": hashlib.sha384,
    "sha-512": hashlib.sha512,
}


class Disclosure(NamedTuple):
    """One claim of an object, or one element of an array."""

    name: str | None  # None: an element
    value: Any


def hash_of(payload: Mapping[str, Any]) -> Hash:
    """The hash function a payload names (RFC 9901 §4.1.1: sha-256 where it names none). Raises Refused."""
    named = payload.get(ALGORITHM, "sha-256")
    found = HASHES.get(named) if type(named) is str else None
    if found is None:
        raise Refused(
            Reason.MALFORMED_PROOF, "Its disclosures are hashed in a way that is not accepted.", f"/{ALGORITHM}"
        )
    return found


def digest_of(text: bytes, hash_: Hash) -> str:
    """RFC 9901 §4.2.3: over the base64url text, not over what it holds."""
    return base64url.encode(hash_(text).digest())


def read(texts: Sequence[str], hash_: Hash, limits: Limits = DEFAULT_LIMITS) -> dict[str, Disclosure]:
    """Digest → disclosure. Raises Refused."""
    if len(texts) > MAX_DISCLOSURES:
        raise Refused(Reason.TOO_MANY_VALUES, f"It has more than {MAX_DISCLOSURES} disclosures.")
    found: dict[str, Disclosure] = {}
    for text in texts:
        try:
            written = text.encode("ascii")
            raw = base64url.decode(written)
        except (UnicodeEncodeError, base64url.MalformedBase64url) as error:
            raise _malformed("A disclosure is not base64url.") from error
        found[digest_of(written, hash_)] = _disclosure(strict_json.parse(raw, limits))
    if len(found) != len(texts):
        raise _malformed("It holds the same disclosure twice.")
    return found


def disclosed(
    payload: Mapping[str, Any],
    disclosures: Mapping[str, Disclosure],
    plain: Collection[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> dict[str, Any]:
    """The payload with what was disclosed put in its place, and all digests gone. Raises Refused.

    `plain`: claims of the top level that no disclosure may give or change, because it could be withheld too.
    """
    unpacking = _Unpacking(disclosures, plain, limits)
    whole = unpacking.top(payload)
    if len(unpacking.used) != len(disclosures):
        raise Refused(Reason.SIGNATURE_INVALID, "It discloses something that its issuer did not sign.")
    return whole


def _disclosure(value: object) -> Disclosure:
    if type(value) is not list or not 2 <= len(value) <= 3 or type(value[0]) is not str:  # the salt
        raise _malformed("A disclosure is neither a claim nor an element of an array.")
    if len(value) == 2:
        return Disclosure(None, value[1])
    _, name, content = value
    if type(name) is not str:
        raise _malformed("A disclosure is neither a claim nor an element of an array.")
    # RFC 9901 §7.1 3.c: "If the claim name is _sd or ..., the SD-JWT MUST be rejected."
    if name in RESERVED:
        raise _malformed(f"A disclosure is of a claim named {name}.")
    return Disclosure(name, content)


class _Unpacking:
    """One walk over the payload and, where their digests are met, the disclosures."""

    def __init__(self, disclosures: Mapping[str, Disclosure], plain: Collection[str], limits: Limits) -> None:
        self._disclosures = disclosures
        self._plain = plain
        self._limits = limits
        self._met: set[str] = set()
        self._values = 0
        self.used: set[str] = set()

    def top(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        for name, value in payload.items():
            if name in self._plain and (type(value) is dict or type(value) is list) and _hides(value):
                raise _malformed(f"A part of `{name}` is hidden.", f"/{name}")
        claims = {name: value for name, value in payload.items() if name != ALGORITHM}
        whole = self._object(claims, 1)
        for name in whole.keys() - payload.keys():
            if name in self._plain:
                raise _malformed(f"`{name}` is disclosed, and could be withheld.", f"/{name}")
        return whole

    def _value(self, value: Any, depth: int) -> Any:
        if type(value) is dict:
            return self._object(value, depth)
        if type(value) is list:
            return self._array(value, depth)
        return value

    def _object(self, source: dict[str, Any], depth: int) -> dict[str, Any]:
        self._admit(len(source), depth)
        whole = {}
        for name, value in source.items():
            if name == DIGESTS:
                continue
            if name in (ELEMENT, ALGORITHM):
                raise _malformed(f"`{name}` stands where it means nothing.")
            # Most values are texts: the call is worth sparing.
            nested = type(value) is dict or type(value) is list
            whole[name] = self._value(value, depth + 1) if nested else value
        for digest in _digests(source):
            found = self._meet(digest)
            if found is None:
                continue
            if found.name is None:
                raise _malformed("An element of an array is disclosed in the place of a claim.")
            if found.name in whole:
                raise _malformed("A claim is disclosed that stands there already.")
            whole[found.name] = self._value(found.value, depth + 1)
        return whole

    def _array(self, source: list[Any], depth: int) -> list[Any]:
        self._admit(len(source), depth)
        whole = []
        for element in source:
            if type(element) is not dict or ELEMENT not in element:
                whole.append(self._value(element, depth + 1))
                continue
            if len(element) != 1:
                raise _malformed("The place of an array's element holds more than its digest.")
            found = self._meet(element[ELEMENT])
            if found is None:
                continue
            if found.name is not None:
                raise _malformed("A claim is disclosed in the place of an array's element.")
            whole.append(self._value(found.value, depth + 1))
        return whole

    def _meet(self, digest: object) -> Disclosure | None:
        """RFC 9901 §7.1 4: "If any digest value is encountered more than once … MUST be rejected"."""
        if type(digest) is not str:
            raise _malformed("A digest is not a text.")
        if digest in self._met:
            raise _malformed("A digest stands in it twice.")
        self._met.add(digest)
        found = self._disclosures.get(digest)
        if found is not None:
            self.used.add(digest)
        return found

    def _admit(self, values: int, depth: int) -> None:
        """Each disclosure was bounded by itself; inside one another they are bounded here."""
        self._values += values
        if self._values > self._limits.max_values:
            raise Refused(Reason.TOO_MANY_VALUES, f"More than {self._limits.max_values} values.")
        if depth > self._limits.max_depth:
            raise Refused(
                Reason.TOO_DEEP, f"More than {self._limits.max_depth} objects and arrays inside one another."
            )


def _digests(source: Mapping[str, Any]) -> list[Any]:
    stated = source.get(DIGESTS, [])
    if type(stated) is not list:
        raise _malformed(f"`{DIGESTS}` is not a list.")
    return stated


def _hides(value: Any) -> bool:
    """Whether anything in it is a digest: a part that somebody may have withheld."""
    level = [value]
    while level:
        below: list[Any] = []
        for item in level:
            if type(item) is dict:
                if not RESERVED.isdisjoint(item):
                    return True
                below.extend(item.values())
            elif type(item) is list:
                below.extend(item)
        level = below
    return False


def _malformed(detail: str, member: str = "") -> Refused:
    return Refused(Reason.MALFORMED_PROOF, detail, member)
