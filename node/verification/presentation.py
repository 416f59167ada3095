"""Step 1: what was presented, taken apart within limits. Nothing is believed yet.

It is JSON, a JSON string or a bare JWT, in one of the forms that accepted_forms.py lists.

A credential inside a presentation that cannot be read is kept as the reason why: it hides none of the others.
Credentials inside credentials are read too (enclosed.py says where they stand), so many and so deep.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from node.verification.accepted_forms import read
from node.verification.enclosed import encloses_any, places
from node.verification.proofs import strict_json
from node.verification.proofs.limits import DEFAULT_LIMITS, Limits
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.secured import Enclosed, Kind, Parsed, Secured

MAX_CREDENTIALS = 100  # in a presentation, those inside others included
MAX_ENCLOSURE = 4  # credentials inside one another, below the outermost

_CHARS_PER_MEMBER = 40


def parse(
    raw: bytes | str | dict[str, Any],
    *,
    limits: Limits = DEFAULT_LIMITS,
    max_credentials: int = MAX_CREDENTIALS,
) -> Parsed:
    """`raw`: as presented, or an object `strict_json` has read. Raises Refused where nothing could be read."""
    value, size = _value(raw, limits)
    secured = read(value, limits)
    if secured.kind is Kind.CREDENTIAL:
        secured = _with_enclosed(secured, limits, _Budget(max_credentials - 1))
        return Parsed(Kind.CREDENTIAL, None, (secured,), raw, size)
    presented = secured.document.get("verifiableCredential")
    held = presented if isinstance(presented, list) else [] if presented is None else [presented]
    if not held:
        raise Refused(
            Reason.EMPTY_PRESENTATION, "The presentation holds no credential.", "/verifiableCredential"
        )
    if len(held) > max_credentials:
        raise Refused(
            Reason.TOO_MANY_CREDENTIALS,
            f"The presentation holds more than {max_credentials} credentials.",
            "/verifiableCredential",
        )
    budget = _Budget(max_credentials - len(held))
    credentials = tuple(
        _read_held(one, limits, budget, f"/verifiableCredential/{i}") for i, one in enumerate(held)
    )
    return Parsed(Kind.PRESENTATION, secured, credentials, raw, size)


def _value(raw: bytes | str | dict[str, Any], limits: Limits) -> tuple[object, int]:
    """The JSON that was presented, and its size; a bare JWT counts as a JSON string."""
    if isinstance(raw, dict):
        return raw, _CHARS_PER_MEMBER * strict_json.bound(raw, limits)
    if len(raw) > limits.max_bytes:
        raise Refused(Reason.TOO_LARGE, f"It is larger than {limits.max_bytes} bytes.")
    text = (raw if isinstance(raw, str) else raw.decode("latin-1")).strip()  # a JWT is ASCII
    value = text if text.startswith("eyJ") else strict_json.parse(raw, limits)  # eyJ: {" of a JOSE header
    return value, len(raw)


class _Budget:
    """How many more credentials may be read."""

    def __init__(self, left: int) -> None:
        self.left = left


def _with_enclosed(secured: Secured, limits: Limits, budget: _Budget, depth: int = 0) -> Secured:
    """With the credentials inside it read as well. Where they are too many, the first too many says so."""
    if not encloses_any(secured.document):
        return secured
    found: list[Enclosed] = []
    for place in places(secured.document):
        left_out = _left_out(place.member, budget, depth)
        if left_out is not None:
            found.append(Enclosed(place.relation, place.member, place.about, left_out))
            break
        budget.left -= 1
        credential = _read_held(place.value, limits, budget, place.member, depth + 1)
        found.append(Enclosed(place.relation, place.member, place.about, credential))
    return replace(secured, enclosed=tuple(found)) if found else secured


def _left_out(member: str, budget: _Budget, depth: int) -> Refused | None:
    if depth == MAX_ENCLOSURE:
        detail = f"It lies inside more than {MAX_ENCLOSURE} other credentials, and is not looked at."
        return Refused(Reason.TOO_DEEP, detail, member)
    if not budget.left:
        detail = "So many credentials are not looked at together: this one and those after it are left out."
        return Refused(Reason.TOO_MANY_CREDENTIALS, detail, member)
    return None


def _read_held(
    value: object, limits: Limits, budget: _Budget, member: str, depth: int = 0
) -> Secured | Refused:
    try:
        secured = read(value, limits)
    except Refused as refused:
        return Refused(refused.reason, refused.detail, member + refused.member)
    if secured.kind is not Kind.CREDENTIAL:
        return Refused(
            Reason.MALFORMED_CREDENTIAL, "A presentation is not accepted where a credential belongs.", member
        )
    return _with_enclosed(secured, limits, budget, depth)
