"""What holds of a status list on the web whatever its form: how large it may be, and who may sign it."""

from __future__ import annotations

from node.did.document import DidDocument
from node.verification.evidence import Evidence
from node.verification.proof import Proven
from node.verification.proofs.limits import Limits
from node.verification.reasons import Reason
from node.verification.refusals import Refused

LIMITS = Limits(max_bytes=4 << 20)
"""Of a list as served: 2 MiB of bits that GZIP cannot shorten take 2.8 MB of base64url."""


def check_signer(proven: Proven, issuer: str, evidence: Evidence) -> None:
    """DID Core §5.3: a relationship may name a method of another document. The ledger shows that the issuer
    did: for its status lists alone, as `KeyRule` lets nobody else sign credentials in its name."""
    if proven.controller == issuer:
        return
    document = evidence.documents.get(issuer)
    if (
        not isinstance(document, DidDocument)
        or document.source != "ledger"
        or document.deactivated
        or proven.method not in document.relationships.get("assertionMethod", ())
    ):
        raise Refused(
            Reason.STATUS_ISSUER_MISMATCH, "The status list is signed by someone else than the issuer."
        )


def seconds(value: object, per_second: int) -> float | None:
    """`ttl`, None where there is none. What is not a number of them is no word of it either, but 0: kept for
    as short as may be."""
    if value is None:
        return None
    return max(0.0, value / per_second) if type(value) in (int, float) else 0.0  # type: ignore[operator] # checked


def invalid(detail: str) -> Refused:
    """It is no status list, or not the one that was asked for."""
    return Refused(Reason.STATUS_LIST_INVALID, detail)
