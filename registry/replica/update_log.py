"""The updates of a list in order: when each was recorded and took effect, and its head and root."""

from __future__ import annotations

from array import array
from bisect import bisect_right

from registry.records import AsOf, BlockStamp

LINK = 64  # bytes of the chain an update takes: head and root


class UpdateLog:
    """Number 0 is the list's creation. Some 90 bytes an update.

    Copies share what they have in common and each knows how much of it is its own: the one that goes on adds to
    it, and one that takes another way (after a rewind) copies first. So a copy costs nothing, however long the
    log, and no reader ever sees more or less than it had.
    """

    __slots__ = ("_chain", "_effective", "_length", "_stamps", "last_head")

    def __init__(self) -> None:
        self._stamps: list[BlockStamp] = []
        self._effective: array[int] = array("Q")  # Unix seconds
        self._chain = bytearray()  # heads and roots
        self._length = 0
        self.last_head = b""

    def __len__(self) -> int:
        return self._length

    def append(self, stamp: BlockStamp, effective_at: int, head: bytes, root: bytes) -> None:
        if self._length != len(self._stamps):
            self._part()
        self._stamps.append(stamp)
        self._effective.append(effective_at)
        self._chain += head + root
        self._length += 1
        self.last_head = head

    def stamp(self, seq: int) -> BlockStamp:
        return self._stamps[seq]

    def effective_at(self, seq: int) -> int:
        return self._effective[seq]

    def head(self, seq: int) -> bytes:
        return bytes(self._chain[LINK * seq : LINK * seq + 32])

    def root(self, seq: int) -> bytes:
        return bytes(self._chain[LINK * seq + 32 : LINK * seq + 64])

    def known(self, at: AsOf) -> int:
        """How many updates were known at the moment asked about. Block times never go back."""
        stamps, count = self._stamps, self._length
        if at.block is not None:
            count = bisect_right(stamps, at.block, hi=count, key=lambda it: it.number)
        if at.known_at is not None:
            count = bisect_right(stamps, at.known_at, hi=count, key=lambda it: it.time)
        return count

    def truncate(self, length: int) -> None:
        """Forget the updates from number `length` on; others that share them keep them."""
        self._length = length
        self.last_head = self.head(length - 1) if length else b""

    def all(self) -> tuple[list[BlockStamp], list[int], bytes]:
        """Everything, to be compared with another's."""
        length = self._length
        return self._stamps[:length], self._effective[:length].tolist(), bytes(self._chain[: LINK * length])

    def copy(self) -> UpdateLog:
        twin = UpdateLog.__new__(UpdateLog)
        for name in self.__slots__:
            setattr(twin, name, getattr(self, name))
        return twin

    def _part(self) -> None:
        """Somebody else went on from here, another way."""
        length = self._length
        self._stamps, self._effective = self._stamps[:length], self._effective[:length]
        self._chain = self._chain[: LINK * length]
