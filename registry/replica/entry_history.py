"""For every bit of a list, which updates named it: what makes a question about the past exact and quick."""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable
from itertools import chain

SEQ_BITS = 36  # of a key: bit position above, sequence number below; positions take up to 27 more
MERGE_AT_LEAST, MERGE_AT_MOST = 1024, 32768
FEW = 16  # positions, at most, that are worth finding the place of one by one


class EntryHistory:
    """About 8 bytes for each time a bit was named.

    Keys lie sorted in one array that is never changed in place, so that copies share it; newer ones wait in a
    smaller one, sorted too, until there are enough of them to be worth a merge; the newest of all as they came,
    until somebody is going to ask (`settle`).
    """

    __slots__ = ("_newest", "_recent", "_sorted")

    def __init__(self) -> None:
        self._sorted: array[int] = array("Q")
        self._recent: array[int] = array("Q")
        self._newest: array[int] = array("Q")

    def copy(self) -> EntryHistory:
        twin = EntryHistory()
        twin._sorted, twin._recent, twin._newest = self._sorted, self._recent[:], self._newest[:]
        return twin

    def add(self, positions: Iterable[int], seq: int) -> None:
        """Update `seq`, later than all before it, named these positions."""
        newest = self._newest
        for position in positions:
            newest.append(position << SEQ_BITS | seq)

    def settle(self) -> None:
        """Put in order what was added: questions are answered without it too, but slowly."""
        newest, recent = self._newest, self._recent
        if len(newest) > FEW:
            self._recent = recent = array("Q", sorted(chain(recent, newest)))
        else:
            for key in newest:
                insort(recent, key)
        self._newest = array("Q")
        if len(recent) > min(max(MERGE_AT_LEAST, len(self._sorted) >> 3), MERGE_AT_MOST):
            self._sorted = array("Q", sorted(chain(self._sorted, recent)))
            self._recent = array("Q")

    def of(self, first: int, bits: int) -> list[tuple[int, int]]:
        """(sequence number, position) of every naming of `bits` positions from `first` on, in order."""
        found: list[tuple[int, int]] = []
        start, end = first << SEQ_BITS, (first + bits) << SEQ_BITS
        for keys in (self._sorted, self._recent):
            at = bisect_left(keys, start)
            while at < len(keys) and keys[at] < end:
                found.append(_parts(keys[at]))
                at += 1
        found += (_parts(key) for key in self._newest if start <= key < end)
        found.sort()
        return found

    def all(self) -> list[tuple[int, int]]:
        """(position, sequence number) of every naming, ascending."""
        keys = sorted(chain(self._sorted, self._recent, self._newest))
        return [(position, seq) for seq, position in map(_parts, keys)]

    def truncated(self, last_seq: int) -> tuple[EntryHistory, list[tuple[int, int]]]:
        """The history up to an update, and what is left out of it as (sequence number, position)."""
        kept = EntryHistory()
        dropped: list[tuple[int, int]] = []
        keys = array("Q")
        for key in chain(self._sorted, self._recent, self._newest):
            seq, position = _parts(key)
            if seq <= last_seq:
                keys.append(key)
            else:
                dropped.append((seq, position))
        kept._sorted = array("Q", sorted(keys))
        return kept, dropped


def _parts(key: int) -> tuple[int, int]:
    return key & (1 << SEQ_BITS) - 1, key >> SEQ_BITS
