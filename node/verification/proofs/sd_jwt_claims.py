"""The claims of an SD-JWT VC in VCDM's terms, so that one pipeline judges every credential.

| claim | member |
| --- | --- |
| `vct` | `type`, after `VerifiableCredential` |
| `iss` | `issuer` |
| `nbf`, `exp` | `validFrom`, `validUntil` |
| `status` | `credentialStatus` |
| `sub` | `credentialSubject.id` |
| all that is not registered | `credentialSubject` |

Nothing of `credentialSubject` is read as anything else, so no claim can stand in for a registered one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from node.verification.dates import written
from node.verification.proofs.jwt_claims import Times
from node.verification.reasons import Reason
from node.verification.refusals import Refused

TOKEN_STATUS_ENTRY = "status_list"  # noqa: S105 -- the name of a method, not a secret
MAX_TYPE_CHARS = 2048

# SD-JWT VC §3.2.2.2: "MUST NOT be selectively disclosed"; `credentialStatus` for those who mix the two worlds.
PLAIN = frozenset({"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "credentialStatus"})
# What the pipeline reads of a credential of VCDM 2.0 secured as SD-JWT (VC-JOSE-COSE §3.2), and its JWT claims.
PLAIN_VCDM = PLAIN | {
    *("@context", "type", "issuer", "validFrom", "validUntil", "credentialSchema"),
    *("issuanceDate", "expirationDate"),
}

# What is read of a presentation.
PLAIN_PRESENTATION = frozenset(
    {"@context", "type", "holder", "verifiableCredential", "iss", "aud", "nonce", "iat", "nbf", "exp"}
)

_REGISTERED = frozenset({*PLAIN, "iat", "sub", "jti", "aud", "nonce"})


def document_of(claims: Mapping[str, Any], times: Times) -> dict[str, Any]:
    """Raises Refused(MALFORMED_CREDENTIAL)."""
    vct, issuer, subject_id = claims.get("vct"), claims.get("iss"), claims.get("sub")
    if type(vct) is not str or not 0 < len(vct) <= MAX_TYPE_CHARS:
        raise Refused(Reason.MALFORMED_CREDENTIAL, "It does not say what kind of credential it is.", "/vct")
    if type(claims.get("vct#integrity", "")) is not str:
        raise Refused(Reason.MALFORMED_CREDENTIAL, "`vct#integrity` is not a text.", "/vct#integrity")
    if type(issuer) is not str or not issuer:
        raise Refused(Reason.MALFORMED_CREDENTIAL, "It names no issuer.", "/iss")
    if subject_id is not None and type(subject_id) is not str:
        raise Refused(Reason.MALFORMED_CREDENTIAL, "`sub` is not a text.", "/sub")
    subject = {name: value for name, value in claims.items() if name not in _REGISTERED}
    if subject_id is not None:
        subject["id"] = subject_id
    document: dict[str, Any] = {
        "type": ["VerifiableCredential", vct],
        "issuer": issuer,
        "credentialSubject": subject,
    }
    if "vct#integrity" in claims:
        document["vct#integrity"] = claims["vct#integrity"]
    if times.not_before is not None:
        document["validFrom"] = written(times.not_before)
    if times.expires is not None:
        document["validUntil"] = written(times.expires)
    entries = _status_entries(claims)
    if entries:
        document["credentialStatus"] = entries
    return document


def _status_entries(claims: Mapping[str, Any]) -> list[Any]:
    """Token Status List §6: `status` has a member for each method. One that is not known is not passed over."""
    own = claims.get("credentialStatus")
    entries = list(own) if type(own) is list else [] if own is None else [own]
    if "status" not in claims:
        return entries
    status = claims["status"]
    if type(status) is not dict or not status:
        return [*entries, {"type": "unknown"}]
    return [*entries, *(_status_entry(name, value) for name, value in status.items())]


def _status_entry(method: str, reference: Any) -> dict[str, Any]:
    if method != "status_list":
        return {"type": method}
    stated = reference if type(reference) is dict else {}
    index = stated.get("idx")
    return {
        "type": TOKEN_STATUS_ENTRY,
        "statusListCredential": stated.get("uri"),
        "statusListIndex": str(index) if type(index) is int else None,
    }
