"""What a board issues, and with what."""

from __future__ import annotations

from typing import Any

from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity

BOARD = "did:web:board.example"
LIST = "https://board.example/status-lists/nursing"
OTHERS_LIST = "https://other.example/status-lists/nursing"
DATA_INTEGRITY = DataIntegrity(Contexts())
KEY = SigningKey.from_bytes(KeyType.ED25519, bytes(range(32)))


def entry(**members: Any) -> dict[str, Any]:
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": LIST,
    } | members


def licence(**members: Any) -> dict[str, Any]:
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            {"LicenceCredential": "https://board.example/vocabulary#LicenceCredential"},
        ],
        "id": "urn:uuid:3f2c9d8e-5b7a-4c61-9a0e-000000000011",
        "type": ["VerifiableCredential", "LicenceCredential"],
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2031-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:ada", "name": "Ada Okafor"},
        "credentialStatus": entry(),
    } | members
