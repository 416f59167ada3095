"""Of a credential shown in part: which checks stay open, as what they would have found may have been left out.

A holder who discloses selectively shows what the issuer made mandatory and whatever else they choose. What is
missing leaves no trace, so "there is none" cannot be told from "it was left out". Where that matters to a check
which found nothing wrong, it is not PASSED: it is INDETERMINATE, or where the policy does not require
disclosure NOT_APPLICABLE and worth a look. A check that FAILED on what is shown has failed, except for a
schema: what is missing from its form may only have been left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from node.verification.policy import Question
from node.verification.reasons import Reason
from node.verification.verdict import Check, CheckId, Outcome

# What each check rests on, and the sentence that says what may be missing of it.
_RESTS_ON = (
    (
        CheckId.VALIDITY,
        frozenset({"validFrom", "validUntil", "issuanceDate", "expirationDate"}),
        "It does not show all its dates: they may have been left out.",
    ),
    (
        CheckId.STATUS,
        frozenset({"credentialStatus"}),
        "Its issuer lets its status be left out: it may have been revoked without this showing.",
    ),
    (
        CheckId.TRUST,
        frozenset({"type"}),
        "Its issuer lets its types be left out: it may be of another kind than it seems.",
    ),
)
_FORM = "What its schema asks for and it does not show may have been left out."


def still_open(checks: Iterable[Check], withheld: frozenset[str], question: Question) -> Iterator[Check]:
    """The checks of a credential shown in part. `withheld`: members of which something may be missing."""
    checks = [_on_schema(check, question) for check in checks]
    for check_id, members, detail in _RESTS_ON:
        if missing := sorted(members & withheld):
            mine = [place for place, check in enumerate(checks) if check.id is check_id]
            found = [checks[place] for place in mine]
            if not any(check.outcome is Outcome.FAILED for check in found):
                kept = [check for check in found if check.outcome is Outcome.INDETERMINATE or check.source]
                opened = _open(check_id, detail, f"/{missing[0]}", question)
                checks[mine[0] : mine[-1] + 1] = [*kept, opened]
    yield from checks


def _on_schema(check: Check, question: Question) -> Check:
    if check.reason is Reason.SCHEMA_VIOLATION and check.source is not None:
        return _open(CheckId.SCHEMA, _FORM, check.member, question)
    return check


def _open(check_id: CheckId, detail: str, member: str, question: Question) -> Check:
    outcome = Outcome.INDETERMINATE if question.policy.require_disclosure else Outcome.NOT_APPLICABLE
    return Check(check_id, outcome, Reason.POSSIBLY_WITHHELD, detail, question.now, member)
