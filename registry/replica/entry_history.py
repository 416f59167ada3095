"""For every bit of a list, which updates named it: what makes a question about the past exact and quick."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import chain

SEQ_BITS = 36  # of a key: bit position above, sequence number below; positions take up to 27 more
MERGE_AT_LEAST, MERGE_AT_MOST = 4096, 32768


class EntryHistory:
    """About 8 bytes for each time a bit was named.

    Keys lie sorted in one array that is never changed in place, so that copies share it; the newest ones
    wait in a dict until there are enough of them to be worth a merge.
    """

    __slots__ = ("_recent", "_recent_count", "_sorted")

    def __init__(self) -> None:
        self._sorted: array[int] = array("Q")
        self._recent: dict[int, tuple[int, ...]] = {}  # position → sequence numbers, ascending
        self._recent_count = 0

    def copy(self) -> EntryHistory:
        twin = EntryHistory()
        twin._sorted = self._sorted
        twin._recent = self._recent.copy()
        twin._recent_count = self._recent_count
        return twin

    def add(self, positions: Iterable[int], seq: int) -> None:
        """Update `seq`, later than all before it, named these positions."""
        recent = self._recent
        for position in positions:
            recent[position] = (*recent.get(position, ()), seq)
            self._recent_count += 1
        if self._recent_count > min(max(MERGE_AT_LEAST, len(self._sorted) >> 3), MERGE_AT_MOST):
            self._sorted = array("Q", sorted(chain(self._sorted, self._recent_keys())))
            self._recent = {}
            self._recent_count = 0

    def of(self, first: int, bits: int) -> list[tuple[int, int]]:
        """(sequence number, position) of every naming of `bits` positions from `first` on, in order."""
        keys = self._sorted
        found: list[tuple[int, int]] = []
        at, end = bisect_left(keys, first << SEQ_BITS), (first + bits) << SEQ_BITS
        while at < len(keys) and keys[at] < end:
            found.append(_parts(keys[at]))
            at += 1
        for position in range(first, first + bits):
            found.extend((seq, position) for seq in self._recent.get(position, ()))
        found.sort()
        return found

    def all(self) -> list[tuple[int, int]]:
        """(position, sequence number) of every naming, ascending."""
        keys = sorted(chain(self._sorted, self._recent_keys()))
        return [(position, seq) for seq, position in map(_parts, keys)]

    def truncated(self, last_seq: int) -> tuple[EntryHistory, list[tuple[int, int]]]:
        """The history up to an update, and what is left out of it as (sequence number, position)."""
        kept = EntryHistory()
        dropped: list[tuple[int, int]] = []
        keys = array("Q")
        for key in chain(self._sorted, self._recent_keys()):
            seq, position = _parts(key)
            if seq <= last_seq:
                keys.append(key)
            else:
                dropped.append((seq, position))
        kept._sorted = array("Q", sorted(keys))
        return kept, dropped

    def _recent_keys(self) -> Iterator[int]:
        for position, seqs in self._recent.items():
            for seq in seqs:
                yield position << SEQ_BITS | seq


def _parts(key: int) -> tuple[int, int]:
    return key & (1 << SEQ_BITS) - 1, key >> SEQ_BITS
