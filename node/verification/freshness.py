"""Whether the replica has come far enough to answer the question asked of it."""

from __future__ import annotations

from node.verification.dates import readable
from node.verification.policy import Question
from node.verification.reasons import Reason
from registry.records import NOW, Freshness


def gap(freshness: Freshness, question: Question) -> tuple[Reason, str] | None:
    """Why the replica cannot answer, or None if it can.

    It can say nothing of a moment before the first thing it recorded, or of one still to come.

    A question about what was known at a past block or time needs a replica that has passed it, however long
    ago; a question about now needs one that reaches to within the policy's `max_replica_age` of it.
    """
    head, at = freshness.head, question.at
    if head is None:
        return Reason.LEDGER_UNAVAILABLE, "The official register has not been reached yet."
    if at is not NOW:
        outside = _outside(freshness, question)
        if outside is not None:
            return Reason.MOMENT_NOT_RECORDED, outside
    if at.block is not None or at.known_at is not None:
        passed = (at.block is None or head.number >= at.block) and (
            at.known_at is None or head.time >= at.known_at
        )
        if passed:
            return None
    behind = _behind(freshness, question)
    if behind is not None:
        return Reason.REPLICA_STALE, behind
    if at.block is not None and head.number < at.block:
        return Reason.MOMENT_NOT_RECORDED, "The moment asked about has not been recorded yet."
    return None


def _behind(freshness: Freshness, question: Question) -> str | None:
    """Whether the replica no longer follows closely enough, in words."""
    if freshness.halted is not None and freshness.head is not None:
        return f"The copy of the official register held here stopped on {readable(freshness.head.time)}."
    if question.now - freshness.reaches > question.policy.max_replica_age:
        reaches = readable(int(freshness.reaches))
        return f"The copy of the official register held here reaches to {reaches}, which is too long ago."
    return None


def _outside(freshness: Freshness, question: Question) -> str | None:
    """Whether the moment asked about is none that was ever recorded, in words."""
    at, first = question.at, freshness.first
    times = [time for time in (at.known_at, at.valid_at) if time is not None]
    if any(time > question.now + question.policy.clock_skew for time in times):
        return "The moment asked about is still to come."
    if first is not None and (
        any(time < first.time for time in times) or (at.block is not None and at.block < first.number)
    ):
        return f"The official register begins on {readable(first.time)}, after the moment asked about."
    return None
