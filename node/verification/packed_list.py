"""The bits of a status list as one is published: decoded within bounds, read by position.

Bitstring Status List §3.3 and StatusList2021: GZIP, the first entry in the highest bits of the first byte.
Token Status List §4.1: ZLIB, the first entry in the lowest bits of the first byte.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from node.crypto import base64url
from node.verification.reasons import Reason
from node.verification.refusals import Refused

MINIMUM_ENTRIES = 131_072
"""Bitstring Status List §3.1: fewer would tell too much about the few whose status is asked for."""
MAX_BYTES = 2 << 20
"""Of a list once inflated: 16 million entries of one bit. A kilobyte of GZIP may hold a megabyte."""
TOKEN_SIZES = (1, 2, 4, 8)

_LOWEST_FIRST, _HIGHEST_FIRST = 0, 7
_GZIP, _ZLIB = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class PackedList:
    """Entries of one size side by side."""

    packed: bytes = field(repr=False)
    turned: int  # 0 where the first entry of a byte stands in its lowest bits, 7 where in its highest

    def entries(self, bits: int) -> int:
        """How many of that size there are."""
        return 8 * len(self.packed) // bits

    def value(self, index: int, bits: int = 1) -> int:
        """Of the entry `index`, from 0, of `bits` bits each. Raises IndexError beyond the list."""
        if bits == 1:  # as nearly all are
            return self.packed[index >> 3] >> (index & 7 ^ self.turned) & 1
        start = index * bits
        if 8 % bits:
            return self._across(start, bits)
        # In a byte that holds whole entries 8 - bits - place is place ^ (8 - bits).
        return self.packed[start >> 3] >> (start & 7 ^ self.turned & 8 - bits) & (1 << bits) - 1

    def _across(self, start: int, bits: int) -> int:
        """An entry that may begin in one byte and end in the next: only those whose highest bit comes first."""
        if start + bits > 8 * len(self.packed):
            raise IndexError(start)
        two = int.from_bytes(self.packed[start >> 3 : (start >> 3) + 2].ljust(2, b"\0"), "big")
        return two >> (16 - bits - (start & 7)) & (1 << bits) - 1


def bitstring(encoded: object) -> PackedList:
    """`encodedList` of a BitstringStatusList: multibase `u`, base64url. Raises Refused."""
    if type(encoded) is not str or not encoded.startswith("u"):
        raise _unreadable("Its list is not written as multibase base64url.")
    return PackedList(_inflated(_decoded(encoded[1:]), _GZIP), _HIGHEST_FIRST)


def bitstring_2021(encoded: object) -> PackedList:
    """`encodedList` of a StatusList2021: base64 of either alphabet, as both were written. Raises Refused."""
    if type(encoded) is not str:
        raise _unreadable("Its list is not a text.")
    plain = encoded.rstrip("=").replace("+", "-").replace("/", "_")
    return PackedList(_inflated(_decoded(plain), _GZIP), _HIGHEST_FIRST)


def token_list(encoded: object) -> PackedList:
    """`lst` of a Token Status List. Raises Refused."""
    if type(encoded) is not str:
        raise _unreadable("Its list is not a text.")
    return PackedList(_inflated(_decoded(encoded), _ZLIB), _LOWEST_FIRST)


def _decoded(text: str) -> bytes:
    try:
        return base64url.decode(text)
    except base64url.MalformedBase64url as error:
        raise _unreadable("Its list is not base64url.") from error


def _inflated(compressed: bytes, form: int) -> bytes:
    """At most MAX_BYTES, however much there would be: no more is ever made."""
    inflater = zlib.decompressobj(form)
    try:
        found = inflater.decompress(compressed, MAX_BYTES + 1)
    except zlib.error as error:
        raise _unreadable("Its list is not compressed as it should be.") from error
    if len(found) > MAX_BYTES:
        raise Refused(Reason.STATUS_LIST_LENGTH, f"The list holds more than {MAX_BYTES} bytes.")
    if not inflater.eof or inflater.unused_data:
        raise _unreadable("Its list is cut off, or something follows it.")
    return found


def _unreadable(detail: str) -> Refused:
    return Refused(Reason.STATUS_LIST_INVALID, detail)
