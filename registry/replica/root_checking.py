"""What a second process does for a replica that has much to catch up with: check heads and roots.

It is told of lists as they stand and of updates, in order, and answers which of the lists it does not vouch for
any more: an update did not follow, or it was never told of the list. It ends with its input.
"""

from __future__ import annotations

import gc
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import BinaryIO

from registry.replica.bitmaps import Bitmap
from registry.replica.packed_updates import unpacked
from registry.replica.update_rules import ListMismatch, carry_out

FRAME = struct.Struct(">BI")  # what it is, and its length
LIST = struct.Struct(">32sI?Q32s")  # id, bits, whether updates set them, their number, the last one's head
ID = 32  # bytes


class Told(IntEnum):
    LIST = 1  # a list as it stands: LIST, and its bits; none of them is set where they are left out
    FORGET = 2  # a list: its id
    UPDATES = 3  # those of a block, packed
    ASKED = 4  # answer: the ids of the lists that were refused since the last answer


@dataclass(slots=True)
class Tip:
    """A list as its next update finds it."""

    bits: Bitmap
    sets_bits: bool
    published: int
    head: bytes


class RootChecking:
    """The lists it vouches for."""

    def __init__(self) -> None:
        self._tips: dict[bytes, Tip] = {}
        self._refused: set[bytes] = set()

    def tell(self, what: int, body: bytes) -> bytes | None:
        """An answer, where one was asked for."""
        match what:
            case Told.UPDATES:
                self._check(body)
            case Told.LIST:
                list_id, size, sets_bits, published, head = LIST.unpack_from(body)
                bits = Bitmap(size, body[LIST.size :] or None)
                self._tips[list_id] = Tip(bits, sets_bits, published, head)
            case Told.FORGET:
                self._tips.pop(body, None)
            case Told.ASKED:
                refused, self._refused = self._refused, set()
                return b"".join(refused)
        return None

    def _check(self, payload: bytes) -> None:
        tips = self._tips
        for event, _, _ in unpacked(payload):
            list_id, number, head, _, _, _ = event  # type: ignore[misc] # packed updates are nothing else
            tip = tips.get(list_id)
            if tip is None:
                self._refused.add(list_id)
                continue
            try:
                carry_out(event, tip.bits, tip.sets_bits, tip.published, tip.head)  # type: ignore[arg-type]
            except ListMismatch:
                self._refused.add(list_id)
                del tips[list_id]
                continue
            tip.published, tip.head = number, head


def serve(told: BinaryIO, answers: BinaryIO) -> None:
    """Until `told` ends."""
    checking = RootChecking()
    while batch := list(_up_to_a_question(told)):
        for what, body in batch:
            answer = checking.tell(what, body)
            if answer is not None:
                answers.write(FRAME.pack(what, len(answer)) + answer)
                answers.flush()


def _up_to_a_question(told: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """All of it is read before any of it is checked: whoever writes has other things to do."""
    what = None
    while what != Told.ASKED and len(frame := told.read(FRAME.size)) == FRAME.size:
        what, size = FRAME.unpack(frame)
        yield what, told.read(size)


if __name__ == "__main__":
    gc.disable()  # nothing it makes refers back to itself
    serve(sys.stdin.buffer, sys.stdout.buffer)
