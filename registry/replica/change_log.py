"""What blocks change, numbered as it is told."""

from __future__ import annotations

from registry.changes import Change, ChangeKind
from registry.records import BlockStamp


class ChangeLog:
    """Numbers go on from `last`, that of the change told last; `taken()` empties it."""

    __slots__ = ("_told", "last")

    def __init__(self, last: int) -> None:
        self.last = last
        self._told: list[Change] = []

    def tell(
        self,
        kind: ChangeKind,
        key: str,
        stamp: BlockStamp,
        values: tuple[tuple[int, int], ...] = (),
        effective_at: int | None = None,
    ) -> None:
        self.last = number = self.last + 1
        self._told.append(Change(number, kind, key, stamp, values, effective_at))

    def taken(self) -> list[Change]:
        """What was told since this was last asked."""
        told, self._told = self._told, []
        return told
