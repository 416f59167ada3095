"""One encoding for one value, and nothing read that could have been written otherwise."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rlp import (
    MAX_BYTES,
    MAX_DEPTH,
    Decoded,
    MalformedRlp,
    decode,
    decode_list,
    encode,
    number,
    octets,
)

items = st.recursive(st.binary(max_size=300), lambda inner: st.lists(inner, max_size=20), max_leaves=40).filter(
    lambda item: _depth(item) <= MAX_DEPTH
)


def _depth(item: object) -> int:
    return 1 + max(map(_depth, item), default=0) if isinstance(item, list) else 0


@given(items)
def test_what_was_written_is_read(item: Decoded) -> None:
    assert decode(encode(item)) == item


@given(st.binary(max_size=80))
def test_whatever_is_read_was_written_so(data: bytes) -> None:
    try:
        item = decode(data)
    except MalformedRlp:
        return
    assert encode(item) == data


@given(items, st.data())
def test_a_changed_byte_changes_the_value_or_is_refused(item: Decoded, draw: st.DataObject) -> None:
    raw = bytearray(encode(item))
    place = draw.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= draw.draw(st.integers(1, 255))
    with contextlib.suppress(MalformedRlp):
        assert decode(bytes(raw)) != item


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("", "nothing"),
        ("8100", "a small byte behind a prefix"),
        ("b801ff", "a short length written long"),
        ("b80001", "a length of zero written long"),
        ("b90038" + "00" * 56, "a padded length"),
        ("f80101", "a short list written long"),
        ("83ffff", "cut short"),
        ("c3ffff", "a list cut short"),
        ("c28100", "a member written otherwise"),
        ("c183", "a member longer than its list"),
        ("0102", "two items"),
        ("bfffffffffffffffff", "a length beyond all bounds"),
    ],
)
def test_other_spellings_are_refused(data: str, why: str) -> None:
    with pytest.raises(MalformedRlp):
        decode(bytes.fromhex(data))


def test_depth_and_size_are_bounded_before_any_work() -> None:
    nested: Decoded = b""
    for _ in range(MAX_DEPTH):
        nested = [nested]
    assert decode(encode(nested)) == nested
    with pytest.raises(MalformedRlp, match="deep"):
        decode(encode([nested]))
    for _ in range(300):
        nested = [nested]
    with pytest.raises(MalformedRlp, match="deep"):
        decode(encode(nested))
    with pytest.raises(MalformedRlp, match="many"):
        decode(bytes(MAX_BYTES + 1))


def test_members_are_of_the_kind_that_belongs() -> None:
    assert number(decode(encode(1024))) == 1024
    assert number(b"") == 0
    assert octets(b"ab", 2) == b"ab"
    for item, read in (([], octets), (b"\0\1", number), (b"\1" * 33, number), ([b""], number)):
        with pytest.raises(MalformedRlp):
            read(item)
    with pytest.raises(MalformedRlp):
        octets(b"ab", 3)
    with pytest.raises(MalformedRlp):
        decode_list(b"\x01")
