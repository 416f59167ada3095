"""From wanted values to updates: what differs, as deltas that fit into a transaction. Pure.

A list's update may be too large for one transaction. It is then cut between entries, never inside one, and
the rest follows in the next transaction, worked out anew from what the ledger holds by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from registry.actions import PublishStatus
from registry.bindings.status_registry import StatusUpdate, list_id_of
from registry.records import StatusPurpose
from registry.replica.bitmaps import Bitmap
from registry.status_delta import encode

CLOCKS_DIFFER = 2  # seconds by which a validator's clock may be behind ours


def from_now(asked: int, head: int) -> int:
    """From when on an update is in effect of which nothing was said but that it be published. Unix seconds.

    From when it was asked for: while the ledger makes no blocks, its last one may be old. But contracts take
    nothing that lies after their block, whose time is a validator's; the head's time is always early enough.
    """
    return asked if asked <= head else max(head, asked - CLOCKS_DIFFER)


class CannotPublish(Exception):
    """The action can never be carried out as it stands; the message says why."""


class ListBits(Protocol):
    """A list as the replica holds it after update `seq`."""

    @property
    def seq(self) -> int: ...
    @property
    def purpose(self) -> StatusPurpose: ...
    @property
    def bits_per_entry(self) -> int: ...
    @property
    def size(self) -> int: ...
    @property
    def packed(self) -> bytes: ...


class StatusListBits(Protocol):
    """The publisher's port to the replica."""

    def bits(self, uri: str) -> ListBits | None:
        """None: not replicated (yet), or not intact."""
        ...


@dataclass(frozen=True, slots=True)
class PlannedUpdate:
    """The next update of a list on behalf of one action."""

    update: StatusUpdate | None  # None: everything is as wanted already
    complete: bool  # nothing is left to do for the action afterwards


class WorkingList:
    """A list's bits as they will be after the updates planned so far."""

    def __init__(self, uri: str, known: ListBits) -> None:
        self._list_id = list_id_of(uri)
        self._seq = known.seq
        self._purpose = known.purpose
        self._width = known.bits_per_entry
        self._size = known.size
        self._bits = Bitmap(known.size * known.bits_per_entry, known.packed)

    def plan(self, action: PublishStatus, *, begun: bool, effective_at: int, room: int) -> PlannedUpdate:
        """The update, its delta at most `room` bytes long. Raises CannotPublish, and then changes nothing.

        `begun`: earlier updates did a part of it, so that finding nothing to do means it is done.
        """
        positions = self._differences(dict(self._checked(action)))
        if not positions and (action.entries or begun):
            return PlannedUpdate(None, complete=True)
        delta = encode(positions)
        complete = len(delta) <= room
        if not complete:
            positions = positions[: self._fitting(delta[:room], positions)]
            if not positions:
                return PlannedUpdate(None, complete=False)
            delta = encode(positions)
        for position in positions:
            self._bits.flip(position)  # a bit that differs; on a revocation list it was 0
        self._seq += 1
        update = StatusUpdate(self._list_id, self._seq, self._bits.root(), effective_at, delta)
        return PlannedUpdate(update, complete)

    def _checked(self, action: PublishStatus) -> tuple[tuple[int, int], ...]:
        seen: set[int] = set()
        for index, value in action.entries:
            if not 0 <= index < self._size:
                raise CannotPublish(f"entry {index} is not in 0 … {self._size - 1}")
            if not 0 <= value < 1 << self._width:
                raise CannotPublish(f"entry {index} cannot hold {value}: it has {self._width} bit(s)")
            if index in seen:
                raise CannotPublish(f"entry {index} is given twice")
            seen.add(index)
        return action.entries

    def _differences(self, wanted: dict[int, int]) -> list[int]:
        """Ascending positions of the bits to change."""
        positions: list[int] = []
        for index in sorted(wanted):
            difference = self._bits.value(index, self._width) ^ wanted[index]
            if difference and self._purpose is StatusPurpose.REVOCATION and not wanted[index]:
                raise CannotPublish(f"entry {index} is revoked, and a revocation cannot be undone")
            first = index * self._width
            for place in range(self._width):  # most significant first
                if difference >> (self._width - 1 - place) & 1:
                    positions.append(first + place)
        return positions

    def _fitting(self, start: bytes, positions: list[int]) -> int:
        """How many positions the start of their delta holds, no entry cut in two."""
        count = sum(byte < 0x80 for byte in start)  # each position ends with a byte below 0x80
        while (
            0 < count < len(positions)
            and positions[count] // self._width == positions[count - 1] // self._width
        ):
            count -= 1
        return count
