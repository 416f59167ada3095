"""A welding certificate as an Open Badge, and what a board says of it."""

from __future__ import annotations

from scripts.fixture_documents import CREDENTIALS_V2, VALID_FROM, VALID_UNTIL, Document

OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

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
