"""Verified licences, as verification would have found them."""

from __future__ import annotations

from typing import Any

from node.verification.verdict import CredentialVerdict, Decision, Verdict

BOARD = "did:web:board.example"
REVOCATIONS = "https://board.example/status-lists/revocation"
SUSPENSIONS = "https://board.example/status-lists/suspension"


def licence(index: int, name: str = "Ada Okafor", **members: Any) -> dict[str, Any]:
    entry = {"type": "BitstringStatusListEntry", "statusListIndex": str(index)}
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential", "LicenceCredential"],
        "issuer": {"id": BOARD, "name": "Board of Nursing"},
        "validUntil": "2031-01-01T00:00:00Z",
        "credentialSubject": {"id": f"did:example:{index}", "name": name},
        "credentialStatus": [
            entry | {"statusListCredential": REVOCATIONS, "statusPurpose": "revocation"},
            entry | {"statusListCredential": SUSPENSIONS, "statusPurpose": "suspension"},
        ],
        "proof": {"type": "DataIntegrityProof", "proofValue": f"z{index}"},
    } | members


def verified(index: int, decision: Decision = Decision.ACCEPT, **members: Any) -> CredentialVerdict:
    return CredentialVerdict(decision, (), None, licence(index, **members), "eddsa-jcs-2022")


def verdict(decision: Decision) -> Verdict:
    return Verdict(decision, (), (), 0, None)
