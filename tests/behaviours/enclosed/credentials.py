"""Badges with endorsements and records that hold credentials."""

from __future__ import annotations

import json
from typing import Any

from node.crypto import base64url
from node.verification.proofs import jose
from node.verification.proofs.contexts import VCDM_2
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, CredentialVerdict, EnclosedVerdict, Outcome, Verdict
from tests.simulators.issuer import SimulatedIssuer

OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CLR = {"@vocab": "https://college.example/vocabulary#"}
GUILD_LIST = "https://guild.example/status-lists/1"
NURSE = "did:example:nurse"
TYPES = ("NursingLicenceCredential", "OpenBadgeCredential", "EndorsementCredential", "ClrCredential")

GUILD = SimulatedIssuer("guild")
ACHIEVEMENT = "urn:uuid:11111111-0000-4000-8000-000000000001"
BADGE = "urn:uuid:11111111-0000-4000-8000-000000000002"


def endorsement(of: str = BADGE, issuer: SimulatedIssuer = GUILD, **members: Any) -> dict[str, Any]:
    """Unsigned."""
    return {
        "@context": [VCDM_2, OPEN_BADGES],
        "id": "urn:uuid:22222222-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Endorsement",
        "issuer": {"id": issuer.did, "type": ["Profile"], "name": "Example Guild"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": of,
            "type": ["EndorsementSubject"],
            "endorsementComment": "Carefully examined.",
        },
        **members,
    }


def badge(
    board: SimulatedIssuer, *endorsements: Any, of_achievement: Any = (), **members: Any
) -> dict[str, Any]:
    """Unsigned."""
    document = {
        "@context": [VCDM_2, OPEN_BADGES],
        "id": BADGE,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Wound care",
        "issuer": {"id": board.did, "type": ["Profile"], "name": "Example Board"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": NURSE,
            "type": ["AchievementSubject"],
            "achievement": {
                "id": ACHIEVEMENT,
                "type": ["Achievement"],
                "name": "Wound care",
                "description": "Dresses wounds.",
                "criteria": {"narrative": "An examination."},
            },
        },
        **members,
    }
    if endorsements:
        document["endorsement"] = list(endorsements)
    if of_achievement:
        document["credentialSubject"]["achievement"]["endorsement"] = list(of_achievement)
    return document


def record(board: SimulatedIssuer, *held: Any, subject: str = NURSE) -> dict[str, Any]:
    """An unsigned learner record (CLR 2.0), in a vocabulary of its own."""
    return {
        "@context": [VCDM_2, CLR],
        "id": "urn:uuid:33333333-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Transcript",
        "issuer": board.did,
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": subject, "type": "ClrSubject", "verifiableCredential": list(held)},
    }


def jwt(document: dict[str, Any], issuer: SimulatedIssuer) -> str:
    return jose.sign(document, key=issuer.key, kid=issuer.method, typ="vc+jwt")


def carelessly(document: dict[str, Any], issuer: SimulatedIssuer) -> str:
    """A token by an issuer that signs whatever it is given."""
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": issuer.method}
    signed = ".".join(base64url.encode(json.dumps(part).encode()) for part in (header, document))
    return f"{signed}.{base64url.encode(issuer.key.sign(signed.encode()))}"


def inside(verdict: Verdict) -> tuple[EnclosedVerdict, ...]:
    (one,) = verdict.credentials
    return one.enclosed


def reason_of(one: CredentialVerdict, check_id: CheckId) -> tuple[Outcome, Reason]:
    return next((check.outcome, check.reason) for check in one.checks if check.id is check_id)
