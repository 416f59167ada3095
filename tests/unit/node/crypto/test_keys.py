from __future__ import annotations

import os

import coincurve
import pytest
from coincurve.ecdsa import der_to_cdata, serialize_compact
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc.jwk import ECKey, OKPKey, RSAKey

from node.crypto import base64url
from node.crypto.public_keys import KeyType, MalformedKey, PublicKey, SignatureInvalid
from node.crypto.signing import SigningKey

SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def p384() -> tuple[PublicKey, ec.EllipticCurvePrivateKey]:
    secret = ec.generate_private_key(ec.SECP384R1())
    point = secret.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
    )
    return PublicKey.from_raw(KeyType.P384, point), secret


RSA_SECRET = rsa.generate_private_key(65_537, 2048)


def rsa_jwk(secret: rsa.RSAPrivateKey = RSA_SECRET) -> dict[str, str]:
    numbers = secret.public_key().public_numbers()
    texts = {
        name: base64url.encode(number.to_bytes((number.bit_length() + 7) // 8, "big"))
        for name, number in (("n", numbers.n), ("e", numbers.e))
    }
    return {"kty": "RSA", **texts}


def public_keys() -> list[PublicKey]:
    return [
        SigningKey.generate(KeyType.ED25519).public,
        SigningKey.generate(KeyType.P256).public,
        p384()[0],
        PublicKey.from_raw(KeyType.SECP256K1, coincurve.PrivateKey().public_key.format()),
    ]


@pytest.mark.parametrize("type_", [KeyType.ED25519, KeyType.P256, KeyType.P384])
def test_sign_and_verify(type_: KeyType) -> None:
    key = SigningKey.generate(type_)
    signature = key.sign(b"message")
    size = key.public.signature_bytes
    assert len(signature) == size
    assert key.sign(b"message") == signature  # RFC 8032, RFC 6979: nothing drawn
    key.public.verify(signature, b"message")
    assert SigningKey.from_bytes(type_, key.to_bytes()) == key
    for bit in (0, 255, 511):
        flipped = (int.from_bytes(signature, "big") ^ (1 << bit)).to_bytes(size, "big")
        with pytest.raises(SignatureInvalid):
            key.public.verify(flipped, b"message")
    with pytest.raises(SignatureInvalid):
        key.public.verify(signature, b"messagf")
    with pytest.raises(SignatureInvalid):
        SigningKey.generate(type_).public.verify(signature, b"message")
    for length in (0, size - 1, size + 1):
        with pytest.raises(SignatureInvalid):
            key.public.verify(signature.ljust(size + 1, b"\0")[:length], b"message")


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
        oracle = (OKPKey if key.type is KeyType.ED25519 else ECKey).import_key({**key.to_jwk()})
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
    for type_ in (KeyType.SECP256K1, KeyType.RSA):
        with pytest.raises(MalformedKey):
            SigningKey.generate(type_)


def test_rsa_verifies_under_the_algorithm_that_was_used() -> None:
    key = PublicKey.from_jwk(rsa_jwk())
    assert key.to_jwk() == rsa_jwk() == RSAKey.import_key({**rsa_jwk()}).as_dict(private=False)
    sha256 = hashes.SHA256()
    signatures = {
        "RS256": RSA_SECRET.sign(b"m", padding.PKCS1v15(), sha256),
        "PS256": RSA_SECRET.sign(b"m", padding.PSS(padding.MGF1(sha256), 32), sha256),
    }
    for alg, signature in signatures.items():
        key.verify(signature, b"m", alg)
        other = "PS256" if alg == "RS256" else "RS256"
        for bad in (b"", bytes(256), b"\xff" * 256, signature[:-1], signature + b"\0", b"\0" + signature):
            with pytest.raises(SignatureInvalid):
                key.verify(bad, b"m", alg)
        with pytest.raises(SignatureInvalid):
            key.verify(signature, b"n", alg)
        with pytest.raises(SignatureInvalid):
            key.verify(signature, b"m", other)
    with pytest.raises(SignatureInvalid):  # PS256 salts as many bytes as it hashes, no fewer
        key.verify(RSA_SECRET.sign(b"m", padding.PSS(padding.MGF1(sha256), 20), sha256), b"m", "PS256")
    with pytest.raises(MalformedKey):
        key.to_multikey()


def test_a_key_is_confined_to_the_algorithm_its_publisher_names() -> None:
    free, confined = PublicKey.from_jwk(rsa_jwk()), PublicKey.from_jwk({**rsa_jwk(), "alg": "PS256"})
    assert [free.accepts(alg) for alg in ("RS256", "PS256", "RS1", "HS256")] == [True, True, False, False]
    assert [confined.accepts(alg) for alg in ("RS256", "PS256", "")] == [False, True, False]
    assert not free.accepts("none")
    ed25519 = SigningKey.generate().public
    assert [ed25519.accepts(alg) for alg in ("EdDSA", "Ed25519", "ES256")] == [True, True, False]


def weak(bits: int, exponent: int = 65_537) -> dict[str, str]:
    """An RSA JWK whose modulus is merely odd and of that size."""
    size = (bits + 7) // 8
    modulus = (1 << (bits - 1)) | 1
    return {
        "kty": "RSA",
        "n": base64url.encode(modulus.to_bytes(size, "big")),
        "e": base64url.encode(exponent.to_bytes((exponent.bit_length() + 7) // 8 or 1, "big")),
    }


@pytest.mark.parametrize(
    "jwk",
    [
        weak(1024),
        weak(2047),
        weak(4097),
        weak(16_384),
        weak(2048, 1),
        weak(2048, 3),
        weak(2048, 65_538),
        weak(2048, 2**32 + 1),
        {**weak(2048), "n": base64url.encode(b"\0" + b"\xff" * 256)},
        {**weak(2048), "n": base64url.encode(b"\xff" * 255 + b"\xfe")},
        {**weak(2048), "n": ""},
        {**weak(2048), "n": 7},
        {**weak(2048), "e": "AQAB="},
        {**weak(2048), "e": None},
        {**weak(2048), "alg": "RS1"},
        {**weak(2048), "alg": "ES256"},
        {**weak(2048), "use": "enc"},
        {**weak(2048), "crv": "P-256"},
        {**weak(2048), "crv": "RSA"},
        {**weak(2048), "d": "AA"},
        {"kty": "RSA"},
        {"kty": "OKP", "crv": "RSA", "x": "AA"},
    ],
)
def test_weak_and_malformed_rsa_keys(jwk: dict[str, str]) -> None:
    PublicKey.from_jwk(weak(2048))
    with pytest.raises(MalformedKey):
        PublicKey.from_jwk(jwk)
