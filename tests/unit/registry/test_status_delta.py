from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import status_delta
from registry.status_delta import StatusDeltaInvalid

BITS = 1 << 27


@given(st.sets(st.integers(0, BITS - 1), max_size=200))
def test_decoding_gives_back_what_was_encoded(positions: set[int]) -> None:
    assert status_delta.decode(status_delta.encode(sorted(positions)), BITS) == sorted(positions)


@given(st.binary(max_size=40))
def test_what_decodes_is_the_only_encoding_of_its_positions(delta: bytes) -> None:
    try:
        positions = status_delta.decode(delta, BITS)
    except StatusDeltaInvalid:
        return
    assert status_delta.encode(positions) == delta
    assert positions == sorted(set(positions))


@pytest.mark.parametrize(
    ("delta", "why"),
    [
        ("80", "cut short"),
        ("8000", "padded"),
        ("ff8000", "padded"),
        ("8080808001", "four bytes"),
        ("ffffffff7f", "four bytes"),
        ("8002", "beyond"),
        ("ff0100", "beyond"),
    ],
)
def test_what_is_not_canonical_is_refused(delta: str, why: str) -> None:
    with pytest.raises(StatusDeltaInvalid, match=why):
        status_delta.decode(bytes.fromhex(delta), 256)


@pytest.mark.parametrize("positions", [[3, 3], [4, 3], [-1], [1 << 28]])
def test_positions_that_do_not_ascend_are_not_encoded(positions: list[int]) -> None:
    with pytest.raises(StatusDeltaInvalid):
        status_delta.encode(positions)


def test_bytes_by_hand() -> None:
    assert status_delta.encode([0, 1, 130, 131]) == bytes.fromhex("0000800100")
    assert status_delta.encode([]) == b""
    assert status_delta.decode(b"", 256) == []
