"""Step 8: does whoever presents hold the key of the one the credential is about, here and now?

A bare credential, an unsigned presentation and a signed one that answers no challenge can all be copies. That
is said ("holder not proven"), and fails only where the policy wants the holder proven.
"""

from __future__ import annotations

from node.verification.key_binding import MECHANISM, is_confirmed
from node.verification.policy import Question
from node.verification.proof import Proven
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.secured import Secured
from node.verification.verdict import Check, CheckId, Outcome, passed

_JWTS = frozenset({"vp+jwt", "vp-jwt", "vp+sd-jwt", MECHANISM})
_UNCERTAIN = frozenset({Outcome.FAILED, Outcome.INDETERMINATE, Outcome.SKIPPED})


def check_presenter(proven: Proven | None, question: Question, *, presented: bool) -> Check:
    """Of the whole presentation. `proven` None: it bears no proof, or there is none (`presented` False)."""
    if proven is None:
        if presented and question.challenge is not None:
            detail = "The presentation is not signed, so it does not answer the challenge."
            return _failed(Reason.HOLDER_NOT_PROVEN, detail, question)
        what = "An unsigned presentation" if presented else "A credential by itself"
        return _not_proven(f"{what} does not show who presents it.", question)
    if question.challenge is not None and question.challenge not in proven.challenges:
        detail = "The presentation was not made for this request: it answers another challenge or none."
        return _failed(Reason.CHALLENGE_MISMATCH, detail, question, _asked(proven, "challenge", "nonce"))
    if question.domain is not None and question.domain not in proven.domains:
        detail = "The presentation was made for someone else."
        return _failed(Reason.DOMAIN_MISMATCH, detail, question, _asked(proven, "domain", "aud"))
    if question.challenge is None:
        return _not_proven("The presentation may be a copy: no challenge was set for it to answer.", question)
    detail = "Whoever presents holds the key they claim, and answered this request."
    return passed(CheckId.HOLDER, detail, question.now)


def check_subject(credential: Secured, presenter: Check, proven: Proven | None, question: Question) -> Check:
    """Of one credential: is the presenter, as `check_presenter` found, the one it is about?"""
    if presenter.outcome in _UNCERTAIN:
        detail = "Not looked at: it is not certain who presents."
        return Check(CheckId.HOLDER, Outcome.SKIPPED, presenter.reason, detail, question.now)
    if presenter.outcome is not Outcome.PASSED or proven is None:
        return _not_proven(presenter.detail, question)
    try:
        confirmed = credential.sd_jwt is not None and is_confirmed(credential.sd_jwt, proven)
    except Refused as refused:
        return _not_proven(refused.detail, question, refused.member)
    stated = credential.document.get("credentialSubject")
    subjects = stated if isinstance(stated, list) else [stated]
    ids = {one["id"] for one in subjects if isinstance(one, dict) and isinstance(one.get("id"), str)}
    member = "/credentialSubject/id"
    if not ids and not confirmed:
        return _not_proven("The credential does not name a key of the person it is about.", question, member)
    if proven.controller not in ids and not confirmed:
        detail = "Whoever presents is not the one the credential is about."
        outcome = Outcome.FAILED if question.policy.require_holder else Outcome.NOT_APPLICABLE
        return Check(CheckId.HOLDER, outcome, Reason.HOLDER_MISMATCH, detail, question.now, member)
    detail = "Presented by the one it is about."
    return passed(CheckId.HOLDER, detail, question.now)


def _not_proven(detail: str, question: Question, member: str = "") -> Check:
    outcome = Outcome.FAILED if question.policy.require_holder else Outcome.NOT_APPLICABLE
    return Check(CheckId.HOLDER, outcome, Reason.HOLDER_NOT_PROVEN, detail, question.now, member)


def _asked(proven: Proven, member: str, claim: str) -> str:
    """Where a proof says what it answers: in itself, or in a claim of the JWT it is."""
    return f"/{claim}" if proven.mechanism in _JWTS else f"/proof/{member}"


def _failed(reason: Reason, detail: str, question: Question, member: str = "") -> Check:
    return Check(CheckId.HOLDER, Outcome.FAILED, reason, detail, question.now, member)
