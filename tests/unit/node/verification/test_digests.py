"""Hashes of files as credentials state them."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.crypto import multibase
from node.verification.digests import MalformedDigest, check_multihash, check_sri, fits
from node.verification.proofs.contexts import VCDM_2, Contexts


def sri(data: bytes, algorithm: str = "sha384") -> str:
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def multihash(data: bytes) -> str:
    return multibase.encode(b"\x12\x20" + hashlib.sha256(data).digest())


def test_the_base_context_has_the_published_hash() -> None:
    """VCDM 2.0 appendix B.1 states it in hexadecimal."""
    digest = bytes.fromhex("59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734")
    held = Contexts().file(VCDM_2)
    assert held is not None
    assert held.published
    assert check_multihash(multibase.encode(b"\x12\x20" + digest), held.data)
    assert check_sri(f"sha256-{base64.b64encode(digest).decode()}", held.data)


@given(st.binary(max_size=64), st.binary(max_size=64), st.sampled_from(["sha256", "sha384", "sha512"]))
def test_a_hash_fits_its_file_and_no_other(data: bytes, other: bytes, algorithm: str) -> None:
    assert check_sri(sri(data, algorithm), other) is (data == other)
    assert check_multihash(multihash(data), other) is (data == other)


def test_of_several_the_strongest_count() -> None:
    assert check_sri(f"{sri(b'b', 'sha256')} {sri(b'a', 'sha512')}?x md5-AAAA", b"a")
    assert check_sri(f"{sri(b'b')} {sri(b'a')}", b"a")
    assert not check_sri(f"{sri(b'a', 'sha256')} {sri(b'b', 'sha512')}", b"a")


def test_both_must_fit() -> None:
    assert fits({"digestSRI": sri(b"a"), "digestMultibase": multihash(b"a")}, b"a")
    assert not fits({"digestSRI": sri(b"a"), "digestMultibase": multihash(b"b")}, b"a")


@pytest.mark.parametrize(
    "stated",
    [
        {},
        {"digestSRI": 7},
        {"digestSRI": ""},
        {"digestSRI": "md5-AAAA"},
        {"digestSRI": "sha256-!"},
        {"digestSRI": "sha256-A" + " " * 2000},
        {"digestMultibase": None},
        {"digestMultibase": "z"},
        {"digestMultibase": "u" + "A" * 2000},
        {"digestMultibase": multibase.encode(b"\x11\x14" + bytes(20))},
        {"digestSRI": sri(b"a"), "digestMultibase": "q"},
    ],
)
def test_what_is_no_digest_is_refused(stated: dict[str, Any]) -> None:
    with pytest.raises(MalformedDigest):
        fits(stated, b"a")
