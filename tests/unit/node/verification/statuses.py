"""Status entries, and what is found of them."""

from __future__ import annotations

from typing import Any

from node.verification.evidence import Evidence
from node.verification.policy import Policy, Question
from node.verification.reasons import Reason
from node.verification.status import check_status
from node.verification.verdict import Check, Outcome
from registry.records import NOW, AsOf
from tests.simulators.clock import SimulatedClock
from tests.simulators.ledger_view import LedgerViewSimulator
from tests.simulators.policies import DEFAULT_POLICY

BOARD, OTHER = "did:web:board.example", "did:web:other.example"
LIST = "https://board.example/status/1"
FAILED, PASSED, OPEN = Outcome.FAILED, Outcome.PASSED, Outcome.INDETERMINATE


def entry(index: Any = "7", **members: Any) -> dict[str, Any]:
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": index,
        "statusListCredential": LIST,
        **members,
    }


def checks(
    status: object,
    ledger: LedgerViewSimulator,
    clock: SimulatedClock,
    policy: Policy = DEFAULT_POLICY,
    at: AsOf = NOW,
) -> list[Check]:
    evidence = Evidence({}, ledger)
    return check_status({"credentialStatus": status}, BOARD, evidence, Question(policy, clock.now, at))


def ended(*arguments: Any, **options: Any) -> tuple[Outcome, Reason]:
    (check,) = checks(*arguments, **options)
    assert check.detail.endswith(".")
    return check.outcome, check.reason
