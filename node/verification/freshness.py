"""Whether the replica has come far enough to answer the question asked of it."""

from __future__ import annotations

from node.verification.dates import readable
from node.verification.policy import Question
from node.verification.reasons import Reason
from registry.records import Freshness


def gap(freshness: Freshness, question: Question) -> tuple[Reason, str] | None:
    """Why the replica cannot answer, or None if it can.

    A question about what was known at a past block or time needs a replica that has passed it, however long
    ago; a question about now needs one that reaches to within the policy's `max_replica_age` of it.
    """
    head, at = freshness.head, question.at
    if head is None:
        return Reason.LEDGER_UNAVAILABLE, "The official register has not been reached yet."
    if at.block is not None or at.known_at is not None:
        passed = (at.block is None or head.number >= at.block) and (
            at.known_at is None or head.time >= at.known_at
        )
        if passed:
            return None
    if freshness.halted is not None:
        return (
            Reason.REPLICA_STALE,
            f"The copy of the official register held here stopped on {readable(head.time)}.",
        )
    if question.now - freshness.reaches > question.policy.max_replica_age:
        return (
            Reason.REPLICA_STALE,
            "The copy of the official register held here reaches to "
            f"{readable(int(freshness.reaches))}, which is too long ago.",
        )
    if at.block is not None and head.number < at.block:
        return Reason.REPLICA_STALE, "The moment asked about has not been recorded yet."
    return None
