"""BBS proofs over BLS12-381 with SHA-256 (draft-irtf-cfrg-bbs-signatures), checking alone.

The arithmetic is py-arkworks-bls12381's, of the extra `bbs`. Without it nothing holds: `BbsUnavailable`.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from node.crypto.public_keys import KeyType, MalformedKey, PublicKey, SignatureInvalid

if TYPE_CHECKING:
    from py_arkworks_bls12381 import G1Point, G2Point, Scalar

MAX_MESSAGES = 500  # that a signature covers; an Open Badge makes some 100
_POINT, _SCALAR = 48, 32  # bytes
_FIXED = 3 * _POINT + 4 * _SCALAR  # of a proof that hides nothing
_ORDER = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
_API = b"BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_H2G_HM2S_"  # §6.3.1 with the default interface of §3.5
_TO_SCALAR = _API + b"H2S_"


class BbsUnavailable(Exception):
    """The extra `bbs` is not installed."""


def check_available() -> None:
    """Raises BbsUnavailable."""
    try:
        import py_arkworks_bls12381  # noqa: F401, PLC0415  an extra
    except ImportError as error:
        raise BbsUnavailable("the extra `bbs` is not installed") from error


def check_proof(
    key: PublicKey,
    proof: bytes,
    *,
    header: bytes,
    presentation_header: bytes,
    messages: Sequence[bytes],
    places: Sequence[int],
) -> None:
    """§3.5.4 ProofVerify. `places`: ascending, of the disclosed `messages` among all those signed.

    Raises SignatureInvalid, MalformedKey, BbsUnavailable.
    """
    check_available()
    from py_arkworks_bls12381 import GT, G1Point, G2Point, Scalar  # noqa: PLC0415  an extra

    abar, bbar, d, scalars = _proof(proof)
    e, r1, r3, *hidden, challenge = scalars
    count = len(hidden) + len(places)
    if (
        count > MAX_MESSAGES
        or len(messages) != len(places)
        or any(not 0 <= place < count for place in places)
        or any(before >= after for before, after in pairwise(places))
    ):
        raise SignatureInvalid("the disclosed messages are not those of the proof")
    public = _public_point(key)
    q1, *generators = _GENERATORS.first(count + 1)
    domain = _domain(key.raw, count, header)
    shown = [_hashed(message, _API + b"MAP_MSG_TO_SCALAR_AS_HASH_") for message in messages]
    others = sorted(set(range(count)) - set(places))

    t1 = G1Point.multiexp_unchecked([bbar, abar, d], [challenge, e, r1])
    signed = G1Point.multiexp_unchecked(
        [_GENERATORS.base(), q1, *(generators[place] for place in places)],
        [Scalar(1), Scalar(domain), *(Scalar(one) for one in shown)],
    )
    t2 = G1Point.multiexp_unchecked(
        [signed, d, *(generators[place] for place in others)], [challenge, r3, *hidden]
    )
    # §3.7.3 ProofChallengeCalculate
    stated = b"".join(
        place.to_bytes(8, "big") + one.to_bytes(_SCALAR, "big")
        for place, one in zip(places, shown, strict=True)
    )
    points = b"".join(bytes(one.to_compressed_bytes()) for one in (abar, bbar, d, t1, t2))
    octets = len(places).to_bytes(8, "big") + stated + points + domain.to_bytes(_SCALAR, "big")
    octets += len(presentation_header).to_bytes(8, "big") + presentation_header
    if _hashed(octets, _TO_SCALAR) != int(challenge):
        raise SignatureInvalid("the proof does not match")
    if not GT.pairing_check([abar, -bbar], [public, G2Point()]):
        raise SignatureInvalid("the proof does not match")


def _proof(data: bytes) -> tuple[G1Point, G1Point, G1Point, list[Scalar]]:
    """§4.2.4.5 octets_to_proof: points of the subgroup, none at infinity; scalars below its order, none 0."""
    from py_arkworks_bls12381 import G1Point, Scalar  # noqa: PLC0415  an extra

    if len(data) < _FIXED or (len(data) - _FIXED) % _SCALAR or len(data) > _FIXED + MAX_MESSAGES * _SCALAR:
        raise SignatureInvalid("not the length of a proof")
    try:
        points = [G1Point.from_compressed_bytes(data[at : at + _POINT]) for at in range(0, 3 * _POINT, _POINT)]
    except ValueError as error:
        raise SignatureInvalid("not a point of the curve") from error
    numbers = [int.from_bytes(data[at : at + _SCALAR], "big") for at in range(3 * _POINT, len(data), _SCALAR)]
    if any(one == G1Point.identity() for one in points) or not all(0 < one < _ORDER for one in numbers):
        raise SignatureInvalid("a part of the proof is nothing")
    abar, bbar, d = points
    return abar, bbar, d, [Scalar(one) for one in numbers]


@lru_cache(1024)
def _public_point(key: PublicKey) -> G2Point:
    """Raises MalformedKey."""
    from py_arkworks_bls12381 import G2Point  # noqa: PLC0415  an extra

    if key.type is not KeyType.BLS12_381_G2:
        raise MalformedKey(f"a {key.type} key checks no BBS proof")
    try:
        point = G2Point.from_compressed_bytes(key.raw)
    except ValueError as error:
        raise MalformedKey("not a point of BLS12-381") from error
    if point == G2Point.identity():
        raise MalformedKey("the point at infinity")
    return point


class _Generators:
    """§4.1.1 create_generators: the points messages are bound to, made once each and kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._points: list[G1Point] = []
        self._written: list[bytes] = []
        self._state = _expanded(_API + b"MESSAGE_GENERATOR_SEED", _API + b"SIG_GENERATOR_SEED_")
        self._base: G1Point | None = None

    def first(self, count: int) -> list[G1Point]:
        """Q_1, H_1, H_2 …, `count` of them, MAX_MESSAGES + 1 at most."""
        with self._lock:
            while len(self._points) < count:
                number = len(self._points) + 1
                self._state = _expanded(self._state + number.to_bytes(8, "big"), _API + b"SIG_GENERATOR_SEED_")
                point = _on_curve(self._state)
                self._points.append(point)
                self._written.append(bytes(point.to_compressed_bytes()))
            return self._points[:count]

    def written(self, count: int) -> bytes:
        """The same as octets."""
        self.first(count)
        return b"".join(self._written[:count])

    def base(self) -> G1Point:
        """P1 (§6.2.2)."""
        with self._lock:
            if self._base is None:
                seed = _expanded(_API + b"BP_MESSAGE_GENERATOR_SEED", _API + b"SIG_GENERATOR_SEED_")
                one = (1).to_bytes(8, "big")
                self._base = _on_curve(_expanded(seed + one, _API + b"SIG_GENERATOR_SEED_"))
            return self._base


def _on_curve(data: bytes) -> G1Point:
    from py_arkworks_bls12381 import G1Point  # noqa: PLC0415  an extra

    return G1Point.hash_to_curve(data, _API + b"SIG_GENERATOR_DST_")


def _domain(key: bytes, count: int, header: bytes) -> int:
    """§4.2.3 calculate_domain."""
    octets = key + count.to_bytes(8, "big") + _GENERATORS.written(count + 1) + _API
    return _hashed(octets + len(header).to_bytes(8, "big") + header, _TO_SCALAR)


def _hashed(message: bytes, domain: bytes) -> int:
    """§4.2.2 hash_to_scalar."""
    return int.from_bytes(_expanded(message, domain), "big") % _ORDER


def _expanded(message: bytes, domain: bytes, size: int = 48) -> bytes:
    """RFC 9380 §5.3.1 expand_message_xmd with SHA-256, for up to 64 bytes."""
    suffix = domain + bytes([len(domain)])
    seed = hashlib.sha256(bytes(64) + message + size.to_bytes(2, "big") + b"\0" + suffix).digest()
    first = hashlib.sha256(seed + b"\1" + suffix).digest()
    second = hashlib.sha256(bytes(a ^ b for a, b in zip(seed, first, strict=True)) + b"\2" + suffix).digest()
    return (first + second)[:size]


_GENERATORS = _Generators()
