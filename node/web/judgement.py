"""What stands over an answer: a heading, one sentence more, and how the page is coloured. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from node.verification.dates import readable, readable_day
from node.verification.reasons import Reason
from node.verification.verdict import Check, CheckId, Decision, Outcome, Summary, Verdict
from node.web import wording
from node.web.claims import shown
from node.web.dates import written_date

_GRAVEST_FIRST = (
    CheckId.PARSE,
    CheckId.PROOF,
    CheckId.STATUS,
    CheckId.VALIDITY,
    CheckId.TRUST,
    CheckId.HOLDER,
    CheckId.SCHEMA,
    CheckId.RECIPIENT,
    CheckId.RESOURCES,
    CheckId.POLICY,
    CheckId.BELONGING,
    CheckId.CONTENTS,
)


class Tone(StrEnum):
    """How the page is coloured, beside the words and the sign that say the same."""

    GOOD = "good"
    BAD = "bad"
    CAUTION = "caution"
    UNKNOWN = "unknown"


UNREMARKABLE = frozenset({Reason.OK, Reason.NOT_APPLICABLE, Reason.SKIPPED_BY_POLICY})

_TONE_OF_DECISION = {
    Decision.ACCEPT: Tone.GOOD,
    Decision.REJECT: Tone.BAD,
    Decision.REVIEW: Tone.CAUTION,
    Decision.INDETERMINATE: Tone.UNKNOWN,
}


def _gravest(checks: Sequence[Check], outcome: Outcome) -> Check | None:
    found = [check for check in checks if check.outcome is outcome]
    return min(found, key=lambda check: _GRAVEST_FIRST.index(check.id), default=None)


def judgement(
    decision: Decision, checks: Sequence[Check], summary: Summary | None, *, whole: bool = False
) -> tuple[str, str, Tone]:
    """Heading, one sentence more, and tone."""
    tone = _TONE_OF_DECISION[decision]
    match decision:
        case Decision.ACCEPT:
            if any(check.reason is Reason.UNSAFE_PROOF_ONLY for check in checks):
                line = wording.WORDS[Reason.UNSAFE_PROOF_ONLY].line
                return "Signed, but not checked further", line, Tone.CAUTION
            return "In good standing", _what_holds(checks), tone
        case Decision.INDETERMINATE:
            why = _why(_gravest(checks, Outcome.INDETERMINATE))
            return "Could not be checked", f"{why} This says nothing for or against it.".strip(), tone
        case Decision.REVIEW:
            why = _why(next((check for check in checks if check.reason not in UNREMARKABLE), None))
            return "Needs a look", f"{why} Someone should decide before you rely on it.".strip(), tone
        case Decision.REJECT:
            return *_rejection(_gravest(checks, Outcome.FAILED), summary, whole=whole), tone


def _rejection(failed: Check | None, summary: Summary | None, *, whole: bool = False) -> tuple[str, str]:
    if failed is None:
        return "Not valid", "It does not meet the rules applied here."
    if failed.id is CheckId.PARSE:
        return "Could not be read", _why(failed)
    if failed.reason is Reason.NOT_YET_VALID and summary and summary.valid_from:
        begins = written_date(shown(summary.valid_from), ends=False)
        return f"Not valid yet: begins on {begins}", _why(failed)
    heading = f"Not valid: {_fault(failed, summary, whole=whole)}"
    if failed.id is CheckId.STATUS and failed.since is not None:
        return heading, f"{_why(failed)} In effect from {readable(failed.since)}."
    return heading, _why(failed, whole=whole)


def _why(check: Check | None, *, whole: bool = False) -> str:
    return wording.words(check.reason, whole=whole).line if check else ""


def _fault(check: Check, summary: Summary | None, *, whole: bool = False) -> str:
    """What is wrong, with its date where there is one."""
    phrase = wording.words(check.reason, whole=whole).heading
    if check.since is not None:
        joint = "since" if check.reason is Reason.SUSPENDED else "on"
        return f"{phrase} {joint} {readable_day(check.since)}"
    if check.reason is Reason.EXPIRED and summary and summary.valid_until:
        return f"{phrase} on {written_date(shown(summary.valid_until), ends=True)}"
    return phrase


def _what_holds(checks: Sequence[Check]) -> str:
    """What an acceptance rests on: only what was really checked is said."""
    passed = {check.id for check in checks if check.outcome is Outcome.PASSED}
    parts = [
        words
        for check_id, words in (
            (CheckId.PROOF, "genuine"),
            (CheckId.VALIDITY, "in date"),
            (CheckId.STATUS, "not revoked"),
            (CheckId.TRUST, "issued by a recognised body"),
        )
        if check_id in passed
    ]
    if len(parts) > 1:
        parts = [*parts[:-2], f"{parts[-2]} and {parts[-1]}"]
    sentence = ", ".join(parts) + "."
    return sentence[:1].upper() + sentence[1:]


def overall(verdict: Verdict) -> tuple[str, str, Tone]:
    """The heading over several credentials: how many are in good standing, and what is wrong first."""
    total = len(verdict.credentials)
    good = sum(one.decision is Decision.ACCEPT for one in verdict.credentials)
    tone = _TONE_OF_DECISION[verdict.decision]
    if verdict.decision is Decision.ACCEPT:
        return f"All {total} in good standing", "Nothing was found against any of them.", tone
    fault = _gravest(verdict.checks, Outcome.FAILED)
    if fault is not None:
        return *_rejection(fault, None, whole=True), tone
    standing = f"{good} of {total} {'is' if good == 1 else 'are'} in good standing."
    bad = sum(one.decision is Decision.REJECT for one in verdict.credentials)
    if bad == total:
        return f"None of the {total} is valid", "Each is explained below.", tone
    if bad:
        return f"{bad} of {total} not valid", standing, tone
    if verdict.decision is Decision.REVIEW:
        return "Needs a look", standing, tone
    return "Could not be checked", standing, tone
