"""Why there is no document for a DID: each reason in the words that verdicts and resolution give it."""

from __future__ import annotations

from node.verification.evidence import Unresolved
from node.verification.reasons import Reason


def invalid(did: str, detail: str) -> Unresolved:
    """The DID itself cannot be used."""
    return Unresolved(
        did[:128],
        Reason.DID_UNRESOLVABLE,
        f"The issuer's identifier cannot be used: {detail}.",
        definite=True,
        error="INVALID_DID",
    )


def malformed(did: str, detail: str) -> Unresolved:
    """There is a document, and it cannot be read."""
    return Unresolved(
        did,
        Reason.DID_UNRESOLVABLE,
        f"The document with the issuer's keys cannot be read: {detail}.",
        definite=True,
        error="INVALID_DID_DOCUMENT",
    )


def deactivated(did: str) -> Unresolved:
    """There was one, and its controller has ended it."""
    return Unresolved(did, Reason.DID_DEACTIVATED, "The issuer has withdrawn its identifier.", definite=True)


def unsupported(did: str, detail: str) -> Unresolved:
    """Nobody here knows the method."""
    return Unresolved(did, Reason.DID_METHOD_UNSUPPORTED, detail, definite=True, error="METHOD_NOT_SUPPORTED")


def no_such_version(did: str, detail: str) -> Unresolved:
    """There are others."""
    return Unresolved(
        did, Reason.DID_UNRESOLVABLE, f"There is no such version of the issuer's keys: {detail}.", definite=True
    )


def not_now(did: str, detail: str) -> Unresolved:
    """It may be there: ask again later."""
    return Unresolved(
        did,
        Reason.DID_UNRESOLVABLE,
        f"The issuer's keys could not be looked up just now: {detail}.",
        definite=False,
        error="INTERNAL_ERROR",
    )
