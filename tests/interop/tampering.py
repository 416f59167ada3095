"""Tampered twins: each differs from a genuine, signed document in one thing somebody would like to change."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

Document = dict[str, Any]
_Edit = Callable[[Document], None]


def _forge_claim(credential: Document) -> None:
    subject = credential["credentialSubject"]
    claims = subject.get("licence") or subject.get("degree") or subject["achievement"]
    member = next(name for name in ("licenceNumber", "classification", "name") if name in claims)
    claims[member] += " forged"


def _raise_level(credential: Document) -> None:
    result = credential["credentialSubject"]["result"][1]
    result["achievedLevel"] = result["achievedLevel"].replace("/levels/2", "/levels/3")


def _flip_signature(document: Document) -> None:
    value = document["proof"]["proofValue"]
    document["proof"]["proofValue"] = value[:-1] + ("2" if value[-1] != "2" else "3")


def _rename_term(credential: Document) -> None:
    credential["@context"][-1]["licenceNumber"] += "X"


_CREDENTIAL_EDITS: dict[str, _Edit] = {
    "claim forged": _forge_claim,
    "other subject": lambda c: c["credentialSubject"].update(
        id="did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
    ),
    "valid for longer": lambda c: c.update(
        {"expirationDate" if "expirationDate" in c else "validUntil": "2150-01-01T00:00:00Z"}
    ),
    "other issuer": lambda c: c.update(issuer="did:web:elsewhere.example"),
    "other type": lambda c: c["type"].append("https://board.example/vocabulary#Administrator"),
    "member added": lambda c: c["credentialSubject"].update({"https://schema.org/jobTitle": "Surgeon"}),
    "proof dated anew": lambda c: c["proof"].update(created="2026-02-01T00:00:00Z"),
    "signature flipped": _flip_signature,
}


def tampered_credentials(credential: Document) -> Iterator[tuple[str, Document]]:
    """What was changed, and the twin."""
    edits = dict(_CREDENTIAL_EDITS)
    if "credentialStatus" in credential:
        edits["status dropped"] = lambda c: c.pop("credentialStatus")
        edits["status moved"] = lambda c: c["credentialStatus"].update(statusListIndex="7")
    if "result" in credential["credentialSubject"]:
        edits["level raised"] = _raise_level
    if "licenceNumber" in json.dumps(credential["@context"]):
        edits["term renamed"] = _rename_term
    for name, edit in edits.items():
        yield name, _edited(credential, edit)


def tampered_presentations(presentation: Document) -> Iterator[tuple[str, Document]]:
    """What was changed, and the twin."""
    for name, twin in tampered_credentials(presentation["verifiableCredential"][-1]):
        yield (
            f"last credential: {name}",
            presentation | {"verifiableCredential": [*presentation["verifiableCredential"][:-1], twin]},
        )
    yield "other challenge", _edited(presentation, lambda p: p["proof"].update(challenge="replayed"))
    yield "other domain", _edited(presentation, lambda p: p["proof"].update(domain="https://elsewhere.example"))
    yield "other holder", presentation | {"holder": "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"}
    yield "signature flipped", _edited(presentation, _flip_signature)


def tampered_jwts(compact: str) -> Iterator[tuple[str, str]]:
    """What was changed, and the twin."""
    header, payload, signature = compact.split(".")
    claims = json.loads(_decoded(payload))
    credential = claims.get("vc", claims)
    _forge_claim(credential)
    yield "claim forged", f"{header}.{_encoded(claims)}.{signature}"
    yield "signature flipped", f"{header}.{payload}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
    unsecured = json.loads(_decoded(header)) | {"alg": "none"}
    yield "algorithm none", f"{_encoded(unsecured)}.{payload}."


def _edited(document: Document, edit: Callable[[Document], object]) -> Document:
    twin = copy.deepcopy(document)
    edit(twin)
    return twin


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _encoded(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
