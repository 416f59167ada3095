"""Step 4: the dates the credential bears, against the one moment asked about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from node.verification.dates import readable, unix_time
from node.verification.policy import Question
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.verdict import Check, CheckId, Outcome, passed

# VCDM 2.0 §4.9 and VCDM 1.1 §4.5, §4.6; the 1.1 context defines the newer names too.
_FROM = ("validFrom", "issuanceDate")
_UNTIL = ("validUntil", "expirationDate")


def check_validity(credential: Mapping[str, Any], question: Question) -> Check:
    """Both ends count as valid, and the policy's clock skew is allowed at either."""
    now, moment, skew = question.now, question.moment, question.policy.clock_skew
    try:
        starts = [(unix_time(credential[name], f"/{name}"), name) for name in _FROM if name in credential]
        ends = [(unix_time(credential[name], f"/{name}"), name) for name in _UNTIL if name in credential]
    except Refused as refused:
        return Check(CheckId.VALIDITY, Outcome.FAILED, refused.reason, refused.detail, now, refused.member)
    if starts and (start := max(starts))[0] - skew > moment:
        detail = f"Not valid yet: valid from {readable(start[0])}."
        return Check(CheckId.VALIDITY, Outcome.FAILED, Reason.NOT_YET_VALID, detail, now, f"/{start[1]}")
    if ends and (end := min(ends))[0] + skew < moment:
        detail = f"Expired on {readable(end[0])}."
        return Check(CheckId.VALIDITY, Outcome.FAILED, Reason.EXPIRED, detail, now, f"/{end[1]}", since=end[0])
    detail = f"Valid until {readable(min(ends)[0])}." if ends else "Valid, without an end date."
    return passed(CheckId.VALIDITY, detail, now)
