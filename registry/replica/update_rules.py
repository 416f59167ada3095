"""Whether an update follows from what its list was: by its number, head, delta and root."""

from __future__ import annotations

from collections.abc import Sequence

from registry import status_delta
from registry.events import StatusPublished
from registry.replica.bitmaps import Bitmap
from registry.replica.heads import next_head


class ListMismatch(Exception):
    """An update does not follow from what the list was: a sequence number, head, delta or root is wrong."""


def carry_out(  # noqa: PLR0917 – once for every update there ever was
    event: StatusPublished, bits: Bitmap, sets_bits: bool, published: int, head: bytes, vouched: bool = False
) -> tuple[list[int], Sequence[int]]:
    """Apply an update to the bits of a list; the positions that it names, and those that it turned.

    `published` and `head` are those of the update before. `vouched`: somebody else found that this very head
    and root follow, so they are not computed again. Raises ListMismatch, changing nothing.
    """
    _, number, its_head, root, effective_at, delta = event
    if number != published + 1:
        raise ListMismatch(f"update {number} came after {published}")
    if not vouched and next_head(head, number, delta, root, effective_at) != its_head:
        raise ListMismatch(f"the head of update {number} does not follow")
    try:
        named = status_delta.decode(delta, bits.size_bits)
    except status_delta.StatusDeltaInvalid as error:
        raise ListMismatch(f"the delta of update {number}: {error}") from error
    turned = bits.set_all(named) if sets_bits else bits.flip_all(named)
    if not vouched and bits.root() != root:
        bits.flip_all(turned)
        raise ListMismatch(f"the root of update {number} is not that of the bits")
    return named, turned
