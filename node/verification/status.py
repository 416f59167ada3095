"""Step 5: revoked, suspended, or in good standing? Read from the replica; the issuer is never asked.

Bitstring Status List 1.0 and its predecessor StatusList2021 name the same thing: a list, an index, a purpose.
A Token Status List names no purpose: that of the ledger's record counts, and where that has none, the values.
What the credential names is compared with what the ledger records; the list itself is never fetched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from node.verification.dates import readable
from node.verification.evidence import LedgerView
from node.verification.freshness import gap
from node.verification.policy import Question
from node.verification.presentation import types_of
from node.verification.proofs.sd_jwt_claims import TOKEN_STATUS_ENTRY
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.verdict import Check, CheckId, Outcome, Source
from registry.records import IndexOutOfRange, StatusPurpose, StatusReading, UnknownStatusList

ENTRY_TYPES = frozenset({"BitstringStatusListEntry", "StatusList2021Entry", TOKEN_STATUS_ENTRY})
MAX_ENTRIES = 16  # that one credential may name

_INDEX = re.compile(r"0|[1-9]\d{0,9}", re.ASCII).fullmatch
_HEX = re.compile(r"0x[0-9a-fA-F]{1,4}").fullmatch
_PURPOSES = {purpose.label: purpose for purpose in StatusPurpose}


def check_status(
    credential: Mapping[str, Any], issuer: str, ledger: LedgerView, question: Question
) -> list[Check]:
    """One check for each status entry; one NOT_APPLICABLE when there is none."""
    stated = credential.get("credentialStatus")
    entries = stated if isinstance(stated, list) else [] if stated is None else [stated]
    if not entries:
        return [
            Check(
                CheckId.STATUS,
                Outcome.NOT_APPLICABLE,
                Reason.NOT_APPLICABLE,
                "The credential names no status list: its issuer has no way to revoke it.",
                question.now,
            )
        ]
    if len(entries) > MAX_ENTRIES:
        return [_failed(Reason.STATUS_MALFORMED, f"It names more than {MAX_ENTRIES} status entries.", question)]
    member = "/credentialStatus"
    return [
        _check_entry(entry, issuer, ledger, question, f"{member}/{i}" if isinstance(stated, list) else member)
        for i, entry in enumerate(entries)
    ]


def _check_entry(entry: object, issuer: str, ledger: LedgerView, question: Question, member: str) -> Check:
    try:
        uri, index, purpose, size = _read_entry(entry, member)
    except Refused as refused:
        unsupported = refused.reason is Reason.STATUS_TYPE_UNSUPPORTED
        return Check(
            CheckId.STATUS,
            Outcome.INDETERMINATE if unsupported else Outcome.FAILED,
            refused.reason,
            refused.detail,
            question.now,
            refused.member,
        )
    missing = gap(ledger.freshness(), question)
    try:
        reading = ledger.status(uri, index, question.at)
    except UnknownStatusList:
        reason, detail = missing or (
            Reason.STATUS_LIST_UNKNOWN,
            "The status list it names is not in the official register.",
        )
        return Check(CheckId.STATUS, Outcome.INDETERMINATE, reason, detail, question.now, member)
    except IndexOutOfRange:
        return _failed(Reason.STATUS_INDEX_OUT_OF_RANGE, "Its status list has no such entry.", question, member)
    mismatch = _mismatch(reading, issuer, purpose, size)
    if mismatch is not None:
        return _failed(*mismatch, question, member, _source(reading))
    return _judge(reading, entry, question, missing, member)


def _read_entry(entry: object, member: str) -> tuple[str, int, StatusPurpose | None, int | None]:
    """List address, index, purpose and bits per entry, None where not stated. Raises Refused."""
    if not isinstance(entry, Mapping):
        raise Refused(Reason.STATUS_MALFORMED, "Its status entry cannot be read.", member)
    if ENTRY_TYPES.isdisjoint(types_of(entry)):
        raise Refused(
            Reason.STATUS_TYPE_UNSUPPORTED, "Its status is kept in a way that cannot be checked here.", member
        )
    uri, index, size = (
        entry.get("statusListCredential"),
        entry.get("statusListIndex"),
        entry.get("statusSize", 1),
    )
    if not isinstance(uri, str) or not 0 < len(uri) <= 2048:
        raise Refused(
            Reason.STATUS_MALFORMED, "Its status entry names no list.", f"{member}/statusListCredential"
        )
    # Bitstring Status List §2.1: "an arbitrary size integer greater than or equal to 0, expressed as a string"
    if not isinstance(index, str) or not _INDEX(index):
        raise Refused(
            Reason.STATUS_MALFORMED, "Its status entry names no usable index.", f"{member}/statusListIndex"
        )
    if _is_token_entry(entry):
        return uri, int(index), None, None
    purpose = _PURPOSES.get(entry["statusPurpose"]) if isinstance(entry.get("statusPurpose"), str) else None
    if purpose is None:
        raise Refused(
            Reason.STATUS_MALFORMED, "Its status entry names no known purpose.", f"{member}/statusPurpose"
        )
    if type(size) is not int or size not in (1, 2, 4, 8):
        raise Refused(
            Reason.STATUS_MALFORMED, "Its status entry has an impossible size.", f"{member}/statusSize"
        )
    return uri, int(index), purpose, size


def _mismatch(
    reading: StatusReading, issuer: str, purpose: StatusPurpose | None, size: int | None
) -> tuple[Reason, str] | None:
    """How the ledger's record of the list contradicts the credential."""
    listed = reading.list
    if listed.issuer_did != issuer:
        return (
            Reason.STATUS_ISSUER_MISMATCH,
            "The status list it names belongs to someone else than its issuer.",
        )
    if purpose is None:
        if listed.purpose is StatusPurpose.REFRESH:
            return Reason.STATUS_PURPOSE_MISMATCH, "The status list it names says nothing of its validity."
        return None
    if listed.purpose is not purpose:
        return Reason.STATUS_PURPOSE_MISMATCH, f"The status list it names is not one of {purpose.label}."
    if listed.bits_per_entry != size:
        return (
            Reason.STATUS_MALFORMED,
            "Its status entry and the official register disagree on the entry's size.",
        )
    return None


def _judge(
    reading: StatusReading, entry: object, question: Question, missing: tuple[Reason, str] | None, member: str
) -> Check:
    listed, source = reading.list, _source(reading)
    if listed.purpose is StatusPurpose.REVOCATION and reading.value and listed.intact:
        # Final on the ledger: a replica that lags has nothing to add.
        return _withdrawn(Reason.REVOKED, "Revoked", reading, question, member)
    obstacle = _obstacle(reading, question, missing)
    if obstacle is not None:
        return Check(CheckId.STATUS, Outcome.INDETERMINATE, *obstacle, question.now, member, source)
    if listed.purpose is StatusPurpose.SUSPENSION and reading.value:
        return _withdrawn(Reason.SUSPENDED, "Suspended", reading, question, member)
    if listed.purpose is StatusPurpose.MESSAGE and _is_token_entry(entry):
        return _judge_value(reading, question, member)
    reason, detail = _note(reading, entry)
    return Check(CheckId.STATUS, Outcome.PASSED, reason, detail, question.now, "", source)


def _is_token_entry(entry: object) -> bool:
    return isinstance(entry, Mapping) and TOKEN_STATUS_ENTRY in types_of(entry)


def _judge_value(reading: StatusReading, question: Question, member: str) -> Check:
    """Token Status List §7.1: 0 valid, 1 invalid, 2 suspended, any other the issuer's own."""
    if reading.value == 1:
        return _withdrawn(Reason.REVOKED, "Revoked", reading, question, member)
    if reading.value == 2:
        return _withdrawn(Reason.SUSPENDED, "Suspended", reading, question, member)
    reason, detail = Reason.OK, "Neither revoked nor suspended."
    if reading.value:
        reason, detail = Reason.STATUS_MESSAGE, f"The issuer set its status to {reading.value}."
    return Check(CheckId.STATUS, Outcome.PASSED, reason, detail, question.now, "", _source(reading))


def _obstacle(
    reading: StatusReading, question: Question, missing: tuple[Reason, str] | None
) -> tuple[Reason, str] | None:
    """Why the reading cannot be relied on."""
    listed, oldest = reading.list, question.policy.max_list_age
    if not listed.intact:
        return Reason.STATUS_LIST_CORRUPT, "The copy of its status list held here is damaged."
    if missing is None and oldest is not None and question.moment - listed.stamp.time > oldest:
        confirmed = readable(listed.stamp.time)
        return Reason.STATUS_STALE, f"Its status list was last confirmed on {confirmed}, too long ago."
    return missing


def _note(reading: StatusReading, entry: object) -> tuple[Reason, str]:
    """What an entry in good standing says."""
    match reading.list.purpose:
        case StatusPurpose.REFRESH if reading.value:
            return Reason.STATUS_REFRESH, "The issuer offers a newer version of this credential."
        case StatusPurpose.MESSAGE:
            words = _message(entry, reading.value)
            detail = f"The issuer notes: {words}." if words else f"The issuer set its note to {reading.value}."
            return (Reason.STATUS_MESSAGE if reading.value else Reason.OK), detail
        case purpose:
            return Reason.OK, _CLEAR[purpose]


_CLEAR = {
    StatusPurpose.REVOCATION: "Not revoked.",
    StatusPurpose.SUSPENSION: "Not suspended.",
    StatusPurpose.REFRESH: "No newer version is offered.",
}


def _withdrawn(reason: Reason, word: str, reading: StatusReading, question: Question, member: str) -> Check:
    changed = reading.changed
    since = changed.effective_at if changed else None
    detail = f"{word} by the issuer."
    if changed is not None:
        detail = (
            f"{word} by the issuer with effect from {readable(changed.effective_at)}, "
            f"recorded {readable(changed.stamp.time)}."
        )
    return Check(CheckId.STATUS, Outcome.FAILED, reason, detail, question.now, member, _source(reading), since)


def _message(entry: object, value: int) -> str:
    """Bitstring Status List §2.1, `statusMessage`: the signed words for a value."""
    messages = entry.get("statusMessage") if isinstance(entry, Mapping) else None
    for one in messages if isinstance(messages, list) else []:
        stated, words = (one.get("status"), one.get("message")) if isinstance(one, Mapping) else (None, None)
        if isinstance(stated, str) and isinstance(words, str) and _HEX(stated) and int(stated, 16) == value:
            return "".join(c for c in words[:200] if c.isprintable()).rstrip(".")
    return ""


def _source(reading: StatusReading) -> Source:
    stamp = reading.changed.stamp if reading.changed else reading.list.stamp
    return Source("ledger", reading.list.uri, stamp, reading.list.head.hex())


def _failed(
    reason: Reason,
    detail: str,
    question: Question,
    member: str = "/credentialStatus",
    source: Source | None = None,
) -> Check:
    return Check(CheckId.STATUS, Outcome.FAILED, reason, detail, question.now, member, source)
