"""Whether a credential that vouches for a schema counts: by its own proof, dates, status and issuer."""

from __future__ import annotations

from node.verification.evidence import Evidence
from node.verification.policy import Question
from node.verification.proof import ProofChecker
from node.verification.refusals import Refused
from node.verification.secured import Secured, types_of
from node.verification.status import check_status
from node.verification.trust import check_trust
from node.verification.validity import check_validity
from node.verification.verdict import Check, CheckId, Outcome


def objection(
    proofs: ProofChecker, issuer: str, evidence: Evidence, question: Question, schema: Secured
) -> str | None:
    """Why a credential that vouches for a schema does not count for what `issuer` issued; None: it does."""
    try:
        proven = proofs.check(schema, evidence, question)
    except Refused as refused:
        return f"The credential that vouches for its schema is not proven: {refused.detail}"
    if proven.withheld:
        return "The credential that vouches for its schema is only shown in part."
    counted = [
        check_validity(schema.document, question),
        *check_status(schema.document, schema.controller, evidence, question),
    ]
    if schema.controller != issuer:
        types = types_of(schema.document)
        counted.append(check_trust(types, schema.controller, evidence.ledger, question))
    bad = next((one for one in counted if not _counts(one)), None)
    if bad is None:
        return None
    return f"The credential that vouches for its schema does not count: {bad.detail}"


def _counts(check: Check) -> bool:
    if check.id is CheckId.STATUS and check.outcome is Outcome.NOT_APPLICABLE:
        return True  # its issuer keeps no list for it
    return check.outcome is Outcome.PASSED
