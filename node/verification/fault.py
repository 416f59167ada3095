"""Where, in what was presented, the member at fault stands.

The steps speak of a credential in VCDM's terms, whatever secures it. Whoever has to mend a token looks for its
claims: those of an SD-JWT VC are renamed here, and a JWT has no `proof`.
"""

from __future__ import annotations

from collections.abc import Iterable

from node.verification.secured import Secured
from node.verification.verdict import Check, CheckId, Outcome

_AT_FAULT = (Outcome.FAILED, Outcome.INDETERMINATE)
# See sd_jwt_claims.py, which maps them.
_CLAIMS = (
    ("/validFrom", "/nbf"),
    ("/validUntil", "/exp"),
    ("/issuer", "/iss"),
    ("/type", "/vct"),
    ("/credentialStatus", "/status"),
    ("/credentialSubject/id", "/sub"),
    ("/credentialSubject", ""),
)


def in_place(checks: Iterable[Check], secured: Secured) -> tuple[Check, ...]:
    """The checks, those that found a fault with a pointer into what was presented."""
    return tuple(
        check if check.outcome not in _AT_FAULT else check._replace(member=pointer(check, secured))
        for check in checks
    )


def pointer(check: Check, secured: Secured) -> str:
    """JSON pointer; empty: the document or the token as a whole."""
    if secured.token is None and secured.sd_jwt is None:
        return check.member or ("/proof" if check.id is CheckId.PROOF and secured.has_proof else "")
    if check.member.startswith("/proof"):
        return ""
    if secured.sd_jwt is not None and not secured.sd_jwt.of_vcdm:
        return _claim(check.member)
    return check.member


def _claim(member: str) -> str:
    for ours, theirs in _CLAIMS:
        if member == ours or member.startswith(f"{ours}/"):
            return theirs + member[len(ours) :]
    return member
