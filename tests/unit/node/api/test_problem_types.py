"""Every reason has a problem type, and the standards' own where they have a word for it."""

from __future__ import annotations

import pytest

from node.api.problem_types import PROBLEM_TYPES, problem_type
from node.verification.reasons import Reason

VCDM = "https://www.w3.org/TR/vc-data-model#"
STATUS = "https://www.w3.org/ns/credentials/status-list#"


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (Reason.MALFORMED_JSON, VCDM + "PARSING_ERROR"),
        (Reason.TOO_DEEP, VCDM + "PARSING_ERROR"),
        (Reason.MALFORMED_CREDENTIAL, VCDM + "MALFORMED_VALUE_ERROR"),
        (Reason.MALFORMED_DATE, VCDM + "MALFORMED_VALUE_ERROR"),
        (Reason.EXPIRED, VCDM + "RANGE_ERROR"),
        (Reason.NOT_YET_VALID, VCDM + "RANGE_ERROR"),
        (Reason.STATUS_INDEX_OUT_OF_RANGE, VCDM + "RANGE_ERROR"),
        (Reason.SIGNATURE_INVALID, VCDM + "CRYPTOGRAPHIC_SECURITY_ERROR"),
        (Reason.STATUS_LIST_UNREACHABLE, STATUS + "STATUS_RETRIEVAL_ERROR"),
        (Reason.STATUS_LIST_UNKNOWN, STATUS + "STATUS_RETRIEVAL_ERROR"),
        (Reason.STATUS_LIST_INVALID, STATUS + "STATUS_VERIFICATION_ERROR"),
        (Reason.STATUS_LIST_LENGTH, STATUS + "STATUS_LIST_LENGTH_ERROR"),
        (Reason.REVOKED, "urn:goodstanding:reason:revoked"),
    ],
)
def test_the_names_of_the_standards(reason: Reason, expected: str) -> None:
    assert problem_type(reason) == expected


def test_nothing_but_failures_is_named() -> None:
    fine = {Reason.OK, Reason.NOT_APPLICABLE, Reason.SKIPPED_BY_POLICY, Reason.UNSAFE_PROOF_ONLY}
    assert not fine & set(PROBLEM_TYPES)


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_one(reason: Reason) -> None:
    assert problem_type(reason).startswith(("https://www.w3.org/", "https://w3id.org/", "urn:goodstanding:"))
