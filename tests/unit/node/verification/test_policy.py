"""Decisions: nothing unsettled is ever accepted."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.policies import policies_of
from node.settings import Settings
from node.verification.policy import Policy, Question, check_policy, decide, worst
from node.verification.reasons import Reason
from node.verification.verdict import Check, CheckId, Decision, Outcome
from tests.simulators.policies import ANY_ISSUER_POLICY, DEFAULT_POLICY, UNSAFE_PROOF_ONLY_POLICY

TYPES = ("VerifiableCredential", "NursingLicenceCredential")


def check(check_id: CheckId, outcome: Outcome = Outcome.PASSED, reason: Reason = Reason.OK) -> Check:
    return Check(check_id, outcome, reason, "", 0)


@pytest.mark.parametrize(
    "policy",
    [
        Policy(name="empty"),
        Policy(name="no types", accepted_types=frozenset()),
        Policy(name="none possible", require_accreditation=True, accepted_types=frozenset()),
    ],
)
def test_a_policy_that_demands_nothing_fails(policy: Policy) -> None:
    found = check_policy(TYPES, Question(policy, 0))
    assert (found.outcome, found.reason) == (Outcome.FAILED, Reason.EMPTY_POLICY)


def test_a_type_that_was_not_asked_for() -> None:
    policy = Policy(name="welders", accepted_types=frozenset({"OpenBadgeCredential"}))
    assert check_policy(TYPES, Question(policy, 0)).reason is Reason.TYPE_NOT_REQUESTED
    for policy in (DEFAULT_POLICY, ANY_ISSUER_POLICY):
        assert check_policy(TYPES, Question(policy, 0)).outcome is Outcome.PASSED


def test_what_is_unsafe_says_so() -> None:
    assert "unsafe" in UNSAFE_PROOF_ONLY_POLICY.name
    assert check_policy(TYPES, Question(UNSAFE_PROOF_ONLY_POLICY, 0)).reason is Reason.UNSAFE_PROOF_ONLY


@given(st.lists(st.builds(check, st.sampled_from(CheckId), st.sampled_from(Outcome), st.sampled_from(Reason))))
def test_only_a_settled_and_complete_set_of_checks_is_accepted(checks: list[Check]) -> None:
    decision = decide(checks, DEFAULT_POLICY)
    outcomes = {one.outcome for one in checks}
    if Outcome.FAILED in outcomes:
        assert decision is Decision.REJECT
    elif Outcome.INDETERMINATE in outcomes:
        assert decision is Decision.INDETERMINATE
    if decision in {Decision.ACCEPT, Decision.REVIEW}:
        passed = {one.id for one in checks if one.outcome is Outcome.PASSED}
        assert {CheckId.PARSE, CheckId.PROOF, CheckId.POLICY} <= passed


def test_nothing_checked_is_rejected() -> None:
    assert decide([], DEFAULT_POLICY) is Decision.REJECT
    assert worst([]) is Decision.REJECT


@pytest.mark.parametrize("outcome", [Outcome.SKIPPED, Outcome.NOT_APPLICABLE])
def test_a_holder_that_must_be_proven(outcome: Outcome) -> None:
    checks = [check(one) for one in CheckId if one is not CheckId.HOLDER]
    policy = Policy(name="in person", require_accreditation=True, require_holder=True)
    assert decide([*checks, check(CheckId.HOLDER, outcome)], policy) is Decision.REJECT
    assert decide([*checks, check(CheckId.HOLDER, outcome)], DEFAULT_POLICY) is Decision.ACCEPT
    assert decide([*checks, check(CheckId.HOLDER)], policy) is Decision.ACCEPT


def test_the_worst_decides() -> None:
    order = [Decision.ACCEPT, Decision.REVIEW, Decision.INDETERMINATE, Decision.REJECT]
    for one, other in product(order, order):
        assert worst([one, other]) is max(one, other, key=order.index)


def test_a_policy_that_looks_at_the_proof_alone_says_so_in_its_name() -> None:
    assert "unsafe" in UNSAFE_PROOF_ONLY_POLICY.name
    with pytest.raises(ValueError, match="unsafe"):
        Policy(name="default", unsafe_proof_only=True)


def test_no_node_offers_it_whatever_is_set() -> None:
    """It takes a policy made in code: no setting, name or request leads there."""
    for settings in (Settings(), Settings(require_accreditation=False, allow_web_dids=False)):
        assert not any(policy.unsafe_proof_only for policy in policies_of(settings).values())
    assert not any("unsafe_proof" in name for name in Settings.model_fields)
