"""Dates against one reference time."""

from __future__ import annotations

import pytest

from node.verification.policy import Question
from node.verification.reasons import Reason
from node.verification.validity import check_validity
from node.verification.verdict import Outcome
from registry.records import AsOf
from tests.simulators.policies import DEFAULT_POLICY

NOW = 1_767_225_600  # 2026-01-01T00:00:00Z
CASES = [
    ({}, 0, None),
    ({"validFrom": "2026-01-01T00:01:00Z"}, 0, None),  # within the clock skew of a minute
    ({"validFrom": "2026-01-01T00:01:01Z"}, 0, Reason.NOT_YET_VALID),
    ({"issuanceDate": "2026-01-02T00:00:00Z"}, 0, Reason.NOT_YET_VALID),
    ({"validUntil": "2025-12-31T23:59:00Z"}, 0, None),
    ({"validUntil": "2025-12-31T23:58:59Z"}, 0, Reason.EXPIRED),
    ({"expirationDate": "2025-01-01T00:00:00Z"}, 0, Reason.EXPIRED),
    ({"validUntil": "2099-01-01T00:00:00Z", "expirationDate": "2025-01-01T00:00:00Z"}, 0, Reason.EXPIRED),
    ({"validFrom": "2025-01-01T00:00:00Z", "issuanceDate": "2027-01-01T00:00:00Z"}, 0, Reason.NOT_YET_VALID),
    ({"validUntil": "soon"}, 0, Reason.MALFORMED_DATE),
    ({"validFrom": None}, 0, Reason.MALFORMED_DATE),
    ({"validUntil": "2026-06-01T00:00:00Z"}, NOW + 200 * 86_400, Reason.EXPIRED),
    ({"validUntil": "2025-06-01T00:00:00Z"}, NOW - 300 * 86_400, None),
]


@pytest.mark.parametrize(("credential", "valid_at", "reason"), CASES)
def test_validity(credential: dict[str, object], valid_at: int, reason: Reason | None) -> None:
    check = check_validity(credential, Question(DEFAULT_POLICY, NOW, AsOf(valid_at=valid_at or None)))
    assert check.outcome is (Outcome.FAILED if reason else Outcome.PASSED)
    assert check.reason is (reason or Reason.OK)
    assert check.checked_at == NOW
