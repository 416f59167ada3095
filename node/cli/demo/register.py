"""The example board's register of nursing licences, and the licence it issues. All of it is made up."""

from __future__ import annotations

import random
from typing import Any

SIZE = 1000
REVOKED_AT_FIRST = 37
LICENCE_TYPE = "NursingLicenceCredential"
_VOCABULARY = "https://board.example/vocabulary#"
_ADDED_TERMS = {
    name: f"{_VOCABULARY}{name}"
    for name in (LICENCE_TYPE, "NursingLicence", "licence", "licenceNumber", "licenceClass", "jurisdiction")
} | {
    "Person": "https://schema.org/Person",
    "givenName": "https://schema.org/givenName",
    "familyName": "https://schema.org/familyName",
}


def register_rows(in_good_standing: set[int]) -> list[tuple[int, str]]:
    """(entry index, status) of SIZE licences; the named ones are active."""
    dice = random.Random(1848)  # noqa: S311  made-up people, not secrets
    others = [index for index in range(SIZE) if index not in in_good_standing]
    revoked = set(dice.sample(others, REVOKED_AT_FIRST))
    return [(index, "revoked" if index in revoked else "active") for index in range(SIZE)]


def register_csv(rows: list[tuple[int, str]]) -> str:
    """As a board's register exports it every night."""
    lines = ["index,status,licence"]
    lines += [f"{index},{status},{licence_number(index)}" for index, status in rows]
    return "\n".join(lines) + "\n"


def licence_number(index: int) -> str:
    """The number printed on the licence."""
    return f"RN-{1_600_000 + index}"


def licence(
    *, given: str, family: str, holder: str, issuer: str, status_list: str, index: int
) -> dict[str, Any]:
    """An unsigned nursing licence (VCDM 2.0) with its entry in the status list."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2", _ADDED_TERMS],
        "type": ["VerifiableCredential", LICENCE_TYPE],
        "name": "Registered Nurse licence",
        "issuer": {"id": issuer, "name": "Example State Board of Nursing"},
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2099-12-31T23:59:59Z",
        "credentialSubject": {
            "id": holder,
            "type": "Person",
            "givenName": given,
            "familyName": family,
            "licence": {
                "type": "NursingLicence",
                "licenceNumber": licence_number(index),
                "licenceClass": "RN",
                "jurisdiction": "US-CO",
            },
        },
        "credentialStatus": {
            "id": f"{status_list}#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(index),
            "statusListCredential": status_list,
        },
    }
