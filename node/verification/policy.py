"""Step 9: the relying party's own rules, and the decision that follows from all checks.

| found | decision |
| --- | --- |
| a check FAILED, or one the policy needs was not made | reject |
| a check is INDETERMINATE | indeterminate |
| nothing wrong, but something a person should look at | review |
| otherwise | accept |
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from node.verification.given import NOTHING, Given
from node.verification.reasons import Reason
from node.verification.verdict import Check, CheckId, Decision, Outcome, passed
from registry.records import NOW, AsOf


@dataclass(frozen=True, slots=True)
class Policy:
    """What a relying party demands. A policy that demands nothing fails everything: it was not meant.

    To take any credential of whomever, demand the type `VerifiableCredential`: it is then in writing.
    """

    name: str
    require_accreditation: bool = False
    """False: an issuer that is not accredited leads to `review`."""
    accepted_types: frozenset[str] | None = None
    """The credential must have one of these types; None: any."""
    jurisdiction: str | None = None
    """ISO 3166 code; the issuer must be accredited there."""
    require_holder: bool = False
    """Whoever presents must prove to be the subject."""
    max_replica_age: int = 300
    """Seconds since a ledger was last heard of."""
    max_list_age: int | None = None
    """Seconds since the issuer last published to or confirmed its status list; None: any."""
    clock_skew: int = 60
    """Seconds that clocks may differ."""
    allow_web: bool = False
    """Whether a DID document may be fetched from the web (and the issuer so learn of the verification)."""
    fetch_status_lists: bool = False
    """Whether a status list that is not on the ledger may be fetched from the address a credential names, once
    that credential's proof holds. Its host learns that somebody verifies, and not whom."""
    require_disclosure: bool = True
    """What may have been left out of a selective disclosure is not known; False: it leads to `review`."""
    require_known_schema: bool = False
    """False: a schema that is not on file here is not looked at."""
    require_resources: bool = False
    """False: files it refers to that are not at hand are not compared, and said not to be."""
    unsafe_proof_only: bool = False
    """UNSAFE: look at the proof and at nothing else, not even whether the key is the issuer's. For whoever
    builds on this package; no node offers it. Its name must say `unsafe`: the verdict goes by that name."""

    def __post_init__(self) -> None:
        if self.unsafe_proof_only and "unsafe" not in self.name.lower():
            raise ValueError("a policy that looks at the proof alone is called unsafe")

    @property
    def empty(self) -> bool:
        """Whether nothing is demanded, or nothing could meet it."""
        if self.accepted_types is not None and not self.accepted_types:
            return True
        return not (
            self.require_accreditation
            or self.accepted_types
            or self.jurisdiction
            or self.require_holder
            or self.unsafe_proof_only
        )


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, of whatever is presented."""

    policy: Policy
    now: int  # Unix seconds: the reference time
    at: AsOf = NOW
    challenge: str | None = None
    domain: str | None = None
    given: Given = NOTHING

    @property
    def moment(self) -> int:
        """The moment whose facts are asked for, Unix seconds."""
        if self.at.valid_at is not None:
            return self.at.valid_at
        return self.now if self.at.known_at is None else min(self.now, self.at.known_at)


# A check that passed, or did not apply, for one of these reasons wants a person's eye.
_WORTH_A_LOOK = frozenset(
    {
        Reason.STATUS_MESSAGE,
        Reason.STATUS_REFRESH,
        Reason.ISSUER_NOT_ACCREDITED,
        Reason.TYPE_NOT_ACCREDITED,
        Reason.JURISDICTION_NOT_ACCREDITED,
        Reason.ACCREDITATION_EXPIRED,
        Reason.ACCREDITATION_NOT_YET_VALID,
        Reason.HOLDER_MISMATCH,
        Reason.ENCLOSED_NOT_GOOD,
        Reason.ABOUT_SOMETHING_ELSE,
        Reason.SUBJECT_NOT_NAMED,
        Reason.POSSIBLY_WITHHELD,
    }
)


_WORST_FIRST = (Decision.REJECT, Decision.INDETERMINATE, Decision.REVIEW, Decision.ACCEPT)
_NEEDED = frozenset({CheckId.PARSE, CheckId.PROOF, CheckId.POLICY})


def check_policy(types: Collection[str], question: Question) -> Check:
    """Whether the credential is one that was asked for."""
    policy, now = question.policy, question.now
    if policy.empty:
        return Check(
            CheckId.POLICY, Outcome.FAILED, Reason.EMPTY_POLICY, "The policy in use demands nothing.", now
        )
    if policy.unsafe_proof_only:
        return Check(
            CheckId.POLICY,
            Outcome.PASSED,
            Reason.UNSAFE_PROOF_ONLY,
            "Only the signature was looked at, as the unsafe policy in use asks.",
            now,
        )
    if policy.accepted_types is not None and policy.accepted_types.isdisjoint(types):
        return Check(
            CheckId.POLICY,
            Outcome.FAILED,
            Reason.TYPE_NOT_REQUESTED,
            "This is not the kind of credential that was asked for.",
            now,
            "/type",
        )
    return passed(CheckId.POLICY, "It is of a kind that was asked for.", now)


def decide(checks: Sequence[Check], policy: Policy) -> Decision:
    """The decision on one credential: see the table above."""
    outcomes = [check.outcome for check in checks]
    if Outcome.FAILED in outcomes:
        return Decision.REJECT
    if Outcome.INDETERMINATE in outcomes:
        return Decision.INDETERMINATE
    good = Outcome.PASSED
    made = {check.id for check in checks if check.outcome is good}
    if not made >= _NEEDED or (policy.require_holder and CheckId.HOLDER not in made):
        return Decision.REJECT
    look = not _WORTH_A_LOOK.isdisjoint([check.reason for check in checks])
    return Decision.REVIEW if look else Decision.ACCEPT


def worst(decisions: Iterable[Decision]) -> Decision:
    """The decision on several things together. Of nothing at all: reject."""
    found = set(decisions)
    for decision in _WORST_FIRST:
        if decision in found:
            return decision
    return Decision.REJECT
