"""Every way a key is written in documents that are out there, and the ways that are nobody's."""

from __future__ import annotations

from typing import Any

import coincurve
import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.crypto import multibase
from node.crypto.public_keys import KeyType, PublicKey
from node.crypto.signing import SigningKey
from node.did.key_forms import key_of, names_account_alone

ED = SigningKey.from_bytes(KeyType.ED25519, bytes(range(32))).public
P256 = SigningKey.from_bytes(KeyType.P256, bytes(range(1, 33))).public
K1 = PublicKey.from_raw(KeyType.SECP256K1, coincurve.PrivateKey.from_int(7).public_key.format())


def base58(key: PublicKey) -> str:
    return multibase.encode(key.raw)[1:]


@pytest.mark.parametrize(
    ("method", "key"),
    [
        ({"type": "Multikey", "publicKeyMultibase": K1.to_multikey()}, K1),
        ({"type": "JsonWebKey", "publicKeyJwk": K1.to_jwk()}, K1),
        ({"type": "JsonWebKey2020", "publicKeyJwk": P256.to_jwk()}, P256),
        ({"type": "Ed25519VerificationKey2018", "publicKeyBase58": base58(ED)}, ED),
        ({"type": "Ed25519VerificationKey2018", "publicKeyJwk": ED.to_jwk()}, ED),
        ({"type": "Ed25519VerificationKey2018", "publicKeyMultibase": multibase.encode(ED.raw)}, ED),
        ({"type": "Ed25519VerificationKey2018", "publicKeyHex": ED.raw.hex()}, ED),
        ({"type": "Ed25519VerificationKey2020", "publicKeyMultibase": ED.to_multikey()}, ED),
        ({"type": "EcdsaSecp256k1VerificationKey2019", "publicKeyBase58": base58(K1)}, K1),
        ({"type": "EcdsaSecp256k1VerificationKey2019", "publicKeyHex": K1.raw.hex()}, K1),
        ({"type": "EcdsaSecp256k1VerificationKey2019", "publicKeyJwk": K1.to_jwk()}, K1),
        ({"type": "EcdsaSecp256k1RecoveryMethod2020", "publicKeyHex": K1.raw.hex()}, K1),
        ({"type": "EcdsaSecp256r1VerificationKey2019", "publicKeyMultibase": P256.to_multikey()}, P256),
        (
            {
                "type": "EcdsaSecp256k1VerificationKey2019",
                "publicKeyHex": K1.raw.hex(),
                "publicKeyJwk": K1.to_jwk(),
            },
            K1,
        ),
    ],
)
def test_forms(method: dict[str, Any], key: PublicKey) -> None:
    assert key_of(method) == key
    assert not names_account_alone(method)


@pytest.mark.parametrize(
    "method",
    [
        {},
        {"type": "Multikey"},
        {"type": "Multikey", "publicKeyJwk": ED.to_jwk()},
        {"type": "Multikey", "publicKeyMultibase": multibase.encode(ED.raw)},
        {"type": "JsonWebKey2020", "publicKeyMultibase": ED.to_multikey()},
        {"type": "Ed25519VerificationKey2018", "publicKeyBase58": base58(P256)},
        {"type": "Ed25519VerificationKey2018", "publicKeyBase58": "1" * 5000},
        {"type": "Ed25519VerificationKey2018", "publicKeyBase58": "0OIl"},
        {"type": "Ed25519VerificationKey2018", "publicKeyHex": "zz"},
        {"type": "Ed25519VerificationKey2018", "publicKeyHex": "0" * 5000},
        {"type": "Ed25519VerificationKey2020", "publicKeyMultibase": P256.to_multikey()},
        {"type": "EcdsaSecp256k1VerificationKey2019", "publicKeyJwk": P256.to_jwk()},
        # two that differ: which one is meant?
        {
            "type": "EcdsaSecp256k1VerificationKey2019",
            "publicKeyHex": K1.raw.hex(),
            "publicKeyJwk": PublicKey.from_raw(
                KeyType.SECP256K1, coincurve.PrivateKey.from_int(8).public_key.format()
            ).to_jwk(),
        },
        {"type": "EcdsaSecp256k1RecoveryMethod2020", "blockchainAccountId": "eip155:1:0x" + "1" * 40},
        {"type": "X25519KeyAgreementKey2019", "publicKeyBase58": base58(ED)},
    ],
)
def test_what_is_no_key(method: dict[str, Any]) -> None:
    assert key_of(method) is None
    assert names_account_alone(method) == ("blockchainAccountId" in method)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "type",
                "publicKeyMultibase",
                "publicKeyJwk",
                "publicKeyBase58",
                "publicKeyHex",
                "blockchainAccountId",
            ]
        ),
        st.one_of(
            st.text(max_size=40),
            st.integers(),
            st.none(),
            st.sampled_from(["Multikey", "Ed25519VerificationKey2018", "JsonWebKey", ED.to_multikey()]),
            st.dictionaries(st.sampled_from(["kty", "crv", "x", "y", "d"]), st.text(max_size=8)),
        ),
    )
)
def test_nonsense_is_no_key_and_no_error(method: dict[str, Any]) -> None:
    found = key_of(method)
    assert found is None or isinstance(found, PublicKey)
