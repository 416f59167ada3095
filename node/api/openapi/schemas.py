"""Schemas of answers, which the routes refer to by name. Pure data."""

from __future__ import annotations

from typing import Any

from node.verification.enclosed import Relation
from node.verification.verdict import Backing, CheckId, Decision, SkillStanding


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


_CHECK = {
    "type": "object",
    "required": ["id", "outcome", "reason", "detail", "checkedAt"],
    "properties": {
        "id": {"enum": [one.value for one in CheckId]},
        "outcome": {"enum": ["PASSED", "FAILED", "INDETERMINATE", "NOT_APPLICABLE", "SKIPPED"]},
        "reason": {"type": "string"},
        "detail": {"type": "string"},
        "checkedAt": {"type": "string", "format": "date-time"},
        "since": {"type": "string", "format": "date-time"},
        "member": {"type": "string", "description": "JSON pointer"},
        "source": {"type": "object"},
    },
}


def objects(**members: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object", "properties": members}}


_TEXT = {"type": "string"}
_MENTIONS = objects(type=_TEXT, name=_TEXT, detail=_TEXT, address=_TEXT)
_SUMMARY: dict[str, Any] = {
    "type": ["object", "null"],
    "description": "What was signed, where the proof holds; what it refers to is reported, never visited",
    "properties": {
        "title": _TEXT,
        "types": {"type": "array", "items": _TEXT},
        "subject": {"type": "object"},
        "issuer": {"type": "object"},
        "validFrom": _TEXT,
        "validUntil": _TEXT,
        "skills": objects(name=_TEXT, proficiency=_TEXT, framework=_TEXT),
        "description": _TEXT,
        "evidence": _MENTIONS,
        "termsOfUse": _MENTIONS,
        "refreshService": _MENTIONS,
        "associations": objects(type=_TEXT, source=_TEXT, target=_TEXT, resolved={"type": "boolean"}),
    },
}
_CREDENTIAL_VERDICT: dict[str, Any] = {
    "type": "object",
    "required": ["decision", "mechanism", "summary", "checks", "enclosed", "records"],
    "properties": {
        "decision": {"enum": [one.value for one in Decision]},
        "mechanism": _TEXT,
        "summary": _SUMMARY,
        "checks": {"type": "array", "items": ref("Check")},
        "enclosed": {
            "type": "array",
            "description": "The credentials inside it, each judged by itself; none where its own proof fails",
            "items": {
                "allOf": [
                    ref("CredentialVerdict"),
                    {
                        "type": "object",
                        "required": ["relation", "member"],
                        "properties": {
                            "relation": {"enum": [one.value for one in Relation]},
                            "member": {"type": "string", "description": "JSON pointer"},
                        },
                    },
                ]
            },
        },
        "records": {
            **objects(
                kind=_TEXT,
                title=_TEXT,
                detail=_TEXT,
                member=_TEXT,
                backing={"enum": [one.value for one in Backing]},
                backedBy={"type": "array", "items": _TEXT},
            ),
            "description": "The lines of a résumé: its writer's own words, never verified, at most backed",
        },
    },
}

_VERDICT: dict[str, Any] = {
    "type": "object",
    "required": ["verified", "decision", "checkedAt", "asOf", "policy", "checks", "credentials"],
    "properties": {
        "verified": {"type": "boolean", "description": "True only if the policy accepts and nothing failed"},
        "decision": {"enum": ["accept", "review", "reject", "indeterminate"]},
        "checkedAt": {"type": "string", "format": "date-time"},
        "asOf": {"type": ["object", "null"], "description": "How far the replica had come"},
        "policy": {"type": "string"},
        "checks": {"type": "array", "items": ref("Check")},
        "credentials": {"type": "array", "items": ref("CredentialVerdict")},
        "notes": {"type": "array", "items": {"type": "string"}},
        "skills": {
            **objects(
                name=_TEXT,
                standing={"enum": [one.value for one in SkillStanding]},
                proofs=objects(credential=_TEXT, proficiency=_TEXT, framework=_TEXT, decision=_TEXT),
            ),
            "description": "Of each skill asked for: proven by which credentials, or why not",
        },
        "receipt": {"type": ["object", "null"], "description": "Where one was asked for"},
        "receiptProblem": {"type": "string", "description": "Why there is no receipt"},
    },
}

_VCALM_VERDICT: dict[str, Any] = {
    **_VERDICT,
    "properties": {
        **_VERDICT["properties"],
        "problemDetails": {"type": "array", "items": {"type": "object"}},
        "results": {"type": "object"},
    },
}

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "reason": {"type": "string"},
        "member": {"type": "string"},
        "incident": {"type": "string"},
    },
    "example": {
        "type": "urn:goodstanding:problem:malformed-request",
        "title": "Bad Request",
        "status": 400,
        "detail": "A member is given twice in the same object.",
        "reason": "duplicate_member",
    },
}


COMPONENTS: dict[str, Any] = {
    "Check": _CHECK,
    "CredentialVerdict": _CREDENTIAL_VERDICT,
    "Verdict": _VERDICT,
    "VcalmVerdict": _VCALM_VERDICT,
    "Problem": _PROBLEM,
}
"""Schemas the routes refer to by name."""

PROBLEM = ref("Problem")
