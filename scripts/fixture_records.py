"""What holds credentials: a learner record, and a résumé."""

from __future__ import annotations

from scripts.fixture_documents import CREDENTIALS_V2, VALID_FROM, VALID_UNTIL, Document

CLR_TERMS: Document = {"@vocab": "https://university.example/vocabulary#"}
LER_RS = "http://schema.hropenstandards.org/4.5/recruiting/json/LER-RSType.json"
LER_RS_TERMS: Document = {"@vocab": "http://schema.hropenstandards.org/recruiting/"}


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
