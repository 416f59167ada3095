"""The OpenAPI of routes that read their bodies raw: schemas and examples by hand. Pure data."""

from __future__ import annotations

from typing import Any

from node.issuing.credentials import CRYPTOSUITES, MECHANISMS
from node.verification.enclosed import Relation
from node.verification.given import MAX_IDENTIFIER_CHARS, MAX_IDENTIFIERS, MAX_RESOURCES, MAX_SKILLS_ASKED
from node.verification.plain_text import MAX_CHARS
from node.verification.verdict import Backing, CheckId, Decision, SkillStanding

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

_DOCUMENT = {"anyOf": [{"type": "object"}, {"type": "string", "description": "A compact JWS or SD-JWT"}]}

_AS_OF = {
    "type": "object",
    "description": "The moment the question is about; absent: now, as known now",
    "properties": {
        "block": {"type": "integer", "minimum": 0},
        "knownAt": {"type": "string", "format": "date-time"},
        "validAt": {"type": "string", "format": "date-time"},
    },
    "additionalProperties": False,
}


_GIVEN: dict[str, Any] = {
    "identifiers": {
        "type": "array",
        "maxItems": MAX_IDENTIFIERS,
        "description": "What is known of the person, compared with the recipient's (salted) identifiers; "
        "never logged or repeated",
        "items": {
            "anyOf": [
                {"type": "string", "maxLength": MAX_IDENTIFIER_CHARS},
                {
                    "type": "object",
                    "required": ["value"],
                    "properties": {
                        "value": {"type": "string", "maxLength": MAX_IDENTIFIER_CHARS},
                        "type": {"type": "string", "examples": ["emailAddress", "studentId"]},
                    },
                },
            ]
        },
    },
    "resources": {
        "type": "object",
        "maxProperties": MAX_RESOURCES,
        "description": "Files the credential refers to (`relatedResource`), by address, in base64: "
        "compared with the hashes it states",
        "additionalProperties": {"type": "string", "contentEncoding": "base64"},
    },
    "skills": {
        "type": "array",
        "maxItems": MAX_SKILLS_ASKED,
        "description": "Names of skills that are looked for; the answer says of each what proves it",
        "items": {"type": "string", "maxLength": MAX_CHARS},
    },
}


def _ref(name: str) -> dict[str, Any]:
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


def _objects(**members: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object", "properties": members}}


_TEXT = {"type": "string"}
_MENTIONS = _objects(type=_TEXT, name=_TEXT, detail=_TEXT, address=_TEXT)
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
        "skills": _objects(name=_TEXT, proficiency=_TEXT, framework=_TEXT),
        "description": _TEXT,
        "evidence": _MENTIONS,
        "termsOfUse": _MENTIONS,
        "refreshService": _MENTIONS,
        "associations": _objects(type=_TEXT, source=_TEXT, target=_TEXT, resolved={"type": "boolean"}),
    },
}
_CREDENTIAL_VERDICT: dict[str, Any] = {
    "type": "object",
    "required": ["decision", "mechanism", "summary", "checks", "enclosed", "records"],
    "properties": {
        "decision": {"enum": [one.value for one in Decision]},
        "mechanism": _TEXT,
        "summary": _SUMMARY,
        "checks": {"type": "array", "items": _ref("Check")},
        "enclosed": {
            "type": "array",
            "description": "The credentials inside it, each judged by itself; none where its own proof fails",
            "items": {
                "allOf": [
                    _ref("CredentialVerdict"),
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
            **_objects(
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
        "checks": {"type": "array", "items": _ref("Check")},
        "credentials": {"type": "array", "items": _ref("CredentialVerdict")},
        "notes": {"type": "array", "items": {"type": "string"}},
        "skills": {
            **_objects(
                name=_TEXT,
                standing={"enum": [one.value for one in SkillStanding]},
                proofs=_objects(credential=_TEXT, proficiency=_TEXT, framework=_TEXT, decision=_TEXT),
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

PROBLEM = _ref("Problem")


def _answers(status: int, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {str(status): {"description": description, "content": {"application/json": {"schema": schema}}}}


def _asked(schema: dict[str, Any], examples: dict[str, Any], **more: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": schema, "examples": examples}, **more}
    return {"required": True, "content": content}


def _options(**more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "policy": {"type": "string", "description": "Name of one of this node's policies"},
            "asOf": _AS_OF,
            **_GIVEN,
            **more,
        },
    }


VERIFY_CREDENTIAL = {
    "requestBody": _asked(
        {
            "type": "object",
            "required": ["verifiableCredential"],
            "properties": {
                "verifiableCredential": _DOCUMENT,
                "options": _options(returnCredential={"type": "boolean"}),
            },
        },
        {
            "licence": {
                "summary": "A nursing licence",
                "value": {"verifiableCredential": SECURED, "options": {}},
            }
        },
    ),
    "responses": _answers(200, "The verdict: a credential that fails is an answer too", _ref("VcalmVerdict")),
}

VERIFY_PRESENTATION = {
    "requestBody": _asked(
        {
            "type": "object",
            "required": ["verifiablePresentation"],
            "properties": {
                "verifiablePresentation": _DOCUMENT,
                "options": _options(
                    challenge={"type": "string"},
                    domain={"type": "string"},
                    returnPresentation={"type": "boolean"},
                ),
            },
        },
        {
            "licence": {
                "summary": "A presentation of one licence, made for this request",
                "value": {
                    "verifiablePresentation": {
                        "@context": ["https://www.w3.org/ns/credentials/v2"],
                        "type": ["VerifiablePresentation"],
                        "holder": "did:example:holder",
                        "verifiableCredential": [SECURED],
                        "proof": {
                            "type": "DataIntegrityProof",
                            "challenge": "7c1d…",
                            "domain": "hospital.example",
                        },
                    },
                    "options": {"challenge": "7c1d…", "domain": "hospital.example"},
                },
            }
        },
    ),
    "responses": _answers(200, "The verdict: a presentation that fails is an answer too", _ref("VcalmVerdict")),
}

ISSUE = {
    "requestBody": _asked(
        {
            "type": "object",
            "required": ["credential"],
            "properties": {
                "credential": {"type": "object"},
                "options": {
                    "type": "object",
                    "properties": {
                        "mechanism": {"enum": list(MECHANISMS)},
                        "cryptosuite": {
                            "enum": list(CRYPTOSUITES),
                            "description": "another name for mechanism",
                        },
                        "mandatoryPointers": {
                            "type": "array",
                            "items": {"type": "string", "format": "json-pointer"},
                            "description": "ecdsa-sd-2023: what its holder always shows, beside its type, "
                            "issuer, dates and status",
                        },
                        "disclose": {
                            "type": "array",
                            "items": {"type": "string", "format": "json-pointer"},
                            "description": "dc+sd-jwt: what its holder may withhold",
                        },
                        "decoys": {
                            "type": "integer",
                            "minimum": 0,
                            "maximum": 100,
                            "description": "dc+sd-jwt: digests of nothing added in each place",
                        },
                        "holder": {
                            "anyOf": [{"type": "object"}, {"type": "string"}],
                            "description": "dc+sd-jwt: the public JWK or DID URL of its holder's key",
                        },
                    },
                },
            },
        },
        {
            "licence": {
                "summary": "A nursing licence",
                "value": {"credential": CREDENTIAL, "options": {"mechanism": "eddsa-rdfc-2022"}},
            }
        },
    ),
    "responses": _answers(
        201,
        "The secured credential",
        {"type": "object", "properties": {"verifiableCredential": {"type": "object"}}},
    ),
}

DERIVE = {
    "requestBody": _asked(
        {
            "type": "object",
            "required": ["verifiableCredential"],
            "properties": {
                "verifiableCredential": {
                    "type": "object",
                    "description": "with the proof its issuer made, of ecdsa-sd-2023",
                },
                "options": {
                    "type": "object",
                    "properties": {
                        "selectivePointers": {
                            "type": "array",
                            "items": {"type": "string", "format": "json-pointer"},
                            "description": "what is shown beside what is mandatory",
                        }
                    },
                },
            },
        },
        {
            "name": {
                "summary": "The name alone",
                "value": {
                    "verifiableCredential": CREDENTIAL,
                    "options": {"selectivePointers": ["/credentialSubject/name"]},
                },
            }
        },
    ),
    "responses": _answers(
        201,
        "The derived credential",
        {"type": "object", "properties": {"verifiableCredential": {"type": "object"}}},
    ),
}

VERIFICATION = {
    "requestBody": _asked(
        {
            "anyOf": [
                {"type": "object", "description": "The credential or presentation itself"},
                {
                    "type": "object",
                    "properties": {
                        "credential": _DOCUMENT,
                        "presentation": _DOCUMENT,
                        "policy": {"type": "string"},
                        "challenge": {"type": "string"},
                        "domain": {"type": "string"},
                        "asOf": _AS_OF,
                        **_GIVEN,
                        "receipt": {"type": "boolean", "description": "Whether to prove the verdict"},
                    },
                    "additionalProperties": False,
                },
            ]
        },
        {
            "itself": {"summary": "A credential as it was received", "value": SECURED},
            "asOf": {
                "summary": "Was it in force on 3 March, as known on 1 April?",
                "value": {
                    "credential": SECURED,
                    "asOf": {"validAt": "2026-03-03T00:00:00Z", "knownAt": "2026-04-01T00:00:00Z"},
                },
            },
        },
        **{"text/plain": {"schema": {"type": "string", "description": "A compact JWS or SD-JWT"}}},
    ),
    "responses": _answers(200, "The verdict: a credential that fails is an answer too", _ref("Verdict")),
}
