"""A board that signs what it is told to, with real keys and real proofs."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.verification.proofs.contexts import VCDM_1, VCDM_2, Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity

VOCABULARY = {
    "NursingLicenceCredential": "https://board.example/vocabulary#NursingLicenceCredential",
    "givenName": "https://schema.org/givenName",
    "familyName": "https://schema.org/familyName",
    "licenceNumber": "https://board.example/vocabulary#licenceNumber",
}
CREATED = 1_790_000_000  # 2026-09-21
STATUS_LIST = "https://board.example/status-lists/1"


CONTEXTS = Contexts()
DATA_INTEGRITY = DataIntegrity(CONTEXTS)


def key_of(name: str, type_: KeyType = KeyType.ED25519) -> SigningKey:
    """The same key for the same name, always."""
    return SigningKey.from_bytes(type_, sha256(f"simulated key: {name}".encode()).digest())


class SimulatedIssuer:
    """Has a DID, a key, and a DID document to pin; by default `did:web:NAME.example`."""

    def __init__(
        self, name: str = "board", *, did: str | None = None, type_: KeyType = KeyType.ED25519
    ) -> None:
        self.key = key_of(name, type_)
        self.did = did or f"did:web:{name}.example"
        self.method = f"{self.did}#key-1"

    @classmethod
    def self_made(cls, name: str) -> SimulatedIssuer:
        """Anyone at all: a did:key."""
        issuer = cls(name)
        issuer.did = f"did:key:{issuer.key.public.to_multikey()}"
        issuer.method = f"{issuer.did}#{issuer.key.public.to_multikey()}"
        return issuer

    def document(self) -> dict[str, Any]:
        return {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": self.did,
            "verificationMethod": [
                {
                    "id": self.method,
                    "type": "Multikey",
                    "controller": self.did,
                    "publicKeyMultibase": self.key.public.to_multikey(),
                }
            ],
            "assertionMethod": [self.method],
        }

    def document_bytes(self) -> bytes:
        return json.dumps(self.document()).encode()

    def licence(
        self, subject: str = "did:example:nurse", index: int | None = None, **members: Any
    ) -> dict[str, Any]:
        """An unsigned nursing licence, VCDM 2.0. `index`: its entry in the revocation list."""
        credential: dict[str, Any] = {
            "@context": [VCDM_2, VOCABULARY],
            "id": "urn:uuid:3f2c9d8e-5b7a-4c61-9a0e-000000000001",
            "type": ["VerifiableCredential", "NursingLicenceCredential"],
            "name": "Registered Nurse licence",
            "issuer": {"id": self.did, "name": "Example Board of Nursing"},
            "validFrom": "2026-01-01T00:00:00Z",
            "validUntil": "2030-01-01T00:00:00Z",
            "credentialSubject": {
                "id": subject,
                "givenName": "Ada",
                "familyName": "Okafor",
                "licenceNumber": "RN-1",
            },
        }
        if index is not None:
            credential["credentialStatus"] = status_entry(index)
        return credential | members

    def licence_1_1(self, subject: str = "did:example:nurse", **members: Any) -> dict[str, Any]:
        """The same in VCDM 1.1, without status."""
        credential = self.licence(subject)
        del credential["validFrom"], credential["validUntil"], credential["name"]
        credential["@context"] = [VCDM_1, "https://w3id.org/security/data-integrity/v2", VOCABULARY]
        dates = {"issuanceDate": "2026-01-01T00:00:00Z", "expirationDate": "2030-01-01T00:00:00Z"}
        return credential | {"issuer": self.did} | dates | members

    def sign(
        self, document: dict[str, Any], cryptosuite: str = "eddsa-rdfc-2022", **options: Any
    ) -> dict[str, Any]:
        """With an embedded proof."""
        return DATA_INTEGRITY.sign(
            document,
            key=self.key,
            verification_method=options.pop("method", self.method),
            cryptosuite=cryptosuite,
            created=options.pop("created", CREATED),
            **options,
        )


def status_entry(index: int, uri: str = STATUS_LIST, purpose: str = "revocation") -> dict[str, Any]:
    return {
        "id": f"{uri}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": uri,
    }
