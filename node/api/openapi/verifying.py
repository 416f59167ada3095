"""The OpenAPI of the routes that verify: schemas and examples by hand. Pure data."""

from __future__ import annotations

from node.api.openapi.bodies import AS_OF, DOCUMENT, GIVEN, answers, asked, options
from node.api.openapi.documents import SECURED
from node.api.openapi.schemas import ref

VERIFY_CREDENTIAL = {
    "requestBody": asked(
        {
            "type": "object",
            "required": ["verifiableCredential"],
            "properties": {
                "verifiableCredential": DOCUMENT,
                "options": options(returnCredential={"type": "boolean"}),
            },
        },
        {
            "licence": {
                "summary": "A nursing licence",
                "value": {"verifiableCredential": SECURED, "options": {}},
            }
        },
    ),
    "responses": answers(200, "The verdict: a credential that fails is an answer too", ref("VcalmVerdict")),
}

VERIFY_PRESENTATION = {
    "requestBody": asked(
        {
            "type": "object",
            "required": ["verifiablePresentation"],
            "properties": {
                "verifiablePresentation": DOCUMENT,
                "options": options(
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
    "responses": answers(200, "The verdict: a presentation that fails is an answer too", ref("VcalmVerdict")),
}

VERIFICATION = {
    "requestBody": asked(
        {
            "anyOf": [
                {"type": "object", "description": "The credential or presentation itself"},
                {
                    "type": "object",
                    "properties": {
                        "credential": DOCUMENT,
                        "presentation": DOCUMENT,
                        "policy": {"type": "string"},
                        "challenge": {"type": "string"},
                        "domain": {"type": "string"},
                        "asOf": AS_OF,
                        **GIVEN,
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
    "responses": answers(200, "The verdict: a credential that fails is an answer too", ref("Verdict")),
}
