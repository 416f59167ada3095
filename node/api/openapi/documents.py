"""The documents that the examples of the API show. Pure data."""

from __future__ import annotations

from typing import Any

CREDENTIAL: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential", "NursingLicence"],
    "issuer": {"id": "did:web:board.example", "name": "Example Board of Nursing"},
    "validFrom": "2026-01-01T00:00:00Z",
    "validUntil": "2027-12-31T23:59:59Z",
    "credentialSubject": {"id": "did:example:holder", "name": "Ana Ramos"},
    "credentialStatus": {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "4711",
        "statusListCredential": "https://board.example/status-lists/licences",
    },
}

SECURED: dict[str, Any] = {
    **CREDENTIAL,
    "proof": {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-01-02T09:00:00Z",
        "verificationMethod": "did:web:board.example#key-1",
        "proofPurpose": "assertionMethod",
        "proofValue": "z3kPSBJh…",
    },
}
