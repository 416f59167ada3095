"""What the standards call each way a check can end badly: VCDM 2.0 §7.2, Data Integrity 1.0 §4.7 and its
Controlled Identifiers, Bitstring Status List 1.0 §3.5. Where they have no word for it, ours. Pure data."""

from __future__ import annotations

from collections.abc import Mapping

from node.verification.reasons import Reason

_VCDM = "https://www.w3.org/TR/vc-data-model#"
_SECURITY = "https://w3id.org/security#"
_STATUS = "https://www.w3.org/ns/credentials/status-list#"
_OWN = "urn:goodstanding:reason:"

_NAMED: tuple[tuple[str, tuple[Reason, ...]], ...] = (
    (
        _VCDM + "PARSING_ERROR",
        (
            Reason.MALFORMED_JSON,
            Reason.DUPLICATE_MEMBER,
            Reason.UNKNOWN_FORMAT,
            Reason.TOO_LARGE,
            Reason.TOO_DEEP,
            Reason.TOO_MANY_VALUES,
            Reason.TOO_MANY_CREDENTIALS,
        ),
    ),
    (
        _VCDM + "MALFORMED_VALUE_ERROR",
        (
            Reason.MALFORMED_CREDENTIAL,
            Reason.EMPTY_PRESENTATION,
            Reason.MALFORMED_DATE,
            Reason.SCHEMA_VIOLATION,
        ),
    ),
    (
        _VCDM + "RANGE_ERROR",
        (Reason.NOT_YET_VALID, Reason.EXPIRED, Reason.STATUS_INDEX_OUT_OF_RANGE),
    ),
    (
        _VCDM + "CRYPTOGRAPHIC_SECURITY_ERROR",
        (Reason.SIGNATURE_INVALID, Reason.ALGORITHM_MISMATCH, Reason.ISSUER_MISMATCH),
    ),
    (
        _SECURITY + "PROOF_VERIFICATION_ERROR",
        (
            Reason.NO_PROOF,
            Reason.MALFORMED_PROOF,
            Reason.UNKNOWN_CRYPTOSUITE,
            Reason.PROOF_EXPIRED,
            Reason.PROOF_NOT_YET_VALID,
        ),
    ),
    (
        _SECURITY + "PROOF_TRANSFORMATION_ERROR",
        (
            Reason.UNKNOWN_CONTEXT,
            Reason.UNSAFE_CONTEXT,
            Reason.RENAMED_TERM,
            Reason.UNSIGNED_CONTENT,
            Reason.RESPELLED_MEMBER,
            Reason.TOO_COMPLEX,
        ),
    ),
    (_SECURITY + "INVALID_VERIFICATION_METHOD", (Reason.KEY_NOT_FOUND,)),
    (_SECURITY + "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD", (Reason.KEY_NOT_AUTHORISED,)),
    (_SECURITY + "INVALID_PROOF_PURPOSE_FOR_VERIFICATION", (Reason.WRONG_PROOF_PURPOSE,)),
    (_SECURITY + "INVALID_CHALLENGE_ERROR", (Reason.CHALLENGE_MISMATCH,)),
    (_SECURITY + "INVALID_DOMAIN_ERROR", (Reason.DOMAIN_MISMATCH,)),
    (_STATUS + "STATUS_RETRIEVAL_ERROR", (Reason.STATUS_LIST_UNKNOWN, Reason.STATUS_LIST_UNREACHABLE)),
    (
        _STATUS + "STATUS_VERIFICATION_ERROR",
        (
            Reason.STATUS_MALFORMED,
            Reason.STATUS_TYPE_UNSUPPORTED,
            Reason.STATUS_PURPOSE_MISMATCH,
            Reason.STATUS_ISSUER_MISMATCH,
            Reason.STATUS_LIST_CORRUPT,
            Reason.STATUS_LIST_INVALID,
            Reason.STATUS_STALE,
        ),
    ),
    (_STATUS + "STATUS_LIST_LENGTH_ERROR", (Reason.STATUS_LIST_LENGTH,)),
)
PROBLEM_TYPES: Mapping[Reason, str] = {reason: name for name, reasons in _NAMED for reason in reasons}
"""Those the standards name."""


def problem_type(reason: Reason) -> str:
    """A URI."""
    return PROBLEM_TYPES.get(reason, _OWN + reason.value)
