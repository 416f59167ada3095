"""Bytes that are no proof are refused, without much work."""

from __future__ import annotations

import zlib

import pytest

from registry import rlp
from registry.proofs.common_text import COMMON_TEXT
from registry.proofs.errors import ProofInvalid
from registry.proofs.packing import FORMAT, MAX_BYTES, MAX_CLAIMS, MAX_HEADERS, MAX_PACKED, unpacked

HASH = bytes(32)
ISSUER = [b"did:a", 1, bytes(20), 1, b"name", [b"type"], [], 1, 2]
SHAPE = [1, 256, 1, 1, 1, 0, [HASH, HASH, 5], [3, HASH, 5]]
EMPTY = [FORMAT, [], [], [], [], b"", []]


def _deflated(raw: bytes) -> bytes:
    deflate = zlib.compressobj(9, zdict=COMMON_TEXT)
    return deflate.compress(raw) + deflate.flush()


def _with(place: int, *members: object) -> list[object]:
    """A proof of nothing, but for one of its members."""
    return [*EMPTY[:place], list(members), *EMPTY[place + 1 :]]


def test_the_smallest_proof_can_be_read() -> None:
    assert unpacked(_deflated(rlp.encode(EMPTY))).headers == ()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not deflated",
        bytes(MAX_PACKED + 1),
        _deflated(bytes(MAX_BYTES + 1)),
        _deflated(b"\0" * (1 << 26)),  # 64 MiB in 64 KiB
        _deflated(rlp.encode(EMPTY)) + b"x",  # type: ignore[arg-type]
        _deflated(rlp.encode(EMPTY))[:-1],  # type: ignore[arg-type]
        zlib.compress(rlp.encode([1, [], [], [], [], []])),
    ],
    ids=["empty", "no deflate", "long", "longer inside", "bomb", "more", "less", "format 1"],
)
def test_what_is_no_proof_is_refused(raw: bytes) -> None:
    with pytest.raises(ProofInvalid):
        unpacked(raw)


@pytest.mark.parametrize(
    "members",
    [
        [1, *EMPTY[1:]],
        [FORMAT + 1, *EMPTY[1:]],
        EMPTY[:-1],
        [*EMPTY, []],
        _with(1, *[b""] * (MAX_HEADERS + 1)),
        _with(2, *[[b"did:a"]] * (MAX_CLAIMS + 1)),
        _with(3, *[[b"did:a"]] * (MAX_CLAIMS + 1)),
        _with(4, *[[b"https://a", 1]] * (MAX_CLAIMS + 1)),
        _with(6, *[[]] * 4),
        _with(5),
        _with(2, [bytes(2049)]),
        _with(2, [b"\xff"]),
        _with(2, ISSUER[:-1]),
        _with(2, [*ISSUER[:3], 9, *ISSUER[4:]]),
        _with(2, [*ISSUER[:2], bytes(19), *ISSUER[3:]]),
        _with(2, [*ISSUER[:1], 1 << 32, *ISSUER[2:]]),
        _with(3, [b"did:a", 0, b"", b"{}"]),
        _with(3, [b"did:a", 1, bytes(31), b"{}"]),
        _with(4, [b"https://a", 1, SHAPE, b"", b""]),
        _with(4, [b"https://a", 1, SHAPE, b"", bytes(33), b""]),
        _with(4, [b"https://a", 1, [*SHAPE[:3], 99, *SHAPE[4:]], b"", b"", b""]),
        _with(4, [b"https://a", 1, [*SHAPE[:4], 3, *SHAPE[5:]], b"", b"", b""]),
        _with(4, [b"https://a", 1, [*SHAPE[:5], 2, *SHAPE[6:]], b"", b"", b""]),
        _with(4, [b"https://a", 1, [*SHAPE[:1], 0, *SHAPE[2:]], b"", b"", b""]),
        _with(4, [b"https://a", 1, [*SHAPE[:6], [HASH, HASH], SHAPE[7]], b"", b"", b""]),
        _with(6, [1, 0, bytes(31), b""]),
        _with(6, [1, 0, HASH, []]),
    ],
)
def test_members_that_no_proof_has_are_refused(members: list[object]) -> None:
    with pytest.raises(ProofInvalid):
        unpacked(_deflated(rlp.encode(members)))  # type: ignore[arg-type]
