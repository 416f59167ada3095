"""Status lists as hosts on the web serve them: every member can be what no honest host would write."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from typing import Any

from node.crypto import base64url
from node.verification.proofs import jose
from node.verification.proofs.contexts import VCDM_1, VCDM_2
from tests.simulators.clock import SimulatedClock
from tests.simulators.issuer import SimulatedIssuer

WEB_LIST = "https://lists.example/status/1"
NOW = int(SimulatedClock().now)


def packed(values: Mapping[int, int], *, bits: int = 1, entries: int = 131_072, token: bool = False) -> bytes:
    """Each entry written bit by bit, as the specifications draw them: slowly, and in no other way."""
    made = bytearray((entries * bits + 7) // 8)
    for index, value in values.items():
        for place in range(bits):
            position = index * bits + place
            bit = value >> (place if token else bits - 1 - place) & 1
            made[position >> 3] |= bit << (position & 7 if token else 7 - (position & 7))
    return bytes(made)


def encoded(bits: bytes) -> str:
    return "u" + base64url.encode(gzip.compress(bits, mtime=0))


def list_credential(
    board: SimulatedIssuer, values: Mapping[int, int] | None = None, *, bits: int = 1, **members: Any
) -> dict[str, Any]:
    """An unsigned BitstringStatusListCredential. `members` with a `_`: of its subject."""
    inner = {name[1:]: value for name, value in members.items() if name.startswith("_")}
    outer = {name: value for name, value in members.items() if not name.startswith("_")}
    subject = {
        "id": f"{WEB_LIST}#list",
        "type": "BitstringStatusList",
        "statusPurpose": "revocation",
        "encodedList": encoded(packed(values or {}, bits=bits)),
    } | inner
    document = {
        "@context": [VCDM_2],
        "id": WEB_LIST,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": board.did,
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {name: value for name, value in subject.items() if value is not None},
    } | outer
    return {name: value for name, value in document.items() if value is not None}


def list_credential_2021(board: SimulatedIssuer, values: Mapping[int, int]) -> dict[str, Any]:
    document = list_credential(board)
    del document["validFrom"]
    return document | {
        "@context": [
            VCDM_1,
            "https://w3id.org/vc/status-list/2021/v1",
            "https://w3id.org/security/data-integrity/v2",
        ],
        "type": ["VerifiableCredential", "StatusList2021Credential"],
        "issuanceDate": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": f"{WEB_LIST}#list",
            "type": "StatusList2021",
            "statusPurpose": "revocation",
            "encodedList": encoded(packed(values))[1:],
        },
    }


def served(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document).encode()


def token_claims(values: Mapping[int, int] | None = None, *, bits: int = 1, **claims: Any) -> dict[str, Any]:
    lst = base64url.encode(zlib.compress(packed(values or {}, bits=bits, entries=1024, token=True)))
    found = {"sub": WEB_LIST, "iat": NOW - 100, "status_list": {"bits": bits, "lst": lst}} | claims
    return {name: value for name, value in found.items() if value is not None}


def list_token(board: SimulatedIssuer, claims: Mapping[str, Any], **header: Any) -> bytes:
    whole = {"alg": board.key.public.jose_alg, "typ": "statuslist+jwt", "kid": board.method} | header
    return jose.sign_compact({k: v for k, v in whole.items() if v is not None}, claims, board.key).encode()
