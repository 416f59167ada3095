"""BBS proofs: what is not one, and what happens without the library. Genuine ones are in tests/vectors."""

from __future__ import annotations

import sys

import pytest

from node.crypto import bbs
from node.crypto.public_keys import KeyType, MalformedKey, PublicKey, SignatureInvalid

curve = pytest.importorskip("py_arkworks_bls12381", reason="the extra bbs is not installed")
BASE = curve.G2Point()
KEY = PublicKey.from_raw(KeyType.BLS12_381_G2, bytes(BASE.to_compressed_bytes()))
POINT = bytes(curve.G1Point().to_compressed_bytes())
INFINITY = b"\xc0" + bytes(47)
ONE = (1).to_bytes(32, "big")
ORDER = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001


def refused(proof: bytes, *, messages: int = 0, places: tuple[int, ...] = (), key: PublicKey = KEY) -> None:
    shown = [b"message"] * messages
    bbs.check_proof(key, proof, header=b"", presentation_header=b"", messages=shown, places=places)


def test_the_published_base_point() -> None:
    """§6.2.2 of the draft."""
    assert bytes(bbs._GENERATORS.base().to_compressed_bytes()).hex() == (
        "a8ce256102840821a3e94ea9025e4662b205762f9776b3a766c872b948f1fd225e7c59698588e70d11406d161b4e28c9"
    )


@pytest.mark.parametrize(
    "proof",
    [
        b"",
        POINT * 3 + ONE * 3,
        POINT * 3 + ONE * 4 + b"\0",
        POINT * 3 + ONE * 505,
        INFINITY + POINT * 2 + ONE * 4,
        POINT + INFINITY + POINT + ONE * 4,
        POINT * 2 + INFINITY + ONE * 4,
        b"\x80" + bytes(47) + POINT * 2 + ONE * 4,  # no point of the curve
        b"\xff" * 48 + POINT * 2 + ONE * 4,
        POINT * 3 + bytes(32) + ONE * 3,
        POINT * 3 + ONE * 3 + ORDER.to_bytes(32, "big"),
        POINT * 3 + ONE * 3 + b"\xff" * 32,
        POINT * 3 + ONE * 4,  # well formed, and nobody's
    ],
)
def test_what_is_no_proof(proof: bytes) -> None:
    with pytest.raises(SignatureInvalid):
        refused(proof)


@pytest.mark.parametrize(
    ("messages", "places"), [(1, ()), (0, (0,)), (1, (1,)), (2, (1, 0)), (2, (0, 0)), (1, (-1,))]
)
def test_messages_and_their_places(messages: int, places: tuple[int, ...]) -> None:
    with pytest.raises(SignatureInvalid):
        refused(POINT * 3 + ONE * 4, messages=messages, places=places)


def test_keys_that_are_none() -> None:
    off_curve = PublicKey.from_raw(KeyType.BLS12_381_G2, b"\x81" + bytes(95))
    ed25519 = PublicKey(KeyType.ED25519, bytes(32))
    for key in (off_curve, ed25519):
        with pytest.raises(MalformedKey):
            refused(POINT * 3 + ONE * 4, key=key)
    for raw in (INFINITY + bytes(48), bytes(96), KEY.raw[:95], KEY.raw + b"\0"):
        with pytest.raises(MalformedKey):
            PublicKey.from_raw(KeyType.BLS12_381_G2, raw)


def test_a_key_of_bls_makes_no_other_signature() -> None:
    assert PublicKey.from_multikey(KEY.to_multikey()) == KEY
    with pytest.raises(SignatureInvalid):
        KEY.verify(bytes(96), b"message")
    assert not KEY.accepts("EdDSA")
    with pytest.raises(MalformedKey):
        PublicKey.from_jwk({"kty": "EC", "crv": "BLS12381G2", "x": "AA", "y": "AA"})


def test_without_the_library_nothing_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py_arkworks_bls12381", None)
    with pytest.raises(bbs.BbsUnavailable):
        refused(POINT * 3 + ONE * 4)
