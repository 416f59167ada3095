from __future__ import annotations

import os

import coincurve
import pytest
from coincurve.ecdsa import der_to_cdata, serialize_compact
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc.jwk import ECKey, OKPKey

from node.crypto.public_keys import KeyType, MalformedKey, PublicKey, SignatureInvalid
from node.crypto.signing import SigningKey

SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def p384() -> tuple[PublicKey, ec.EllipticCurvePrivateKey]:
    secret = ec.generate_private_key(ec.SECP384R1())
    point = secret.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
    )
    return PublicKey.from_raw(KeyType.P384, point), secret


def public_keys() -> list[PublicKey]:
    return [
        SigningKey.generate(KeyType.ED25519).public,
        SigningKey.generate(KeyType.P256).public,
        p384()[0],
        PublicKey.from_raw(KeyType.SECP256K1, coincurve.PrivateKey().public_key.format()),
    ]


@pytest.mark.parametrize("type_", [KeyType.ED25519, KeyType.P256])
def test_sign_and_verify(type_: KeyType) -> None:
    key = SigningKey.generate(type_)
    signature = key.sign(b"message")
    assert len(signature) == 64
    key.public.verify(signature, b"message")
    assert SigningKey.from_bytes(type_, key.to_bytes()) == key
    for bit in (0, 255, 511):
        flipped = (int.from_bytes(signature, "big") ^ (1 << bit)).to_bytes(64, "big")
        with pytest.raises(SignatureInvalid):
            key.public.verify(flipped, b"message")
    with pytest.raises(SignatureInvalid):
        key.public.verify(signature, b"messagf")
    with pytest.raises(SignatureInvalid):
        SigningKey.generate(type_).public.verify(signature, b"message")
    for length in (0, 63, 65):
        with pytest.raises(SignatureInvalid):
            key.public.verify(signature.ljust(65, b"\0")[:length], b"message")


def test_p384_and_secp256k1_verify() -> None:
    key, secret = p384()
    r, s = decode_dss_signature(secret.sign(b"m", ec.ECDSA(hashes.SHA384())))
    key.verify(r.to_bytes(48, "big") + s.to_bytes(48, "big"), b"m")
    signer = coincurve.PrivateKey()
    compact = serialize_compact(der_to_cdata(signer.sign(b"m")))
    public = PublicKey.from_raw(KeyType.SECP256K1, signer.public_key.format())
    public.verify(compact, b"m")
    high = (SECP256K1_ORDER - int.from_bytes(compact[32:], "big")).to_bytes(32, "big")
    public.verify(compact[:32] + high, b"m")
    with pytest.raises(SignatureInvalid):
        public.verify(compact, b"n")
    with pytest.raises(SignatureInvalid):
        public.verify(b"\xff" * 64, b"m")


def test_zero_ecdsa_signatures_are_refused() -> None:
    for key in public_keys():
        with pytest.raises(SignatureInvalid):
            key.verify(bytes(96 if key.type is KeyType.P384 else 64), b"m")


def test_published_forms_round_trip() -> None:
    for key in public_keys():
        assert PublicKey.from_multikey(key.to_multikey()) == key
        assert PublicKey.from_jwk(key.to_jwk()) == key
        oracle = (OKPKey if key.type is KeyType.ED25519 else ECKey).import_key(key.to_jwk())
        assert oracle.as_dict(private=False)["x"] == key.to_jwk()["x"]


def test_known_did_key() -> None:
    key = PublicKey.from_multikey("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
    assert key.type is KeyType.ED25519
    assert PublicKey.from_multikey("zDnaegE6RR3atJtHKwTRTWHsJ3kNHqFwv7n9YjTgmU7TyfU76").type is KeyType.P256


def test_malformed_multikeys() -> None:
    key = SigningKey.generate().public
    text = key.to_multikey()
    for bad in ("", "z", text[:-1], text + "2", "z1" + text[1:], text[1:], "z" + "2" * 200_000, text + "\n"):
        with pytest.raises(MalformedKey):
            PublicKey.from_multikey(bad)


def test_small_order_and_off_curve_points_are_refused() -> None:
    for raw in (bytes(32), b"\1" + bytes(31), b"\xff" * 32):
        with pytest.raises(MalformedKey):
            PublicKey.from_raw(KeyType.ED25519, raw)
    for type_, size in ((KeyType.P256, 33), (KeyType.P384, 49), (KeyType.SECP256K1, 33)):
        for raw in (bytes(size), b"\2" + b"\xff" * (size - 1), b"\4" + bytes(size - 1), b"\2" * (size - 1)):
            with pytest.raises(MalformedKey):
                PublicKey.from_raw(type_, raw)


@pytest.mark.parametrize(
    "change",
    [
        {"d": "AAAA"},
        {"kty": "OKP"},
        {"kty": None},
        {"crv": "P-384"},
        {"crv": "P-521"},
        {"crv": ["P-256"]},
        {"use": "enc"},
        {"alg": "ES384"},
        {"alg": ["ES256"]},
        {"x": ""},
        {"x": 5},
        {"x": "A" * 43 + "="},
        {"y": "AAAA"},
        {"y": "A" * 43},
    ],
)
def test_malformed_jwks(change: dict[str, object]) -> None:
    with pytest.raises(MalformedKey):
        PublicKey.from_jwk({**SigningKey.generate(KeyType.P256).public.to_jwk(), **change})


def test_secrets_stay_out_of_the_repr() -> None:
    secret = os.urandom(32)
    for type_ in (KeyType.ED25519, KeyType.P256):
        key = SigningKey.from_bytes(type_, secret)
        assert repr(secret)[2:-1] not in repr(key)
        assert secret.hex() not in repr(key)
    for bad in (b"", bytes(31), bytes(33)):
        with pytest.raises(MalformedKey):
            SigningKey.from_bytes(KeyType.ED25519, bad)
    for bad in (bytes(32), b"\xff" * 32):
        with pytest.raises(MalformedKey):
            SigningKey.from_bytes(KeyType.P256, bad)
    with pytest.raises(MalformedKey):
        SigningKey.generate(KeyType.P384)
