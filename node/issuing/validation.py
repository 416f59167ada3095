"""What is issued is checked first: nobody should find out at a hospital's desk that a licence was malformed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from node.issuing.refusals import IssuingRefused
from node.verification.dates import unix_time
from node.verification.proofs.contexts import VCDM_1, VCDM_2
from node.verification.refusals import Refused
from registry.records import StatusListRecord

_URL = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20<>\"{}|\\^`]+"
).fullmatch  # RFC 3986: no such characters
_INDEX = re.compile(r"[0-9]{1,10}", re.ASCII).fullmatch
STATUS_ENTRY = "BitstringStatusListEntry"


def completed(
    credential: Mapping[str, Any], did: str, status_list: Callable[[str], StatusListRecord | None]
) -> dict[str, Any]:
    """A copy with its issuer filled in, checked against VCDM 2.0 §4 or 1.1 §4. Raises IssuingRefused.

    `did` is who issues; `status_list` gives a list by its address, None for one the ledger does not know.
    """
    whole = dict(credential)
    version = _version(whole)
    _check_types(whole)
    _check_identifier(whole)
    whole["issuer"] = _issuer(whole, did)
    _check_subjects(whole)
    if version == VCDM_2:
        _check_period(whole, "validFrom", "validUntil", old=("issuanceDate", "expirationDate"))
    else:
        if "issuanceDate" not in whole:  # VCDM 1.1 §4.6
            raise IssuingRefused("a credential of version 1.1 says when it was issued", "/issuanceDate")
        _check_period(whole, "issuanceDate", "expirationDate", old=())
    _check_status(whole, did, status_list)
    return whole


def is_version_2(credential: Mapping[str, Any]) -> bool:
    """Whether it is of the data model 2.0, known by its first context."""
    return _version(credential) == VCDM_2


def _version(credential: Mapping[str, Any]) -> str:
    """VCDM 2.0 §4.3: an ordered set whose first item is the base context."""
    contexts = credential.get("@context")
    if isinstance(contexts, list) and contexts and contexts[0] in (VCDM_1, VCDM_2):
        return str(contexts[0])
    raise IssuingRefused(f"the first context is {VCDM_2}", "/@context")


def _check_types(credential: Mapping[str, Any]) -> None:
    """§4.5: VerifiableCredential, and what more it is."""
    types = credential.get("type")
    named = types if isinstance(types, list) else [types]
    if "VerifiableCredential" not in named or not all(isinstance(one, str) and one for one in named):
        raise IssuingRefused("the types are texts, VerifiableCredential among them", "/type")


def _check_identifier(credential: Mapping[str, Any]) -> None:
    """§4.4: one URL. A credential needs none."""
    if "id" in credential and not _is_url(credential["id"]):
        raise IssuingRefused("the id of a credential is a URL, for instance urn:uuid:…", "/id")


def _issuer(credential: Mapping[str, Any], did: str) -> str | dict[str, Any]:
    """§4.7: a URL, or an object with one as its id. Ours, and no other."""
    issuer = credential.get("issuer", did)
    if isinstance(issuer, str) and issuer == did:
        return issuer
    if isinstance(issuer, dict) and issuer.get("id", did) == did:
        return {"id": did} | issuer
    raise IssuingRefused(f"this node issues as {did} and as nobody else", "/issuer")


def _check_subjects(credential: Mapping[str, Any]) -> None:
    """§4.8: one or more objects, none of them empty."""
    subjects = credential.get("credentialSubject")
    several = subjects if isinstance(subjects, list) else [subjects]
    if not several:
        raise IssuingRefused("a credential has a subject", "/credentialSubject")
    for one in several:
        if not isinstance(one, dict) or not one:
            raise IssuingRefused("a credential says something of its subject", "/credentialSubject")
        if "id" in one and not _is_url(one["id"]):
            raise IssuingRefused("the id of a subject is a URL", "/credentialSubject/id")


def _check_period(credential: Mapping[str, Any], first: str, last: str, old: tuple[str, ...]) -> None:
    """§4.9: dates that are dates, the last not before the first."""
    for member in old:
        if member in credential:
            raise IssuingRefused("a credential of version 2.0 has validFrom and validUntil", f"/{member}")
    times = {}
    for member in (first, last):
        if member in credential:
            try:
                times[member] = unix_time(credential[member], f"/{member}")
            except Refused as refused:
                raise IssuingRefused(refused.detail, refused.member) from refused
    if len(times) == 2 and times[last] < times[first]:
        raise IssuingRefused("it would end before it begins", f"/{last}")


def _check_status(
    credential: Mapping[str, Any], did: str, status_list: Callable[[str], StatusListRecord | None]
) -> None:
    """§4.10 and Bitstring Status List §2.1: entries of lists that are ours, and that exist."""
    if "credentialStatus" not in credential:
        return
    status = credential["credentialStatus"]
    several = status if isinstance(status, list) else [status]
    for number, entry in enumerate(several):
        member = f"/credentialStatus/{number}" if isinstance(status, list) else "/credentialStatus"
        if not isinstance(entry, dict) or not isinstance(entry.get("type"), str):
            raise IssuingRefused("a status is an object with a type", member)
        if entry["type"] == STATUS_ENTRY or "statusListCredential" in entry:
            _check_entry(entry, member, did, status_list)


def _check_entry(
    entry: Mapping[str, Any], member: str, did: str, status_list: Callable[[str], StatusListRecord | None]
) -> None:
    uri, index = entry.get("statusListCredential"), entry.get("statusListIndex")
    if entry["type"] != STATUS_ENTRY:
        raise IssuingRefused(f"an entry of a status list is a {STATUS_ENTRY}", f"{member}/type")
    record = status_list(uri) if isinstance(uri, str) else None
    if record is None or record.issuer_did != did:
        raise IssuingRefused("not a status list of this issuer", f"{member}/statusListCredential")
    if record.closed:
        raise IssuingRefused("the status list is closed", f"{member}/statusListCredential")
    # §2.1: "expressed as a string".
    if not isinstance(index, str) or not _INDEX(index) or int(index) >= record.size:
        raise IssuingRefused(f"an index is a text, 0 … {record.size - 1}", f"{member}/statusListIndex")
    if entry.get("statusPurpose") != record.purpose.label:
        raise IssuingRefused(f"the list's purpose is {record.purpose.label}", f"{member}/statusPurpose")
    if entry.get("statusSize", 1) != record.bits_per_entry:
        raise IssuingRefused(f"the list has {record.bits_per_entry} bits an entry", f"{member}/statusSize")


def _is_url(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 2048 and _URL(value) is not None
