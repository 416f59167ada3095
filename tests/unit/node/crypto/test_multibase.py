from __future__ import annotations

import os

import multibase as py_multibase
import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.crypto import base64url, multibase
from node.crypto.multibase import MalformedMultibase


def test_the_library_behind_the_guard_still_drops_leading_zeros() -> None:
    """The reason the guard exists; when this fails, the guard can go."""
    assert len(py_multibase.decode(py_multibase.encode("base58btc", b"\0\0" + b"a" * 62))) != 64


@given(st.binary(min_size=1, max_size=80), st.integers(0, 4))
def test_round_trip_keeps_leading_zeros(data: bytes, zeros: int) -> None:
    data = bytes(zeros) + data
    assert multibase.decode(multibase.encode(data)) == data
    assert multibase.decode("u" + base64url.encode(data)) == data


@given(st.integers(0, 64), st.sampled_from([64, 96]))
def test_signatures_with_leading_zeros(zeros: int, size: int) -> None:
    signature = bytes(zeros) + os.urandom(size - zeros)
    text = multibase.encode(signature)
    assert multibase.decode_signature(text, size) == multibase.decode(text) == signature
    with pytest.raises(MalformedMultibase):
        multibase.decode_signature(text, 160 - size)
    longest = multibase.encode(b"\xff" * size)
    assert multibase.decode_signature(longest, size) == b"\xff" * size


@given(st.text("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0OIl", min_size=60, max_size=92))
def test_the_fast_decoder_agrees_with_the_guarded_one(body: str) -> None:
    try:
        slow: bytes | None = multibase.decode("z" + body)
    except MalformedMultibase:
        slow = None
    try:
        fast: bytes | None = multibase.decode_signature("z" + body)
    except MalformedMultibase:
        fast = None
    assert fast == (slow if slow is not None and len(slow) == 64 else None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        "u",
        "x",
        "zzz!",
        "z0OIl",
        "mYWI=",
        "uYWI=",
        "u YWI",
        "uYW\nI",
        "uYWJ",
        "f00",
        "z" + "2" * 200_000,
        "zé",
    ],
)
def test_malformed(text: str) -> None:
    with pytest.raises(MalformedMultibase):
        multibase.decode(text)
    with pytest.raises(MalformedMultibase):
        multibase.decode_signature(text)


@pytest.mark.parametrize("value", [None, 1, b"z22", ["z"], {}])
def test_not_a_text(value: object) -> None:
    with pytest.raises(MalformedMultibase):
        multibase.decode_signature(value)
    with pytest.raises(MalformedMultibase):
        multibase.decode(value)  # type: ignore[arg-type]  # what untrusted JSON may hold


def test_a_signature_spelled_with_a_spare_zero_is_refused() -> None:
    text = multibase.encode(os.urandom(63) + b"\x01")
    with pytest.raises(MalformedMultibase):
        multibase.decode_signature("z1" + text[1:])
