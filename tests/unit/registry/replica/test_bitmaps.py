from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.replica import bitmaps
from registry.replica.bitmaps import Bitmap
from registry.replica.empty_tree import empty_root
from registry.replica.heads import genesis_head, next_head


def root_by_definition(packed: bytes) -> bytes:
    words = len(packed) // 32
    nodes = [b""] * words + [sha256(b"\0" + packed[32 * w : 32 * w + 32]).digest() for w in range(words)]
    for node in range(words - 1, 0, -1):
        nodes[node] = sha256(b"\1" + nodes[2 * node] + nodes[2 * node + 1]).digest()
    return nodes[1]


@given(
    st.integers(1, 19),
    st.lists(st.tuples(st.sampled_from(["set", "flip", "root", "copy"]), st.integers(0, 1 << 20)), max_size=60),
)
def test_the_root_is_that_of_the_bits_whatever_the_way_there(words: int, steps: list[tuple[str, int]]) -> None:
    bitmap, model = Bitmap(words * 256), [0] * (words * 256)
    for step, where in steps:
        position = where % len(model)
        if step == "set":
            bitmap.set(position)
            model[position] = 1
        elif step == "flip":
            bitmap.flip(position)
            model[position] ^= 1
        elif step == "copy":
            left_behind, bitmap = bitmap, bitmap.copy()
            left_behind.flip(position)
            left_behind.root()
        else:
            assert bitmap.root() == root_by_definition(bytes(bitmap.packed))
    packed = int("".join(map(str, model)), 2).to_bytes(words * 32, "big")
    assert bytes(bitmap.packed) == packed
    assert bitmap.root() == root_by_definition(packed) == Bitmap(words * 256, packed).root()
    assert [bitmap.get(i) for i in range(len(model))] == model
    for bits in (1, 2, 4, 8):
        assert bitmap.value(3, bits) == int("".join(map(str, model[3 * bits : 4 * bits])), 2)


@pytest.mark.parametrize("words", [*range(1, 70), 511, 512, 513, 1000])
def test_the_empty_root(words: int) -> None:
    assert empty_root(words * 256) == root_by_definition(bytes(words * 32)) == Bitmap(words * 256).root()
    first = Bitmap(words * 256)
    first.set(words * 256 - 1)
    assert first.root() == root_by_definition(bytes(words * 32 - 1) + b"\x01")


def test_a_list_of_the_greatest_length_costs_a_replica_nothing_to_create(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Creating one costs its issuer little: were it dear for us, an issuer could stop every replica with it."""
    hashed = 0

    def counted(data: bytes) -> Any:
        nonlocal hashed
        hashed += 1
        return sha256(data)

    monkeypatch.setattr(bitmaps, "sha256", counted)
    empty_root.cache_clear()
    for words in (1 << 19, (1 << 19) - 1, (1 << 18) + 1):
        empty_root(words * 256)
    assert hashed < 300


@pytest.mark.parametrize("size", [0, -256, 100])
def test_odd_sizes_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match="multiple"):
        Bitmap(size)


def test_packed_bytes_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="hold"):
        Bitmap(256, bytes(31))


def test_heads_are_abi_encodings() -> None:
    from eth_abi.abi import encode
    from sha3 import keccak_256

    root, list_id = empty_root(512), b"\x07" * 32
    genesis = genesis_head(list_id, 3, 512, 1, 1, root)
    assert (
        genesis
        == keccak_256(
            encode(["bytes32", "uint32", "uint32", "uint8", "uint8", "bytes32"], [list_id, 3, 512, 1, 1, root])
        ).digest()
    )
    delta = b"\x05\x06"
    assert (
        next_head(genesis, 9, delta, root, 1_700_000_000)
        == keccak_256(
            encode(
                ["bytes32", "uint64", "bytes32", "bytes32", "uint48"],
                [genesis, 9, keccak_256(delta).digest(), root, 1_700_000_000],
            )
        ).digest()
    )
