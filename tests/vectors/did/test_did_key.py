"""did:key of every curve, against published keys in their other forms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from node.crypto import multibase
from node.crypto.public_keys import KeyType, PublicKey
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
    assert key.did_for(public) == did


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
