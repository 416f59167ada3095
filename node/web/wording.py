"""The words for each reason: what stands in a heading, and what one line says. No jargon of the trade."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Outcome


class Words(NamedTuple):
    """`heading` completes "Not valid: …"; `line` is a sentence of its own."""

    heading: str
    line: str


_UNREADABLE = "this is not a credential we can read"
_NOT_GENUINE = "altered, or not signed by its issuer"
_UNFAMILIAR = "sealed in a way we cannot check"

WORDS: Mapping[Reason, Words] = {
    Reason.OK: Words("", ""),
    Reason.NOT_APPLICABLE: Words("", "Nothing here to check."),
    Reason.SKIPPED_BY_POLICY: Words("", "Not asked for by the rules set here."),
    # reading it
    Reason.MALFORMED_JSON: Words(
        _UNREADABLE,
        "This is no credential, or only part of one. Ask for the file itself, not a print or a picture of it.",
    ),
    Reason.DUPLICATE_MEMBER: Words(
        _UNREADABLE, "It says the same thing twice, differently: it may have been tampered with."
    ),
    Reason.TOO_LARGE: Words(_UNREADABLE, "It is larger than any credential we accept."),
    Reason.TOO_DEEP: Words(_UNREADABLE, "It is built in a way no ordinary credential is."),
    Reason.TOO_MANY_VALUES: Words(_UNREADABLE, "It holds more than any credential we accept."),
    Reason.TOO_MANY_CREDENTIALS: Words(
        "too many credentials at once", "It holds more credentials than we check at once."
    ),
    Reason.EMPTY_PRESENTATION: Words("there is no credential in it", "There is no credential in it."),
    Reason.UNKNOWN_FORMAT: Words(_UNREADABLE, "This is not a kind of document we know."),
    Reason.MALFORMED_CREDENTIAL: Words(
        "parts of it are missing or misplaced", "Parts every credential needs are missing or misplaced."
    ),
    # finding the issuer
    Reason.DID_UNRESOLVABLE: Words(
        "its issuer could not be found", "The issuer's published details could not be found."
    ),
    Reason.DID_METHOD_UNSUPPORTED: Words(
        "its issuer is named in a way we do not know", "The issuer is named in a way we do not know."
    ),
    Reason.DID_DEACTIVATED: Words(
        "its issuer no longer signs", "The issuer has withdrawn the identity that signed this."
    ),
    # genuine
    Reason.NO_PROOF: Words("it is not signed", "It is not signed by anyone."),
    Reason.UNKNOWN_CRYPTOSUITE: Words(_UNFAMILIAR, "It is sealed in a way we cannot check."),
    Reason.UNKNOWN_CONTEXT: Words(_UNFAMILIAR, "It uses a vocabulary we do not know."),
    Reason.UNSAFE_CONTEXT: Words(_NOT_GENUINE, "It tries to change what its words mean."),
    Reason.RENAMED_TERM: Words(
        "its wording is not covered by its signature",
        "It brings words of its own that its signature does not cover: its issuer may have chosen them, or "
        "somebody else later.",
    ),
    Reason.UNSIGNED_CONTENT: Words(_NOT_GENUINE, "It says things its issuer did not sign."),
    Reason.RESPELLED_MEMBER: Words(_NOT_GENUINE, "Parts of it were renamed to slip past checks."),
    Reason.TOO_COMPLEX: Words(_UNFAMILIAR, "It is built to be too laborious to check."),
    Reason.OVERLOADED: Words(
        "too much is being checked just now", "Too much is being checked just now. Try again in a moment."
    ),
    Reason.KEY_NOT_FOUND: Words(_NOT_GENUINE, "The issuer does not own up to this signature."),
    Reason.KEY_NOT_AUTHORISED: Words(
        _NOT_GENUINE, "The issuer has not allowed this signature for credentials."
    ),
    Reason.ISSUER_MISMATCH: Words(_NOT_GENUINE, "It was signed by someone other than the issuer it names."),
    Reason.WRONG_PROOF_PURPOSE: Words(_NOT_GENUINE, "The signature was made for another purpose."),
    Reason.MALFORMED_PROOF: Words(_NOT_GENUINE, "Its signature is damaged."),
    Reason.ALGORITHM_MISMATCH: Words(_NOT_GENUINE, "Its signature is not of the kind its issuer makes."),
    Reason.SIGNATURE_INVALID: Words(_NOT_GENUINE, "The issuer it names did not sign what it says."),
    Reason.PROOF_EXPIRED: Words(
        "its signature has run out", "Its signature was only good for a time, which is over."
    ),
    Reason.PROOF_NOT_YET_VALID: Words(
        "its signature is dated in the future", "Its signature is dated in the future."
    ),
    Reason.POSSIBLY_WITHHELD: Words(
        "part of it may have been left out",
        "Part of it may have been left out. Ask for a copy that shows its dates and its standing.",
    ),
    # dates
    Reason.NOT_YET_VALID: Words("its first day is still to come", "Its first day is still to come."),
    Reason.EXPIRED: Words("expired", "Its last day has passed."),
    Reason.MALFORMED_DATE: Words("its dates cannot be read", "Its dates cannot be read."),
    # status
    Reason.REVOKED: Words("revoked", "Its issuer has revoked it for good."),
    Reason.SUSPENDED: Words("suspended", "Its issuer has suspended it for now."),
    Reason.STATUS_MESSAGE: Words("its issuer has left a note on it", "Its issuer has left a note on it."),
    Reason.STATUS_REFRESH: Words("a newer version exists", "Its issuer has a newer version of it."),
    Reason.STATUS_LIST_UNKNOWN: Words("its standing is not on record", "There is no record of its standing."),
    Reason.STATUS_INDEX_OUT_OF_RANGE: Words(
        "its standing is not on record", "It points past the end of the record of its standing."
    ),
    Reason.STATUS_MALFORMED: Words(
        "its standing cannot be looked up", "It does not say properly where its standing is recorded."
    ),
    Reason.STATUS_TYPE_UNSUPPORTED: Words(
        "its standing cannot be looked up", "Its standing is recorded in a way we cannot read."
    ),
    Reason.STATUS_PURPOSE_MISMATCH: Words(
        "its standing cannot be looked up", "It points to a record that is meant for something else."
    ),
    Reason.STATUS_ISSUER_MISMATCH: Words(
        "its standing is recorded by someone else", "It points to a record that its issuer does not keep."
    ),
    Reason.STATUS_LIST_CORRUPT: Words(
        "the record of its standing is damaged", "The record of its standing does not add up."
    ),
    Reason.STATUS_STALE: Words(
        "the record of its standing is too old", "The record of its standing is too old to rely on."
    ),
    Reason.STATUS_LIST_UNREACHABLE: Words(
        "the record of its standing cannot be had", "Whoever keeps the record of its standing did not answer."
    ),
    Reason.STATUS_LIST_INVALID: Words(
        "the record of its standing is not genuine",
        "What is kept as the record of its standing is not genuine.",
    ),
    Reason.STATUS_LIST_LENGTH: Words(
        "its standing cannot be looked up", "The record of its standing is not of a size that is accepted."
    ),
    Reason.REPLICA_STALE: Words(
        "our records are too old", "Our own copy of the records is too old to rely on."
    ),
    Reason.MOMENT_NOT_RECORDED: Words(
        "no records of that moment", "The records we hold do not reach to the moment asked about."
    ),
    Reason.LEDGER_UNAVAILABLE: Words("the records cannot be reached", "The records could not be reached."),
    # issuer
    Reason.ISSUER_NOT_ACCREDITED: Words("its issuer is not recognised", "The issuer is not a recognised body."),
    Reason.ISSUER_SUSPENDED: Words("its issuer is suspended", "The issuer's recognition is suspended."),
    Reason.ISSUER_WITHDRAWN: Words(
        "its issuer is no longer recognised", "The issuer's recognition was withdrawn."
    ),
    Reason.ACCREDITATION_EXPIRED: Words(
        "its issuer is no longer recognised", "The issuer's recognition has run out."
    ),
    Reason.ACCREDITATION_NOT_YET_VALID: Words(
        "its issuer is not recognised yet", "The issuer's recognition has not begun."
    ),
    Reason.TYPE_NOT_ACCREDITED: Words(
        "its issuer may not issue this", "The issuer is recognised, but not for this kind of credential."
    ),
    Reason.JURISDICTION_NOT_ACCREDITED: Words(
        "its issuer may not issue this here", "The issuer is recognised, but not for this place."
    ),
    # form
    Reason.SCHEMA_UNKNOWN: Words(
        "its form is not known here", "The form it claims to follow is not known here."
    ),
    Reason.SCHEMA_UNUSABLE: Words(
        "its form cannot be used", "The form its issuer published for it cannot be used here."
    ),
    Reason.SCHEMA_TYPE_UNSUPPORTED: Words(
        "its form is not known here", "The form it claims to follow cannot be checked here."
    ),
    Reason.SCHEMA_VIOLATION: Words(
        "it is not filled in as it should be", "It is not filled in as its own form asks."
    ),
    # holder
    Reason.HOLDER_NOT_PROVEN: Words("shown by someone unknown", "Nobody has shown that it is theirs."),
    Reason.HOLDER_MISMATCH: Words(
        "shown by someone else", "It was presented by someone other than the person it is about."
    ),
    Reason.CHALLENGE_MISMATCH: Words(
        "not made for this request", "It was not made for this request: it may be a copy of an older one."
    ),
    Reason.DOMAIN_MISMATCH: Words("made for someone else", "It was made to be shown to someone else."),
    # rules
    Reason.EMPTY_POLICY: Words(
        "no rules are set here", "No rules are set for this check, so nothing can pass it."
    ),
    Reason.TYPE_NOT_REQUESTED: Words(
        "not the kind of credential asked for", "It is not the kind of credential asked for."
    ),
    Reason.SCHEMA_CREDENTIAL_NOT_GOOD: Words(
        "its form is not vouched for", "Nobody who counts here vouches for the form it claims to follow."
    ),
    # files
    Reason.RESOURCE_DIGEST_MISMATCH: Words(
        "a file that belongs to it was replaced", "A file that belongs to it is not the one its issuer meant."
    ),
    Reason.RESOURCE_NOT_CHECKED: Words(
        "a file that belongs to it is not at hand", "A file that belongs to it was not at hand to be compared."
    ),
    Reason.RESOURCE_MALFORMED: Words(
        "it does not say properly which files belong to it",
        "It does not say properly which files belong to it.",
    ),
    # whose it is
    Reason.RECIPIENT_MISMATCH: Words(
        "issued to someone else", "It was issued to someone other than the person asked about."
    ),
    Reason.RECIPIENT_NOT_CHECKED: Words(
        "not compared whose it is", "Whose it is was not compared with anything known of the person."
    ),
    # inside others
    Reason.ENCLOSED_NOT_GOOD: Words(
        "something inside it is not good", "Not everything inside it is good by itself: see below."
    ),
    Reason.ABOUT_SOMETHING_ELSE: Words(
        "it is about something else", "It is about something or someone other than what it is attached to."
    ),
    Reason.SUBJECT_NOT_NAMED: Words(
        "not shown whose it is", "It does not show that it is about the same person."
    ),
    Reason.UNSAFE_PROOF_ONLY: Words(
        "only its signature was looked at",
        "Only its signature was looked at: its standing and issuer were not.",
    ),
}

LABELS: Mapping[CheckId, str] = {
    CheckId.PARSE: "Readable",
    CheckId.PROOF: "Genuine",
    CheckId.VALIDITY: "In date",
    CheckId.STATUS: "In force",
    CheckId.TRUST: "Issuer recognised",
    CheckId.SCHEMA: "Filled in properly",
    CheckId.HOLDER: "Shown by its holder",
    CheckId.POLICY: "Right kind",
    CheckId.RESOURCES: "Its files",
    CheckId.RECIPIENT: "The right person",
    CheckId.CONTENTS: "What it holds",
    CheckId.BELONGING: "Belongs here",
}

PASSED_LINES: Mapping[CheckId, str] = {
    CheckId.PARSE: "Complete and well formed.",
    CheckId.PROOF: "Signed by its issuer, unaltered.",
    CheckId.VALIDITY: "Its dates cover today.",
    CheckId.STATUS: "Nothing on record against it.",
    CheckId.TRUST: "For documents like this.",
    CheckId.SCHEMA: "It follows the form it names.",
    CheckId.HOLDER: "For this very request.",
    CheckId.POLICY: "Of a kind that counts here.",
    CheckId.RESOURCES: "A file that belongs to it is the one meant.",
    CheckId.RECIPIENT: "Issued to the person asked about.",
    CheckId.CONTENTS: "Everything inside it is good by itself.",
    CheckId.BELONGING: "It is about what it is attached to.",
}

SIGNED_BY_SENDER = "Signed by its sender, unaltered."

NOT_APPLICABLE_LINES: Mapping[CheckId, str] = {
    CheckId.VALIDITY: "It states no dates.",
    CheckId.STATUS: "Its issuer records no revocations of it.",
    CheckId.TRUST: "Not asked for.",
    CheckId.SCHEMA: "It names no form.",
    CheckId.HOLDER: "Not proven: make sure whose it is.",
}

OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.PASSED: "Yes",
    Outcome.FAILED: "No",
    Outcome.INDETERMINATE: "Not known",
    Outcome.NOT_APPLICABLE: "Not part of it",
    Outcome.SKIPPED: "Not checked",
}


THE_REST = "The rest"
NOT_REACHED = "Not checked, as it is not known to be genuine."

_OF_A_PRESENTATION = Words(
    "altered, or not signed by its sender", "Whoever is named as its sender did not sign it as it is."
)
_NOT_SIGNED_BY_SENDER = Words("its sender did not sign it", "Its sender did not sign it.")


def words(reason: Reason, *, whole: bool = False) -> Words:
    """What a reason says. `whole`: of a presentation, which its holder signs, not an issuer."""
    found = WORDS[reason]
    if whole and reason is Reason.NO_PROOF:
        return _NOT_SIGNED_BY_SENDER
    return _OF_A_PRESENTATION if whole and found.heading == _NOT_GENUINE else found


def line(check_id: CheckId, outcome: Outcome, reason: Reason, *, whole: bool = False) -> str:
    """One plain sentence for a check that ended like this. `whole`: see `words`."""
    if outcome is Outcome.PASSED and reason is Reason.OK:
        return SIGNED_BY_SENDER if whole and check_id is CheckId.PROOF else PASSED_LINES[check_id]
    if outcome is Outcome.NOT_APPLICABLE and reason in (Reason.NOT_APPLICABLE, Reason.HOLDER_NOT_PROVEN):
        return NOT_APPLICABLE_LINES.get(check_id, WORDS[Reason.NOT_APPLICABLE].line)
    if outcome is Outcome.SKIPPED and reason is not Reason.SKIPPED_BY_POLICY:
        return "Not checked, for the same reason."
    return words(reason, whole=whole).line or WORDS[Reason.NOT_APPLICABLE].line
