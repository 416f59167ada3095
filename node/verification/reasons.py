"""Every reason a check can end as it did: one closed list, so that a client can act on the code."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Reason codes. The sentence shown to a person is composed by the check; the code never changes."""

    OK = "ok"
    NOT_APPLICABLE = "not_applicable"
    SKIPPED_BY_POLICY = "skipped_by_policy"

    # 1 parse
    MALFORMED_JSON = "malformed_json"
    DUPLICATE_MEMBER = "duplicate_member"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    TOO_MANY_VALUES = "too_many_values"
    TOO_MANY_CREDENTIALS = "too_many_credentials"
    EMPTY_PRESENTATION = "empty_presentation"
    UNKNOWN_FORMAT = "unknown_format"
    MALFORMED_CREDENTIAL = "malformed_credential"

    # 2 evidence
    DID_UNRESOLVABLE = "did_unresolvable"
    DID_METHOD_UNSUPPORTED = "did_method_unsupported"
    DID_DEACTIVATED = "did_deactivated"

    # 3 proof
    NO_PROOF = "no_proof"
    UNKNOWN_CRYPTOSUITE = "unknown_cryptosuite"
    UNKNOWN_CONTEXT = "unknown_context"
    UNSAFE_CONTEXT = "unsafe_context"
    RENAMED_TERM = "renamed_term"
    UNSIGNED_CONTENT = "unsigned_content"
    RESPELLED_MEMBER = "respelled_member"
    TOO_COMPLEX = "too_complex"
    OVERLOADED = "overloaded"
    KEY_NOT_FOUND = "key_not_found"
    KEY_NOT_AUTHORISED = "key_not_authorised"
    ISSUER_MISMATCH = "issuer_mismatch"
    WRONG_PROOF_PURPOSE = "wrong_proof_purpose"
    MALFORMED_PROOF = "malformed_proof"
    ALGORITHM_MISMATCH = "algorithm_mismatch"
    SIGNATURE_INVALID = "signature_invalid"
    PROOF_EXPIRED = "proof_expired"
    PROOF_NOT_YET_VALID = "proof_not_yet_valid"
    POSSIBLY_WITHHELD = "possibly_withheld"

    # 4 validity
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    MALFORMED_DATE = "malformed_date"

    # 5 status
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    STATUS_MESSAGE = "status_message"
    STATUS_REFRESH = "status_refresh"
    STATUS_LIST_UNKNOWN = "status_list_unknown"
    STATUS_INDEX_OUT_OF_RANGE = "status_index_out_of_range"
    STATUS_MALFORMED = "status_malformed"
    STATUS_TYPE_UNSUPPORTED = "status_type_unsupported"
    STATUS_PURPOSE_MISMATCH = "status_purpose_mismatch"
    STATUS_ISSUER_MISMATCH = "status_issuer_mismatch"
    STATUS_LIST_CORRUPT = "status_list_corrupt"
    STATUS_STALE = "status_stale"
    STATUS_LIST_UNREACHABLE = "status_list_unreachable"
    STATUS_LIST_INVALID = "status_list_invalid"
    STATUS_LIST_LENGTH = "status_list_length"
    REPLICA_STALE = "replica_stale"
    LEDGER_UNAVAILABLE = "ledger_unavailable"
    MOMENT_NOT_RECORDED = "moment_not_recorded"

    # 6 trust
    ISSUER_NOT_ACCREDITED = "issuer_not_accredited"
    ISSUER_SUSPENDED = "issuer_suspended"
    ISSUER_WITHDRAWN = "issuer_withdrawn"
    ACCREDITATION_EXPIRED = "accreditation_expired"
    ACCREDITATION_NOT_YET_VALID = "accreditation_not_yet_valid"
    TYPE_NOT_ACCREDITED = "type_not_accredited"
    JURISDICTION_NOT_ACCREDITED = "jurisdiction_not_accredited"

    # 7 schema
    SCHEMA_UNKNOWN = "schema_unknown"
    SCHEMA_UNUSABLE = "schema_unusable"
    SCHEMA_TYPE_UNSUPPORTED = "schema_type_unsupported"
    SCHEMA_VIOLATION = "schema_violation"
    SCHEMA_CREDENTIAL_NOT_GOOD = "schema_credential_not_good"

    # 8 holder
    HOLDER_NOT_PROVEN = "holder_not_proven"
    HOLDER_MISMATCH = "holder_mismatch"
    CHALLENGE_MISMATCH = "challenge_mismatch"
    DOMAIN_MISMATCH = "domain_mismatch"

    # 9 policy
    EMPTY_POLICY = "empty_policy"
    TYPE_NOT_REQUESTED = "type_not_requested"
    UNSAFE_PROOF_ONLY = "unsafe_proof_only"

    # files it refers to
    RESOURCE_DIGEST_MISMATCH = "resource_digest_mismatch"
    RESOURCE_NOT_CHECKED = "resource_not_checked"
    RESOURCE_MALFORMED = "resource_malformed"

    # whose it is
    RECIPIENT_MISMATCH = "recipient_mismatch"
    RECIPIENT_NOT_CHECKED = "recipient_not_checked"

    # credentials inside a credential
    ENCLOSED_NOT_GOOD = "enclosed_not_good"
    ABOUT_SOMETHING_ELSE = "about_something_else"
    SUBJECT_NOT_NAMED = "subject_not_named"
