"""Step 5, the last part: what the value of a status entry says of its credential, wherever it was read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from node.verification.dates import readable
from node.verification.proofs.sd_jwt_claims import TOKEN_STATUS_ENTRY
from node.verification.reasons import Reason
from node.verification.status_entry import StatusEntry
from node.verification.verdict import Check, CheckId, Outcome, Source
from registry.records import StatusChange, StatusPurpose

_HEX = re.compile(r"0x[0-9a-fA-F]{1,4}").fullmatch


class Reading(NamedTuple):
    """The value of an entry that may be relied on."""

    entry: StatusEntry
    purpose: StatusPurpose
    value: int
    source: Source
    now: int  # Unix seconds: the reference time
    changed: StatusChange | None = None  # None: not known when it came to be so
    told_by: str = ""  # appended to the sentence: where from, if it is not the register


def judge(reading: Reading) -> Check:
    """Revocation and suspension fail; a note or a newer version is for a person to see."""
    purpose, value, token = reading.purpose, reading.value, reading.entry.type == TOKEN_STATUS_ENTRY
    clear = None if value else _CLEAR.get(purpose)
    if clear is not None:  # as nearly always
        return _passed(reading, Reason.OK, clear)
    if purpose is StatusPurpose.MESSAGE and token:
        return _token_value(reading)
    if purpose is StatusPurpose.REVOCATION:
        return withdrawn(reading, Reason.REVOKED, "Revoked")
    if purpose is StatusPurpose.SUSPENSION:
        return withdrawn(reading, Reason.SUSPENDED, "Suspended")
    if purpose is StatusPurpose.REFRESH:
        return _passed(reading, Reason.STATUS_REFRESH, "The issuer offers a newer version of this credential")
    words = _message(reading.entry.stated, value)
    detail = f"The issuer notes: {words}" if words else f"The issuer set its note to {value}"
    return _passed(reading, Reason.STATUS_MESSAGE if value else Reason.OK, detail)


_CLEAR = {
    StatusPurpose.REVOCATION: "Not revoked",
    StatusPurpose.SUSPENSION: "Not suspended",
    StatusPurpose.REFRESH: "No newer version is offered",
}


def withdrawn(reading: Reading, reason: Reason, word: str) -> Check:
    changed = reading.changed
    detail = f"{word} by the issuer{reading.told_by}."
    if changed is not None:
        detail = (
            f"{word} by the issuer with effect from {readable(changed.effective_at)}, "
            f"recorded {readable(changed.stamp.time)}."
        )
    since = changed.effective_at if changed else None
    member = reading.entry.member
    return Check(CheckId.STATUS, Outcome.FAILED, reason, detail, reading.now, member, reading.source, since)


def _token_value(reading: Reading) -> Check:
    """Token Status List §7.1: 0 valid, 1 invalid, 2 suspended, any other the issuer's own."""
    if reading.value == 1:
        return withdrawn(reading, Reason.REVOKED, "Revoked")
    if reading.value == 2:
        return withdrawn(reading, Reason.SUSPENDED, "Suspended")
    if reading.value:
        return _passed(reading, Reason.STATUS_MESSAGE, f"The issuer set its status to {reading.value}")
    return _passed(reading, Reason.OK, "Neither revoked nor suspended")


def _passed(reading: Reading, reason: Reason, words: str) -> Check:
    detail = f"{words}{reading.told_by}."
    return Check(CheckId.STATUS, Outcome.PASSED, reason, detail, reading.now, "", reading.source)


def _message(entry: Mapping[str, Any], value: int) -> str:
    """Bitstring Status List §2.1, `statusMessage`: the signed words for a value."""
    messages = entry.get("statusMessage")
    for one in messages if isinstance(messages, list) else []:
        stated, words = (one.get("status"), one.get("message")) if isinstance(one, Mapping) else (None, None)
        if isinstance(stated, str) and isinstance(words, str) and _HEX(stated) and int(stated, 16) == value:
            return "".join(c for c in words[:200] if c.isprintable()).rstrip(".")
    return ""
