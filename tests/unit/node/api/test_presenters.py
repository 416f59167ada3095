"""Verdicts as JSON: nothing but an acceptance without a failed check is ever `verified: true`."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.api.presenters import (
    problem_details,
    timestamp,
    vcalm_credential_json,
    vcalm_presentation_json,
    verdict_json,
    verified,
)
from node.api.problem_types import problem_type
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from tests.simulators import verdicts


def test_an_acceptance() -> None:
    found = vcalm_credential_json(verdicts.ACCEPTED)
    assert found["verified"] is True
    assert found["problemDetails"] == []
    assert found["decision"] == "accept"
    assert found["asOf"] == {
        "block": 4711,
        "hash": "0x" + bytes(range(32)).hex(),
        "time": "2026-11-22T14:04:40Z",
    }
    assert found["results"]["proof"] == [{"verified": True, "input": {"type": "DataIntegrityProof"}}]
    assert found["results"]["validUntil"] == {"verified": True, "input": "2027-12-31T23:59:59Z"}


def test_a_revocation_says_since_when() -> None:
    found = vcalm_credential_json(verdicts.REVOKED)
    assert found["verified"] is False
    assert [problem["reason"] for problem in found["problemDetails"]] == ["revoked"]
    status = next(one for one in found["credentials"][0]["checks"] if one["id"] == "status")
    assert status["since"] == "2026-11-22T09:30:00Z"
    assert status["source"]["block"]["block"] == 4711


@pytest.mark.parametrize("name", sorted(set(verdicts.BY_NAME) - {"accepted", "skilled", "hostile"}))
def test_nothing_else_is_verified(name: str) -> None:
    assert vcalm_credential_json(verdicts.BY_NAME[name])["verified"] is False
    assert vcalm_presentation_json(verdicts.BY_NAME[name])["verified"] is False


@pytest.mark.parametrize(("decision", "outcome"), list(product(Decision, Outcome)))
def test_no_decision_outvotes_a_check(decision: Decision, outcome: Outcome) -> None:
    checks = [verdicts.check(CheckId.STATUS, outcome, Reason.REVOKED)]
    expected = decision is Decision.ACCEPT and outcome not in (Outcome.FAILED, Outcome.INDETERMINATE)
    assert verified(decision, checks) is expected


def test_a_policy_that_accepts_a_revoked_credential_does_not_make_it_verified() -> None:
    lax = verdicts.verdict(verdicts.credential(Decision.ACCEPT, verdicts.REVOCATION))
    assert vcalm_credential_json(lax)["verified"] is False
    assert vcalm_presentation_json(lax)["verified"] is False


def test_a_presentation_of_nothing_is_not_verified() -> None:
    empty = verdicts.verdict(decision=Decision.ACCEPT, whole=verdicts.HELD)
    assert vcalm_presentation_json(empty)["verified"] is False
    assert vcalm_credential_json(empty)["verified"] is False


def test_a_presentation_answers_for_each_credential() -> None:
    found = vcalm_presentation_json(verdicts.SEVERAL, challenge="c", domain="d")
    assert [one["verified"] for one in found["results"]["credentials"]] == [True, False, False]
    assert found["results"]["presentation"]["challenge"] == {"verified": True, "input": "c"}
    assert found["results"]["presentation"]["domain"] == {"verified": True, "input": "d"}


def test_a_second_status_entry_cannot_hide_the_first() -> None:
    one = verdicts.credential(Decision.REJECT, verdicts.REVOCATION)
    two = verdicts.verdict(
        type(one)(
            one.decision,
            (*one.checks, verdicts.check(CheckId.STATUS)),
            one.summary,
            {**one.credential, "credentialStatus": {"id": "x"}},
            one.mechanism,
        )
    )
    assert vcalm_credential_json(two)["results"]["credentialStatus"] == [
        {"verified": False, "input": {"id": "x"}}
    ]


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_makes_a_problem(reason: Reason) -> None:
    failed = verdicts.check(CheckId.STATUS, Outcome.INDETERMINATE, reason)._replace(member="/credentialStatus")
    (problem,) = problem_details([failed])
    assert problem["type"] == problem_type(reason)
    assert (problem["check"], problem["reason"], problem["member"]) == ("status", reason, "/credentialStatus")
    assert problem["detail"]


def test_our_own_model_keeps_every_check() -> None:
    found = verdict_json(verdicts.OPEN)
    outcomes = {one["id"]: one["outcome"] for one in found["credentials"][0]["checks"]}
    assert outcomes["status"] == outcomes["trust"] == "INDETERMINATE"
    assert outcomes["schema"] == "NOT_APPLICABLE"


@given(st.integers(min_value=-(1 << 70), max_value=1 << 70))
def test_any_time_of_a_ledger_can_be_written(seconds: int) -> None:
    assert timestamp(seconds).endswith("Z")
