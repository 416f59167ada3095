"""The documents `build_fixtures` has signed: what a board and a university would write, and holders present.

All people, institutions and numbers are made up. Terms that no published context defines are added by an
inline context which only ever adds, each term under an address that ends in its own name.
"""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
DATA_INTEGRITY_V2 = "https://w3id.org/security/data-integrity/v2"
DID_V1 = "https://www.w3.org/ns/did/v1"
MULTIKEY_V1 = "https://w3id.org/security/multikey/v1"

BOARD = "did:web:board.example"
STATUS_LIST = "https://board.example/status-lists/1"
VALID_FROM = "2026-01-15T00:00:00Z"
VALID_UNTIL = "2099-12-31T23:59:59Z"

_SCHEMA = "https://schema.org/"
_BOARD_TERMS = "https://board.example/vocabulary#"
_UNIVERSITY_TERMS = "https://university.example/vocabulary#"
_XSD_DATE = "http://www.w3.org/2001/XMLSchema#date"

PERSON_TERMS: Document = {
    "Person": _SCHEMA + "Person",
    "givenName": _SCHEMA + "givenName",
    "familyName": _SCHEMA + "familyName",
}
LICENCE_TERMS: Document = PERSON_TERMS | {
    "NursingLicenceCredential": _BOARD_TERMS + "NursingLicenceCredential",
    "NursingLicence": _BOARD_TERMS + "NursingLicence",
    "licence": _BOARD_TERMS + "licence",
    "licenceNumber": _BOARD_TERMS + "licenceNumber",
    "licenceClass": _BOARD_TERMS + "licenceClass",
    "jurisdiction": _BOARD_TERMS + "jurisdiction",
    "multistate": _BOARD_TERMS + "multistate",
    "practiceHours": _BOARD_TERMS + "practiceHours",
    "firstIssued": {"@id": _BOARD_TERMS + "firstIssued", "@type": _XSD_DATE},
    "specialties": {"@id": _BOARD_TERMS + "specialties", "@container": "@set"},
}
DEGREE_TERMS: Document = PERSON_TERMS | {
    "UniversityDegreeCredential": _UNIVERSITY_TERMS + "UniversityDegreeCredential",
    "BachelorDegree": _UNIVERSITY_TERMS + "BachelorDegree",
    "degree": _UNIVERSITY_TERMS + "degree",
    "awardedOn": {"@id": _UNIVERSITY_TERMS + "awardedOn", "@type": _XSD_DATE},
    "classification": _UNIVERSITY_TERMS + "classification",
}


def did_document(did: str, multikey: str, p256_jwk: Document) -> Document:
    """A did:web document with an Ed25519 key for everything and a P-256 key for JWTs."""
    eddsa, es256 = f"{did}#key-1", f"{did}#key-2"
    return {
        "@context": [DID_V1, MULTIKEY_V1, "https://w3id.org/security/jwk/v1"],
        "id": did,
        "verificationMethod": [
            {"id": eddsa, "type": "Multikey", "controller": did, "publicKeyMultibase": multikey},
            {"id": es256, "type": "JsonWebKey", "controller": did, "publicKeyJwk": p256_jwk},
        ],
        "authentication": [eddsa],
        "assertionMethod": [eddsa, es256],
    }


def licence(holder: str, *, index: int = 94567, valid_until: str = VALID_UNTIL) -> Document:
    """A nursing licence, VCDM 2.0, with its place in the board's revocation list."""
    return {
        "@context": [CREDENTIALS_V2, LICENCE_TERMS],
        "id": f"urn:uuid:3f2c9d8e-5b7a-4c61-9a0e-{index:012d}",
        "type": ["VerifiableCredential", "NursingLicenceCredential"],
        "name": "Registered Nurse licence",
        "issuer": {"id": BOARD, "name": "Example State Board of Nursing"},
        "validFrom": "2024-01-15T00:00:00Z" if valid_until < VALID_FROM else VALID_FROM,
        "validUntil": valid_until,
        "credentialSubject": {
            "id": holder,
            "type": "Person",
            "givenName": "Lucía",
            "familyName": "Peña",
            "licence": _licence_entry(index),
        },
        "credentialStatus": {
            "id": f"{STATUS_LIST}#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(index),
            "statusListCredential": STATUS_LIST,
        },
    }


def licence_vcdm11(holder: str) -> Document:
    """A nursing licence in the older data model, secured by a current cryptosuite. It names no status list."""
    return {
        "@context": [CREDENTIALS_V1, DATA_INTEGRITY_V2, LICENCE_TERMS],
        "id": "urn:uuid:3f2c9d8e-5b7a-4c61-9a0e-000000000011",
        "type": ["VerifiableCredential", "NursingLicenceCredential"],
        "issuer": BOARD,
        "issuanceDate": VALID_FROM,
        "expirationDate": VALID_UNTIL,
        "credentialSubject": {
            "id": holder,
            "type": "Person",
            "givenName": "Lucía",
            "familyName": "Peña",
            "licence": _licence_entry(11),
        },
    }


def _licence_entry(number: int) -> Document:
    return {
        "type": "NursingLicence",
        "licenceNumber": f"RN-{4_700_000 + number}",
        "licenceClass": "RN",
        "jurisdiction": "US-CO",
        "multistate": True,
        "practiceHours": 1820,
        "firstIssued": "2014-06-02",
        "specialties": ["critical care", "perioperative"],
    }


def degree(issuer: str, holder: str) -> Document:
    """A university degree, VCDM 2.0."""
    return {
        "@context": [CREDENTIALS_V2, DEGREE_TERMS],
        "id": "urn:uuid:0b9f6f0c-1f5e-4a70-8e0d-6a1f54d1c0a2",
        "type": ["VerifiableCredential", "UniversityDegreeCredential"],
        "name": "Bachelor of Science in Nursing",
        "issuer": {"id": issuer, "name": "Example University"},
        "validFrom": "2013-06-21T00:00:00Z",
        "credentialSubject": {
            "id": holder,
            "type": "Person",
            "givenName": "Lucía",
            "familyName": "Peña",
            "degree": {
                "type": "BachelorDegree",
                "name": "Bachelor of Science in Nursing",
                "classification": "First class honours",
                "awardedOn": "2013-06-21",
            },
        },
    }


def presentation(holder: str, credentials: list[Document]) -> Document:
    """A presentation, VCDM 2.0, not signed yet."""
    return {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "holder": holder,
        "verifiableCredential": credentials,
    }
