"""Credentials inside a credential, once judged: are they about what they stand under, and what follows for it?

A holder can copy any credential of anybody's under a badge or into a résumé that is open to them; its own proof
holds there as well as anywhere. So an endorsement must name what it is placed on, and what stands in somebody's
record should name that person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from node.verification.enclosed import Relation
from node.verification.policy import Question
from node.verification.reasons import Reason
from node.verification.secured import Enclosed, Secured
from node.verification.verdict import Check, CheckId, Decision, EnclosedVerdict, Outcome

_ANY_TYPE = frozenset({"VerifiableCredential"})
_MEMBER = "/credentialSubject/id"


def question_of_enclosed(question: Question) -> Question:
    """By the same rules; but what type was asked for, and who presents, says nothing of what is inside."""
    policy = replace(question.policy, accepted_types=_ANY_TYPE, require_holder=False)
    return replace(question, policy=policy, challenge=None, domain=None)


def check_belonging(enclosed: Enclosed, credential: Secured, question: Question) -> Check:
    """Of one inside another: does it name what it stands under?"""
    named, now = _subjects(credential.document), question.now
    if enclosed.relation is Relation.ENDORSEMENT:
        # OB 3.0, EndorsementSubject.id: "the individual, entity, organization, assertion, or achievement
        # that is endorsed".
        if named and named <= enclosed.about:
            detail = "It endorses what it is attached to."
            return Check(CheckId.BELONGING, Outcome.PASSED, Reason.OK, detail, now)
        detail = "It endorses something else than what it is attached to."
        return Check(CheckId.BELONGING, Outcome.FAILED, Reason.ABOUT_SOMETHING_ELSE, detail, now, _MEMBER)
    if named and named <= enclosed.about:
        detail = "It is about the same person as the record it stands in."
        return Check(CheckId.BELONGING, Outcome.PASSED, Reason.OK, detail, now)
    if named and enclosed.about:
        detail = "It names another person than the record it stands in does."
        reason = Reason.ABOUT_SOMETHING_ELSE
    else:
        detail = "That it is about the same person as the record it stands in is not shown."
        reason = Reason.SUBJECT_NOT_NAMED
    return Check(CheckId.BELONGING, Outcome.NOT_APPLICABLE, reason, detail, now, _MEMBER)


def check_contents(enclosed: Iterable[EnclosedVerdict], question: Question) -> Check | None:
    """Of one that holds others; None where it holds none. What somebody else says of it does not count."""
    contained = [one.verdict.decision for one in enclosed if one.relation is not Relation.ENDORSEMENT]
    if not contained:
        return None
    bad = sum(decision is not Decision.ACCEPT for decision in contained)
    if bad:
        detail = f"Of the {len(contained)} credentials inside it {bad} could not be accepted by themselves."
        return Check(CheckId.CONTENTS, Outcome.NOT_APPLICABLE, Reason.ENCLOSED_NOT_GOOD, detail, question.now)
    detail = "Every credential inside it is good by itself."
    return Check(CheckId.CONTENTS, Outcome.PASSED, Reason.OK, detail, question.now)


def _subjects(document: Mapping[str, Any]) -> frozenset[str]:
    """The ids of those a credential is about; empty where any of them has none."""
    stated = document.get("credentialSubject")
    subjects = stated if isinstance(stated, list) else [stated]
    ids = [one["id"] for one in subjects if isinstance(one, dict) and isinstance(one.get("id"), str)]
    return frozenset(ids) if len(ids) == len(subjects) and all(ids) else frozenset()
