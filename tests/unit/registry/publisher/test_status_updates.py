"""Planned updates lead to what was wanted, whatever the room, and never through a half-written entry."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.actions import PublishStatus
from registry.publisher.status_updates import CannotPublish, WorkingList, from_now
from registry.records import StatusPurpose
from registry.replica.bitmaps import Bitmap
from registry.status_delta import decode

URI = "https://board.example/lists/1"


@dataclass
class Known:
    purpose: StatusPurpose
    bits_per_entry: int = 1
    size: int = 512
    seq: int = 0
    packed: bytes = b""

    def __post_init__(self) -> None:
        self.packed = self.packed or bytes(self.size * self.bits_per_entry // 8)


@st.composite
def wishes(draw: st.DrawFn) -> tuple[int, dict[int, int], dict[int, int]]:
    width = draw(st.sampled_from([1, 2, 4, 8]))
    values = st.dictionaries(st.integers(0, 511), st.integers(0, 2**width - 1), max_size=60)
    return width, draw(values), draw(values)


@settings(deadline=None)  # a busy machine is no fault
@given(wishes(), st.integers(11, 60))  # room for one whole entry: a gap of 4 bytes, 7 more positions
def test_updates_lead_to_the_wanted_values(wish: tuple[int, dict[int, int], dict[int, int]], room: int) -> None:
    width, first, second = wish
    known = Known(StatusPurpose.MESSAGE, width)
    held = Bitmap(512 * width)
    for wanted in (first, second):
        before = {entry: held.value(entry, width) for entry in range(512)}
        begun = False
        while True:
            action = PublishStatus(URI, tuple(wanted.items()))
            planned = WorkingList(URI, known).plan(action, begun=begun, effective_at=1, room=room)
            if planned.update is None:
                break
            assert planned.update.seq == known.seq + 1
            assert len(planned.update.delta) <= room
            for position in decode(planned.update.delta, held.size_bits):
                held.flip(position)
            assert planned.update.root == held.root()
            for entry in wanted:  # at no time another value than before or after
                assert held.value(entry, width) in (before[entry], wanted[entry])
            known = Known(known.purpose, width, 512, known.seq + 1, bytes(held.packed))
            begun = True
            if planned.complete:
                break
        assert planned.complete
        assert all(held.value(entry, width) == value for entry, value in wanted.items())
        assert all(held.value(e, width) == v for e, v in before.items() if e not in wanted)


def test_updates_of_one_list_build_on_each_other() -> None:
    working = WorkingList(URI, Known(StatusPurpose.REVOCATION))
    one = working.plan(PublishStatus(URI, ((3, 1),)), begun=False, effective_at=1, room=99)
    two = working.plan(PublishStatus(URI, ((3, 1), (4, 1))), begun=False, effective_at=1, room=99)
    same = working.plan(PublishStatus(URI, ((3, 1), (9, 0))), begun=False, effective_at=1, room=99)
    heartbeat = working.plan(PublishStatus(URI, ()), begun=False, effective_at=1, room=99)
    assert [p.update and (p.update.seq, p.update.delta) for p in (one, two, same, heartbeat)] == [
        (1, b"\x03"),
        (2, b"\x04"),
        None,
        (3, b""),
    ]


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        (((512, 1),), "not in 0 … 511"),
        (((-1, 1),), "not in 0 … 511"),
        (((0, 2),), "cannot hold 2"),
        (((0, -1),), "cannot hold -1"),
        (((7, 1), (7, 0)), "given twice"),
        (((1, 1), (0, 0)), "a revocation cannot be undone"),
    ],
)
def test_what_can_never_be_done_is_refused_and_changes_nothing(
    entries: tuple[tuple[int, int], ...], reason: str
) -> None:
    known = Known(StatusPurpose.REVOCATION, packed=b"\x80" + bytes(63))
    working = WorkingList(URI, known)
    with pytest.raises(CannotPublish, match=reason):
        working.plan(PublishStatus(URI, entries), begun=False, effective_at=1, room=99)
    following = working.plan(PublishStatus(URI, ((1, 1),)), begun=False, effective_at=1, room=99)
    assert following.update is not None
    assert (following.update.seq, following.update.delta) == (1, b"\x01")


@pytest.mark.parametrize(
    ("asked", "head", "since"),
    [
        (1000, 1000, 1000),
        (1000, 400, 998),  # a quiet ledger, or a halted one
        (1000, 999, 999),
        (1000, 1030, 1000),  # recorded late
    ],
)
def test_now_is_when_it_was_asked_for(asked: int, head: int, since: int) -> None:
    assert from_now(asked, head) == since
