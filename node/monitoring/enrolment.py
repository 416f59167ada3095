"""An enrolment: a credential that somebody relies on, and what of the ledger it hangs on. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from node.errors import Invalid
from node.verification.dates import unix_time
from node.verification.proofs.sd_jwt_claims import TOKEN_STATUS_ENTRY
from node.verification.refusals import Refused
from node.verification.verdict import CheckId, CredentialVerdict, Decision
from registry.records import StatusListRecord, StatusPurpose

RELIED_ON = frozenset({Decision.ACCEPT, Decision.REVIEW})
"""Decisions somebody may rely on: only such credentials are enrolled."""

MAX_REFERENCE_CHARS = 256


class EnrolmentRefused(Invalid):
    """The credential cannot be enrolled; the message says why."""


@dataclass(frozen=True, slots=True)
class WatchedEntry:
    """One entry of `credentialStatus`, or of the `status` of an SD-JWT VC."""

    list_uri: str
    index: int
    purpose: str  # `statusPurpose`; TOKEN_STATUS_ENTRY where the values themselves say what they mean
    member: str = ""  # JSON pointer to the credential inside it that names the entry; empty: it names it itself


@dataclass(frozen=True, slots=True)
class WatchedIssuer:
    """The issuer of a credential inside the one that is enrolled."""

    did: str
    member: str  # JSON pointer to that credential


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Times are Unix seconds."""

    id: str
    reference: str  # the relying party's own identifier of the person
    credential_digest: str  # SHA-256 of the secured credential, hex
    issuer_did: str
    valid_until: int | None
    watched: tuple[WatchedEntry, ...]
    decision: Decision  # the latest
    decided_at: int
    enrolled_at: int
    since_seq: int  # changes up to this one were known when it was verified
    enclosed_issuers: tuple[WatchedIssuer, ...] = ()


@dataclass(frozen=True, slots=True)
class Enrollable:
    """What an enrolment takes from a verdict."""

    secured: bytes  # the credential as it can be verified again
    digest: str
    issuer_did: str
    valid_until: int | None
    watched: tuple[WatchedEntry, ...]
    enclosed_issuers: tuple[WatchedIssuer, ...] = ()


def enrollable(
    found: CredentialVerdict,
    compact: str | None = None,
    *,
    status_list: Callable[[str], StatusListRecord | None] = lambda _: None,
) -> Enrollable:
    """Read a verified credential. `compact`: the JWS or SD-JWT, for one that is secured by an envelope;
    `status_list`: the ledger's record of a list, which tells what a Token Status List is for.

    Raises EnrolmentRefused when nobody may rely on it, or it could not be verified again or not be watched.
    """
    if found.decision not in RELIED_ON:
        raise EnrolmentRefused(f"only an accepted credential can be enrolled; this one: {found.decision}")
    if found.credential is None:
        raise EnrolmentRefused("the credential could not be read")
    credential = found.credential
    entries = _watched(found, credential, status_list)
    if compact:
        secured = _without_binding(compact).encode("ascii")
    elif "proof" in credential:
        secured = orjson.dumps(credential, option=orjson.OPT_SORT_KEYS)
    else:
        raise EnrolmentRefused("the credential carries no proof and came without its envelope")
    issuers: list[WatchedIssuer] = []
    for member, inner, inside in _inside(found):
        try:
            entries += _watched(inner, inside, status_list, member)
            issuers.append(WatchedIssuer(_issuer(inside), member))
        except EnrolmentRefused as refused:
            if inner.decision in RELIED_ON:  # else it counts for nothing, whatever becomes of it
                raise EnrolmentRefused(
                    f"a credential inside it: {refused}", f"{member}{refused.member}"
                ) from refused
    return Enrollable(
        secured=secured,
        digest=hashlib.sha256(secured).hexdigest(),
        issuer_did=_issuer(credential),
        valid_until=_valid_until(credential),
        watched=tuple(dict.fromkeys(entries)),
        enclosed_issuers=tuple(issuers),
    )


def _inside(
    found: CredentialVerdict, member: str = ""
) -> Iterator[tuple[str, CredentialVerdict, Mapping[str, Any]]]:
    """Every credential inside that has a proof that holds, at any depth, and the JSON pointer to it."""
    for one in found.enclosed:
        if one.verdict.credential is not None:
            place = f"{member}{one.member}"
            yield place, one.verdict, one.verdict.credential
            yield from _inside(one.verdict, place)


def _without_binding(compact: str) -> str:
    """An SD-JWT without what its holder signed for one occasion; a JWS as it is."""
    before, tilde, _ = compact.rpartition("~")
    return before + tilde if tilde else compact


def _issuer(credential: Mapping[str, Any]) -> str:
    issuer = credential.get("issuer")
    named = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    if not isinstance(named, str) or not named:
        raise EnrolmentRefused("the credential names no issuer", "/issuer")
    return named


def _valid_until(credential: Mapping[str, Any]) -> int | None:
    """`validUntil` (VCDM 2.0 §4.9) or `expirationDate` (1.1)."""
    for member in ("validUntil", "expirationDate"):
        if member in credential:
            try:
                return unix_time(credential[member], f"/{member}")
            except Refused as refused:
                raise EnrolmentRefused(refused.detail, refused.member) from refused
    return None


def _watched(
    found: CredentialVerdict,
    credential: Mapping[str, Any],
    status_list: Callable[[str], StatusListRecord | None],
    member: str = "",
) -> list[WatchedEntry]:
    """The entries of `credentialStatus` (Bitstring Status List §2.1): one object or several."""
    if any(one.id is CheckId.STATUS and one.source and one.source.kind == "web" for one in found.checks):
        raise EnrolmentRefused(
            "its status list is not on the ledger: nobody would be told of a change", "/credentialStatus"
        )
    status = credential.get("credentialStatus", [])
    entries = status if isinstance(status, list) else [status]
    return [
        replace(_entry(entry, f"/credentialStatus/{number}", status_list), member=member)
        for number, entry in enumerate(entries)
    ]


def _entry(entry: object, member: str, status_list: Callable[[str], StatusListRecord | None]) -> WatchedEntry:
    match entry:
        case {"statusListCredential": str(uri), "statusListIndex": str() | int() as index, **others}:
            purpose = _purpose(others, uri, status_list)
            digits = str(index)
            if purpose and digits.isascii() and digits.isdigit() and len(digits) <= 10:
                return WatchedEntry(uri, int(digits), purpose)
    raise EnrolmentRefused("the credential's status is of a kind that cannot be monitored", member)


def _purpose(entry: Mapping[Any, Any], uri: str, status_list: Callable[[str], StatusListRecord | None]) -> str:
    """Empty: it cannot be told."""
    if entry.get("type") != TOKEN_STATUS_ENTRY:
        stated = entry.get("statusPurpose")
        return stated if isinstance(stated, str) else ""
    record = status_list(uri)
    if record is None:
        return ""
    return TOKEN_STATUS_ENTRY if record.purpose is StatusPurpose.MESSAGE else record.purpose.label
