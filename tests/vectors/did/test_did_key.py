"""did:key of every curve, against published keys in their other forms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from node.crypto import multibase
from node.crypto.public_keys import KeyType, PublicKey
from node.crypto.signing import SigningKey
from node.did import key

# From the did:key method's test vectors: identifier, and its key as a JWK.
METHOD_VECTORS = [
    (
        "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI",
            "y": "hW2ojTNfH7Jbi8--CJUo3OCbH3y5n91g-IMA9MLMbTU",
        },
    ),
    (
        "zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv",
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "igrFmi0whuihKnj9R3Om1SoMph72wUGeFaBbzG2vzns",
            "y": "efsX5b10x8yjyrj4ny3pGfLcY7Xby1KzgqOdqnsrJIM",
        },
    ),
    (
        "z82Lm1MpAkeJcix9K8TMiLd5NMAhnwkjjCBeWHXyu3U4oT2MVJJKXkcVBgjGhnLBn2Kaau9",
        {
            "kty": "EC",
            "crv": "P-384",
            "x": "lInTxl8fjLKp_UCrxI0WDklahi-7-_6JbtiHjiRvMvhedhKVdHBfi2HCY8t_QJyc",
            "y": "y6N1IC-2mXxHreETBW7K3mBcw0qGr3CWHCs-yl09yCQRLcyfGv7XhqAngHOu51Zv",
        },
    ),
    (
        "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
        {
            "kty": "EC",
            "crv": "secp256k1",
            "x": "h0wVx_2iDlOcblulc8E5iEw1EYh5n1RYtLQfeSTyNc0",
            "y": "O2EATIGbu6DezKFptj5scAIRntgfecanVNXxat1rnwE",
        },
    ),
]


@pytest.mark.parametrize(("identifier", "jwk"), METHOD_VECTORS)
def test_the_vectors_of_the_method(identifier: str, jwk: dict[str, str]) -> None:
    did = f"did:key:{identifier}"
    found = key.document_of(did, identifier)
    public = PublicKey.from_jwk(jwk)
    assert found.methods[f"{did}#{identifier}"].key == public
    assert f"did:key:{public.to_multikey()}" == did


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("vc-di-eddsa/keyPair.json", KeyType.ED25519),
        ("vc-di-ecdsa/p256KeyPair.json", KeyType.P256),
        ("vc-di-ecdsa/p384KeyPair.json", KeyType.P384),
    ],
)
def test_the_keys_of_the_cryptosuites(vectors: Path, path: str, type_: KeyType) -> None:
    identifier = json.loads((vectors / path).read_bytes())["publicKeyMultibase"]
    did = f"did:key:{identifier}"
    method = key.document_of(did, identifier).methods[f"{did}#{identifier}"]
    assert method.key.type is type_
    assert method.controller == did


def test_a_bls_key_makes_a_document(vectors: Path) -> None:
    material = json.loads((vectors / "vc-di-bbs/BBSKeyMaterial.json").read_bytes())
    identifier = multibase.encode(b"\xeb\x01" + bytes.fromhex(material["publicKeyHex"]))
    assert identifier.startswith("zUC7")
    did = f"did:key:{identifier}"
    found = key.document_of(did, identifier)
    assert found.document["verificationMethod"][0]["publicKeyMultibase"] == identifier
    assert found.document["assertionMethod"] == [f"{did}#{identifier}"]


# From the same vectors, where they give the key in base58: of Ed25519 with its seed, of BLS12-381 (G2).
IN_BASE58 = {
    "z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp": ("4zvwRjXUKGfvwnParsHAS3HuSVzV5cA4McphgmoCtajS", 0),
    "z6MkjchhfUsD6mmvni8mCdXHw216Xrm9bQe2mBH1P5RDjVJG": ("6ASf5EcmmEHTgDJ4X4ZT5vT6iHVJBXPg5AN5YoTCpGWt", 1),
    "z6MknGc3ocHs3zdPiJbnaaqDi58NGb4pk1Sp9WxWufuXSdxf": ("8pM1DN3RiT8vbom5u1sNryaNT1nyL8CTTW3b5PwWXRBH", 2),
    "z6MkvqoYXQfDDJRv8L4wKzxYeuKyVZBfi9Qo6Ro8MiLH3kDQ": ("HPYVwAQmskwT1qEEeRzhoomyfyupJGASQQtCXSNG8XS2", 3),
    "z6MkwW6aqMnjgrhJXFUko3NnZPGzVpkNzhYK7yEhnsibmLwL": ("J3qYF7YJMKCqQke47UQwiHizgFUXapHxRxKmxbkar89x", 4),
}
BLS_IN_BASE58 = {
    "zUC7K4ndUaGZgV7Cp2yJy6JtMoUHY6u7tkcSYUvPrEidqBmLCTLmi6d5WvwnUqejscAkERJ3bfjEiSYtdPkRSE8kSa11hFBr4sTgnbZ95SJ"
    "j19PN2jdvJjyzpSZgxkyyxNnBNnY": (
        "25EEkQtcLKsEzQ6JTo9cg4W7NHpaurn4Wg6LaNPFq6JQXnrP91SDviUz7KrJVMJd76CtAZFsRLYzvgX2JGxo2ccUHtuHk7ELCWwrkBD"
        "frXCFVfqJKDootee9iVaF6NpdJtBE"
    ),
    "zUC77uxiMKceQoxciSy1xgk3nvP8c8NZXDnaY1xsXZaU5UmsZdnwStUke8Ca8zAdPX3MQTHEMhDTCgfdGU7UrY4RRdVhqZp8FaAaoaXFEVp"
    "2ZAM7oj3P45BuTCfc3t9FEGBAEQY": (
        "t5QqHdxR4C6QJWJAnk3qVd2DMr4MVFEefdP43i7fLbR5A2qJkE5bqgEtyzpNsDViGEsMKHMdpo7fKbPMhGihbfxz3Dv2Hw36XvprLHB"
        "A5DDFSphmy91oHQFdahQMei2HjoE"
    ),
}


@pytest.mark.parametrize("identifier", IN_BASE58)
def test_ed25519_in_base58_and_from_its_seed(identifier: str) -> None:
    base58, seed = IN_BASE58[identifier]
    did = f"did:key:{identifier}"
    public = key.document_of(did, identifier).methods[f"{did}#{identifier}"].key
    assert public.raw == multibase.decode("z" + base58)
    assert SigningKey.from_bytes(KeyType.ED25519, seed.to_bytes(32)).public == public
    assert f"did:key:{public.to_multikey()}" == did


@pytest.mark.parametrize("identifier", BLS_IN_BASE58)
def test_bls12_381_in_base58(identifier: str) -> None:
    did = f"did:key:{identifier}"
    (method,) = key.document_of(did, identifier).document["verificationMethod"]
    assert multibase.decode(method["publicKeyMultibase"])[2:] == multibase.decode(
        "z" + BLS_IN_BASE58[identifier]
    )
