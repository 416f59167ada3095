"""A list of ours as a Token Status List (§4, §5): other bits in another order, for what it says there.

| purpose on the ledger | entry | as a token's |
| --- | --- | --- |
| revocation | 1 bit: revoked | 1 bit: 1 INVALID |
| suspension | 1 bit: suspended | 2 bits: 2 SUSPENDED |
| message | 1, 2, 4 or 8 bits | the same value, whose meaning is the issuer's |

A list of newer versions (refresh) says nothing that a token could.
"""

from __future__ import annotations

import zlib

from node.crypto import base64url
from registry.records import StatusPurpose

PURPOSES = frozenset({StatusPurpose.REVOCATION, StatusPurpose.SUSPENSION, StatusPurpose.MESSAGE})


def status_list(packed: bytes, purpose: StatusPurpose, bits: int) -> dict[str, object]:
    """The `status_list` member: `packed` holds entries of `bits` bits, the first in the highest bits."""
    if purpose is StatusPurpose.SUSPENSION:
        bits, turned = 2, b"".join(map(_SUSPENDED.__getitem__, packed))
    else:
        turned = packed.translate(_TURNED[bits])
    # §4.1: "It is RECOMMENDED to use the highest compression level available."
    return {"bits": bits, "lst": base64url.encode(zlib.compress(turned, 9))}


def _entries(byte: int, bits: int) -> list[int]:
    """Of one byte, the highest first."""
    return [byte >> place & (1 << bits) - 1 for place in range(8 - bits, -1, -bits)]


def _lowest_first(entries: list[int], bits: int) -> int:
    return sum(entry << place * bits for place, entry in enumerate(entries))


_TURNED = {
    bits: bytes(_lowest_first(_entries(byte, bits), bits) for byte in range(256)) for bits in (1, 2, 4, 8)
}


def _suspended(byte: int) -> bytes:
    """Eight entries of one bit as two bytes of four: 1 becomes 2."""
    twos = [2 * entry for entry in _entries(byte, 1)]
    return bytes((_lowest_first(twos[:4], 2), _lowest_first(twos[4:], 2)))


_SUSPENDED = tuple(_suspended(byte) for byte in range(256))
