"""What a credential says of where its status is kept: `credentialStatus`, or `status` of an SD-JWT VC.

Bitstring Status List 1.0 and its predecessor StatusList2021 name the same thing: a list, an index, a purpose.
A Token Status List names no purpose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from node.verification.proofs.sd_jwt_claims import TOKEN_STATUS_ENTRY
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.secured import types_of
from registry.records import StatusPurpose

ENTRY_TYPES = ("BitstringStatusListEntry", "StatusList2021Entry", TOKEN_STATUS_ENTRY)
MAX_ENTRIES = 16  # that one credential may name
MAX_ENTRY_BITS = 8

_INDEX = re.compile(r"0|[1-9]\d{0,9}", re.ASCII).fullmatch
_PURPOSES = {purpose.label: purpose for purpose in StatusPurpose}
# Where the parts of a Token Status List's entry stand in the token itself.
_TOKEN_MEMBERS = {"statusListCredential": "uri", "statusListIndex": "idx"}


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """One entry, in a form that can be looked up."""

    type: str  # of ENTRY_TYPES
    uri: str  # of the list
    index: int
    purpose: StatusPurpose | None  # None: of a Token Status List
    bits: int | None  # `statusSize`; None: of a Token Status List, which says it itself
    stated: Mapping[str, Any]
    member: str  # JSON pointer to it


def stated_entries(credential: Mapping[str, Any]) -> list[tuple[object, str]]:
    """What stands as `credentialStatus`, one or several, and a JSON pointer to each."""
    stated = credential.get("credentialStatus")
    if stated is None:
        return []
    if not isinstance(stated, list):
        return [(stated, "/credentialStatus")]
    return [(one, f"/credentialStatus/{i}") for i, one in enumerate(stated)]


def read_entry(stated: object, member: str) -> StatusEntry:
    """Raises Refused: STATUS_MALFORMED, STATUS_TYPE_UNSUPPORTED."""
    if not isinstance(stated, dict):
        raise Refused(Reason.STATUS_MALFORMED, "Its status entry cannot be read.", member)
    types = types_of(stated)
    for type_ in ENTRY_TYPES:
        if type_ in types:
            break
    else:
        raise Refused(
            Reason.STATUS_TYPE_UNSUPPORTED, "Its status is kept in a way that cannot be checked here.", member
        )
    uri, index = stated.get("statusListCredential"), stated.get("statusListIndex")
    if not isinstance(uri, str) or not 0 < len(uri) <= 2048:
        raise _malformed("Its status entry names no list.", type_, member, "statusListCredential")
    # Bitstring Status List §2.1: "an arbitrary size integer greater than or equal to 0, expressed as a string"
    if not isinstance(index, str) or not _INDEX(index):
        raise _malformed("Its status entry names no usable index.", type_, member, "statusListIndex")
    if type_ == TOKEN_STATUS_ENTRY:
        return StatusEntry(type_, uri, int(index), None, None, stated, "/status/status_list")
    named = stated.get("statusPurpose")
    purpose = _PURPOSES.get(named) if isinstance(named, str) else None
    if purpose is None:
        raise _malformed("Its status entry names no known purpose.", type_, member, "statusPurpose")
    bits = stated.get("statusSize", 1)
    if type(bits) is not int or not 0 < bits <= MAX_ENTRY_BITS:
        raise _malformed("Its status entry has an impossible size.", type_, member, "statusSize")
    return StatusEntry(type_, uri, int(index), purpose, bits, stated, member)


def _malformed(detail: str, type_: str, member: str, name: str) -> Refused:
    if type_ == TOKEN_STATUS_ENTRY:
        member, name = "/status/status_list", _TOKEN_MEMBERS[name]
    return Refused(Reason.STATUS_MALFORMED, detail, f"{member}/{name}")
