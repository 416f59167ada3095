"""Which keys a document gives, and for what."""

from __future__ import annotations

from typing import Any

import pytest

from node.crypto import base64url
from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.did import jwk, key
from node.did.parse import MAX_METHODS, MalformedDidDocument, parse_document

DID = "did:web:board.example"
ED = SigningKey.from_bytes(KeyType.ED25519, bytes(range(32))).public
P256 = SigningKey.from_bytes(KeyType.P256, bytes(range(1, 33))).public


def document(**members: Any) -> dict[str, Any]:
    return {"id": DID, **members}


def multikey(name: str = "#k", **members: Any) -> dict[str, Any]:
    return {
        "id": name,
        "type": "Multikey",
        "controller": DID,
        "publicKeyMultibase": ED.to_multikey(),
        **members,
    }


def parsed(**members: Any) -> Any:
    return parse_document(document(**members), DID, source="web")


@pytest.mark.parametrize(
    "method",
    [
        multikey(),
        multikey(type="Ed25519VerificationKey2020"),
        {"id": "#k", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": ED.to_jwk()},
        {"id": DID + "#k", "type": "JsonWebKey2020", "controller": DID, "publicKeyJwk": ED.to_jwk()},
    ],
)
def test_the_forms_a_key_comes_in(method: dict[str, Any]) -> None:
    found = parsed(verificationMethod=[method], assertionMethod=["#k"], authentication=[DID + "#k"])
    assert found.methods[DID + "#k"].key == ED
    assert found.relationships["assertionMethod"] == found.relationships["authentication"] == {DID + "#k"}
    assert found.relationships["capabilityInvocation"] == frozenset()


def test_an_embedded_method_serves_its_relationship_alone() -> None:
    found = parsed(assertionMethod=[multikey("#e")])
    assert DID + "#e" in found.methods
    assert DID + "#e" not in found.relationships["authentication"]


@pytest.mark.parametrize(
    "method",
    [
        {"id": "#k", "type": "Bls12381G2Key2020", "controller": DID, "publicKeyBase58": "x"},
        {
            "id": "#k",
            "type": "JsonWebKey",
            "controller": DID,
            "publicKeyJwk": {"kty": "RSA", "n": "AA", "e": "AQAB"},
        },
        {"id": "#k", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": {**ED.to_jwk(), "d": "AA"}},
        {"id": "#k", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": "nonsense"},
        {"id": "#k", "type": ["Multikey"], "controller": DID},
        multikey(publicKeyMultibase="z" * 5000),
        multikey(publicKeyMultibase=7),
        multikey(type="Ed25519VerificationKey2020", publicKeyMultibase=P256.to_multikey()),
        multikey(controller=["did:web:a", "did:web:b"]),
    ],
)
def test_an_unusable_key_is_left_out_and_the_others_stay(method: dict[str, Any]) -> None:
    found = parsed(verificationMethod=[method, multikey("#good")])
    assert set(found.methods) == {DID + "#good"}


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {"id": "did:web:other.example"},
        document(verificationMethod={}),
        document(verificationMethod=["#k"]),
        document(verificationMethod=[multikey(), multikey()]),
        document(verificationMethod=[multikey()], assertionMethod=[multikey()]),
        document(verificationMethod=[multikey(f"#{i}") for i in range(MAX_METHODS + 1)]),
        document(verificationMethod=[multikey("")]),
        document(assertionMethod=[7]),
        document(assertionMethod="#k"),
    ],
)
def test_a_malformed_document(broken: Any) -> None:
    with pytest.raises(MalformedDidDocument):
        parse_document(broken, DID, source="web")


def test_the_end_of_a_key() -> None:
    found = parsed(
        verificationMethod=[
            multikey("#a", expires="2026-01-01T00:00:00Z", revoked="2025-01-01T00:00:00Z"),
            multikey("#b", revoked="some day"),
            multikey("#c"),
        ]
    )
    ends = [found.methods[DID + name].usable_until for name in ("#a", "#b", "#c")]
    assert ends == [1735689600, 0, None]


@pytest.mark.parametrize("public", [ED, P256])
def test_did_key(public: Any) -> None:
    did = f"did:key:{public.to_multikey()}"
    found = key.document_of(did, did.removeprefix("did:key:"))
    assert found.methods[f"{did}#{public.to_multikey()}"].key == public
    assert all(len(members) == 1 for members in found.relationships.values())


@pytest.mark.parametrize("public", [ED, P256])
def test_did_jwk(public: Any) -> None:
    import json

    identifier = base64url.encode(json.dumps(public.to_jwk()).encode())
    found = jwk.document_of("did:jwk:" + identifier, identifier)
    assert found.methods[f"did:jwk:{identifier}#0"].key == public
