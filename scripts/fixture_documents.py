"""The documents `build_fixtures` has signed: what a board, a welding institute and a university would write.

All people, institutions and numbers are made up. Terms that no published context defines are added by an
inline context which only ever adds, each term under an address that ends in its own name.
"""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
DATA_INTEGRITY_V2 = "https://w3id.org/security/data-integrity/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
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


_CERTIFICATE = "https://welding-institute.example/credentials/7b1a2f60-0c55-4f10-8f0e-1d2c3b4a5968"
_WELDING = "https://welding-institute.example/achievements/structural-steel-welder"
_FRAMEWORK = "https://skills.example/frameworks/welding"
# name, code, description, how the certificate states proficiency: a rubric level, a mark, or not at all
_WELDING_SKILLS: tuple[tuple[str, str, str, str], ...] = (
    (
        "Vertical fillet welding (3F)",
        "SMAW-3F",
        "Deposits uphill fillet welds on carbon steel plate.",
        "Expert",
    ),
    (
        "Overhead fillet welding (4F)",
        "SMAW-4F",
        "Deposits overhead fillet welds on carbon steel plate.",
        "Proficient",
    ),
    ("Reading welding symbols", "WPS-READ", "Reads joint, size and process from a drawing's symbols.", "92"),
    ("Visual weld inspection", "VT-1", "Finds undercut, porosity and overlap by eye and gauge.", ""),
)
_LEVELS = ("Novice", "Proficient", "Expert")


def welding_certificate(issuer: str, holder: str) -> Document:
    """A welding certificate as an Open Badge 3.0: skills as alignments, proficiency as results."""
    skills = [_alignment(name, code, text) for name, code, text, _ in _WELDING_SKILLS]
    assessed = [
        (skill, proficiency)
        for skill, (_, _, _, proficiency) in zip(skills, _WELDING_SKILLS, strict=True)
        if proficiency
    ]
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": _CERTIFICATE,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Structural Steel Welder",
        "issuer": {
            "id": issuer,
            "type": ["Profile"],
            "name": "Example Welding Institute",
            "url": "https://welding-institute.example",
            "email": "certificates@welding-institute.example",
        },
        "validFrom": VALID_FROM,
        "validUntil": VALID_UNTIL,
        "awardedDate": "2026-01-12T00:00:00Z",
        "credentialSubject": {
            "id": holder,
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": "Mateo Fuentes",
                    "identityType": "name",
                }
            ],
            "activityStartDate": "2025-09-01",
            "activityEndDate": "2025-12-19",
            "creditsEarned": 24,
            "achievement": {
                "id": _WELDING,
                "type": ["Achievement"],
                "achievementType": "Certificate",
                "name": "Structural Steel Welder",
                "description": "Welds structural carbon steel by shielded metal arc in all positions.",
                "humanCode": "SSW-204",
                "fieldOfStudy": "Welding technology",
                "inLanguage": "en",
                "version": "3.1",
                "creator": {
                    "id": "https://welding-institute.example/about",
                    "type": ["Profile"],
                    "name": "Example Welding Institute",
                    "address": {
                        "type": ["Address"],
                        "addressCountry": "United States",
                        "addressCountryCode": "US",
                        "addressRegion": "Texas",
                        "addressLocality": "Houston",
                        "streetAddress": "1200 Foundry Street",
                        "postalCode": "77002",
                        "geo": {"type": "GeoCoordinates", "latitude": 29.7604, "longitude": -95.3698},
                    },
                },
                "criteria": {
                    "id": _WELDING + "/criteria",
                    "narrative": "Four test plates welded under observation, cut, etched and bend-tested. "
                    "An examination of forty questions. Three shifts on site under a qualified inspector.",
                },
                "alignment": skills,
                "resultDescription": [
                    _result_description(number, skill, proficiency)
                    for number, (skill, proficiency) in enumerate(assessed, 1)
                ],
                "tag": ["welding", "structural steel", "SMAW"],
            },
            "result": [_result(number, proficiency) for number, (_, proficiency) in enumerate(assessed, 1)],
        },
        "evidence": [
            {
                "id": "https://welding-institute.example/evidence/20251219-3",
                "type": ["Evidence"],
                "name": "Bend tests of 19 December 2025",
                "narrative": "Four of four coupons bent through 180 degrees without an open defect.",
                "genre": "Destructive test",
            }
        ],
    }


def _alignment(name: str, code: str, description: str) -> Document:
    return {
        "type": ["Alignment"],
        "targetName": name,
        "targetCode": code,
        "targetDescription": description,
        "targetFramework": "Example Welding Skills Framework",
        "targetType": "ceasn:Competency",
        "targetUrl": f"{_FRAMEWORK}/{code}",
    }


def _result_description(number: int, skill: Document, proficiency: str) -> Document:
    identifier = f"{_WELDING}/results/{number}"
    described: Document = {
        "id": identifier,
        "type": ["ResultDescription"],
        "name": skill["targetName"],
        "alignment": [skill],
    }
    if proficiency not in _LEVELS:
        return described | {"resultType": "Percent", "valueMin": "0", "valueMax": "100", "requiredValue": "70"}
    return described | {
        "resultType": "RubricCriterionLevel",
        "requiredLevel": f"{identifier}/levels/2",
        "rubricCriterionLevel": [
            {
                "id": f"{identifier}/levels/{rank}",
                "type": ["RubricCriterionLevel"],
                "name": level,
                "level": str(rank),
                "description": f"{level} by the framework's scale.",
            }
            for rank, level in enumerate(_LEVELS, 1)
        ],
    }


def _result(number: int, proficiency: str) -> Document:
    identifier = f"{_WELDING}/results/{number}"
    result: Document = {"type": ["Result"], "resultDescription": identifier}
    if proficiency in _LEVELS:
        return result | {"achievedLevel": f"{identifier}/levels/{_LEVELS.index(proficiency) + 1}"}
    return result | {"value": proficiency}


def presentation(holder: str, credentials: list[Document]) -> Document:
    """A presentation, VCDM 2.0, not signed yet."""
    return {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "holder": holder,
        "verifiableCredential": credentials,
    }


CLR_TERMS: Document = {"@vocab": "https://university.example/vocabulary#"}
LER_RS = "http://schema.hropenstandards.org/4.5/recruiting/json/LER-RSType.json"
LER_RS_TERMS: Document = {"@vocab": "http://schema.hropenstandards.org/recruiting/"}
WELDER_EMAIL = "mateo.fuentes@welder.example"


def endorsement(issuer: str) -> Document:
    """The board vouches for the welding certificate (Open Badges 3.0)."""
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": "https://board.example/endorsements/5",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Endorsement of a welding certificate",
        "issuer": {"id": issuer, "type": ["Profile"], "name": "Example State Board of Nursing"},
        "validFrom": VALID_FROM,
        "validUntil": VALID_UNTIL,
        "credentialSubject": {
            "id": _CERTIFICATE,
            "type": ["EndorsementSubject"],
            "endorsementComment": "Its holders keep our beds and lifts in one piece.",
        },
    }


def endorsed_certificate(
    issuer: str, holder: str, endorsements: list[Document], identity: Document
) -> Document:
    """The welding certificate with what others say of it, its recipient named by a salted hash as well."""
    certificate = welding_certificate(issuer, holder)
    certificate["credentialSubject"]["identifier"].append(identity)
    return certificate | {"endorsement": endorsements}


def learner_record(issuer: str, holder: str, held: list[Document]) -> Document:
    """A record that holds credentials, in the shape of a Comprehensive Learner Record 2.0."""
    return {
        "@context": [CREDENTIALS_V2, CLR_TERMS],
        "id": "https://university.example/records/77",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Learner record",
        "issuer": {"id": issuer, "name": "Example University"},
        "validFrom": VALID_FROM,
        "validUntil": VALID_UNTIL,
        "credentialSubject": {
            "id": holder,
            "type": "ClrSubject",
            "verifiableCredential": held,
            "association": [
                {
                    "type": "Association",
                    "associationType": "precedes",
                    "sourceId": held[0]["id"],
                    "targetId": held[1]["id"],
                }
            ],
        },
    }


def resume(holder: str, licence: Document) -> Document:
    """A résumé of the nurse's own making (LER-RS 4.5), with her licence attached to one line."""
    return {
        "@context": [CREDENTIALS_V2, LER_RS_TERMS],
        "id": "urn:uuid:2f0a7c52-6a52-4d2c-9a55-8c1e7d7f0b11",
        "type": ["VerifiableCredential", LER_RS],
        "name": "Résumé of Lucía Peña",
        "issuer": holder,
        "validFrom": VALID_FROM,
        "credentialSubject": {
            "id": holder,
            "type": LER_RS,
            "person": {"name": {"formattedName": "Lucía Peña"}},
            "employmentHistories": [
                {
                    "organization": {"tradeName": "Example General Hospital"},
                    "positionHistories": [{"title": "Charge nurse", "start": "2019-04-01"}],
                }
            ],
            "licenses": [{"name": "Registered Nurse", "verifications": [licence]}],
            "skills": [{"name": "Wound care"}],
        },
    }
