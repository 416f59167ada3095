"""What is described alike of several routes that read their bodies raw. Pure data."""

from __future__ import annotations

from typing import Any

from node.verification.given import MAX_IDENTIFIER_CHARS, MAX_IDENTIFIERS, MAX_RESOURCES, MAX_SKILLS_ASKED
from node.verification.plain_text import MAX_CHARS

DOCUMENT = {"anyOf": [{"type": "object"}, {"type": "string", "description": "A compact JWS or SD-JWT"}]}

AS_OF = {
    "type": "object",
    "description": "The moment the question is about; absent: now, as known now",
    "properties": {
        "block": {"type": "integer", "minimum": 0},
        "knownAt": {"type": "string", "format": "date-time"},
        "validAt": {"type": "string", "format": "date-time"},
    },
    "additionalProperties": False,
}


GIVEN: dict[str, Any] = {
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


def answers(status: int, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {str(status): {"description": description, "content": {"application/json": {"schema": schema}}}}


def asked(schema: dict[str, Any], examples: dict[str, Any], **more: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": schema, "examples": examples}, **more}
    return {"required": True, "content": content}


def options(**more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "policy": {"type": "string", "description": "Name of one of this node's policies"},
            "asOf": AS_OF,
            **GIVEN,
            **more,
        },
    }
