"""The OpenAPI of the routes that issue and derive: schemas and examples by hand. Pure data."""

from __future__ import annotations

from node.api.openapi.bodies import answers, asked
from node.api.openapi.documents import CREDENTIAL
from node.issuing.credentials import CRYPTOSUITES, MECHANISMS

ISSUE = {
    "requestBody": asked(
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
    "responses": answers(
        201,
        "The secured credential",
        {"type": "object", "properties": {"verifiableCredential": {"type": "object"}}},
    ),
}

DERIVE = {
    "requestBody": asked(
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
    "responses": answers(
        201,
        "The derived credential",
        {"type": "object", "properties": {"verifiableCredential": {"type": "object"}}},
    ),
}
