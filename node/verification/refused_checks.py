"""A refusal as a check, and the checks that are not made because of it."""

from __future__ import annotations

from node.verification.proof import UNDECIDED, Undecided
from node.verification.refusals import Refused
from node.verification.verdict import Check, CheckId, Outcome


def refusal(check_id: CheckId, refused: Refused, now: int) -> Check:
    """A refusal as a check: FAILED, or INDETERMINATE where it says only that the check could not be made."""
    open_ = isinstance(refused, Undecided) or refused.reason in UNDECIDED
    outcome = Outcome.INDETERMINATE if open_ else Outcome.FAILED
    return Check(check_id, outcome, refused.reason, refused.detail, now, refused.member)


def skipped(check_id: CheckId, because: Check) -> Check:
    """Of a credential or presentation that could not be read, or whose proof does not hold."""
    what = "it could not be read" if because.id is CheckId.PARSE else "its signature could not be relied on"
    return Check(check_id, Outcome.SKIPPED, because.reason, f"Not looked at: {what}.", because.checked_at)
