"""The wire form of a status update: strictly ascending bit positions, gap-coded.

Each position is written as the LEB128 of its distance to the first position still free: the position
itself for the first, (position - previous - 1) after that; 7 bits a byte, least significant group
first, high bit set where another byte follows. Canonical: no padded groups, at most 4 bytes a value,
so equal sets of positions are equal bytes. No bytes at all is the empty set, a heartbeat.
"""

from __future__ import annotations

from collections.abc import Iterable

MAX_GAP = (1 << 28) - 1  # four groups of 7 bits; the largest list has 2**27 bits


class StatusDeltaInvalid(ValueError):
    """The bytes are no canonical delta, or name a position the list does not have."""


def encode(positions: Iterable[int]) -> bytes:
    """The delta of bit positions given in strictly ascending order. Raises StatusDeltaInvalid."""
    out = bytearray()
    free = 0  # the first position still free
    for position in positions:
        gap = position - free
        if not 0 <= gap <= MAX_GAP:
            raise StatusDeltaInvalid(f"position {position} does not ascend, or is too far from the one before")
        free = position + 1
        while gap > 0x7F:
            out.append(gap & 0x7F | 0x80)
            gap >>= 7
        out.append(gap)
    return bytes(out)


def decode(delta: bytes, limit: int) -> list[int]:
    """The bit positions of a delta, ascending; all below `limit`, the list's size in bits.

    Raises StatusDeltaInvalid. The work is bounded by the length of the delta.
    """
    positions: list[int] = []
    free = gap = shift = 0
    for byte in delta:
        if byte > 0x7F:
            gap |= (byte & 0x7F) << shift
            shift += 7
            if shift > 21:
                raise StatusDeltaInvalid("a value takes more than four bytes")
        else:
            if shift and byte == 0:
                raise StatusDeltaInvalid("a value is padded")
            position = free + (gap | byte << shift)
            if position >= limit:
                raise StatusDeltaInvalid(f"position {position} is beyond the list's {limit} bits")
            positions.append(position)
            free = position + 1
            gap = shift = 0
    if shift:
        raise StatusDeltaInvalid("the last value is cut short")
    return positions
