"""Who signs in tests, and credentials worth signing."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from node.crypto.public_keys import KeyType, PublicKey
from node.crypto.signing import SigningKey
from node.did.document import VerificationMethod
from node.verification.reasons import Reason
from node.verification.refusals import Refused

FIXTURES = Path(__file__).parent.parent / "fixtures"
NOW = 1_800_000_000  # 2027-01-15T08:00:00Z
BOARD_TERMS = "https://board.example/vocabulary#"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
VCDM_2 = "https://www.w3.org/ns/credentials/v2"
VCDM_1 = "https://www.w3.org/2018/credentials/v1"


class Signer:
    """A did:key that signs."""

    def __init__(self, seed: int = 1, type_: KeyType = KeyType.ED25519) -> None:
        self.key = SigningKey.from_bytes(type_, bytes([seed]) * (48 if type_ is KeyType.P384 else 32))
        multikey = self.key.public.to_multikey()
        self.did = f"did:key:{multikey}"
        self.method = f"{self.did}#{multikey}"


def resolve_did_key(method: str) -> VerificationMethod:
    """The method of a did:key, admitted for every purpose; did:web:board.example has its fixture key."""
    did = method.partition("#")[0]
    if did == "did:web:board.example":
        keys = json.loads((FIXTURES / "keys.json").read_text())
        return VerificationMethod(method, did, PublicKey.from_multikey(keys["board"]["publicKeyMultibase"]))
    return VerificationMethod(method, did, PublicKey.from_multikey(did.removeprefix("did:key:")))


def only(*signers: Signer) -> Callable[[str], VerificationMethod]:
    """A resolver that admits the keys of some alone."""

    def resolve(method: str) -> VerificationMethod:
        if method not in {signer.method for signer in signers}:
            raise Refused(Reason.ISSUER_MISMATCH, "Not the issuer's key.")
        return resolve_did_key(method)

    return resolve


def fixture(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FIXTURES / name).read_text())
    return document


def licence(issuer: str, **changes: Any) -> dict[str, Any]:
    """A nursing licence of VCDM 2.0 with an inline context and a status entry."""
    document: dict[str, Any] = {
        "@context": [
            VCDM_2,
            {
                "NursingLicenceCredential": BOARD_TERMS + "NursingLicenceCredential",
                "licence": BOARD_TERMS + "licence",
                "givenName": "https://schema.org/givenName",
                "NursingLicence": {
                    "@id": BOARD_TERMS + "NursingLicence",
                    "@context": {
                        "licenceNumber": BOARD_TERMS + "licenceNumber",
                        "firstIssued": {
                            "@id": BOARD_TERMS + "firstIssued",
                            "@type": "http://www.w3.org/2001/XMLSchema#date",
                        },
                        "authority": {"@id": BOARD_TERMS + "authority", "@type": "@id"},
                        "hours": BOARD_TERMS + "hours",
                        "multistate": BOARD_TERMS + "multistate",
                        "specialties": {"@id": BOARD_TERMS + "specialties", "@container": "@set"},
                        "ranked": {"@id": BOARD_TERMS + "ranked", "@container": "@list"},
                        "raw": {"@id": BOARD_TERMS + "raw", "@type": "@json"},
                    },
                },
            },
        ],
        "id": "urn:uuid:3f2c9d8e-5b7a-4c61-9a0e-000000000001",
        "type": ["VerifiableCredential", "NursingLicenceCredential"],
        "issuer": {"id": issuer, "name": "Example State Board of Nursing"},
        "validFrom": "2026-01-15T00:00:00Z",
        "validUntil": "2029-01-31T23:59:59Z",
        "credentialSubject": {
            "id": "did:example:nurse",
            "givenName": 'Siobhán "Shiv"\n',
            "licence": {
                "type": "NursingLicence",
                "licenceNumber": "RN-4821093",
                "firstIssued": "2014-06-02",
                "authority": "https://board.example/",
                "hours": 1820.5,
                "multistate": True,
                "specialties": ["critical care", "perioperative"],
                "ranked": ["first", "second"],
                "raw": {"b": [1, 2.5], "a": None},
            },
        },
        "credentialStatus": {
            "id": "https://board.example/status/3#94567",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "94567",
            "statusListCredential": "https://board.example/status/3",
        },
    }
    return copy.deepcopy({**document, **changes})


def presentation(holder: str, *credentials: Any) -> dict[str, Any]:
    return {
        "@context": [VCDM_2],
        "type": ["VerifiablePresentation"],
        "holder": holder,
        "verifiableCredential": list(credentials),
    }
