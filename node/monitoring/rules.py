"""What a change on the ledger means for whoever relies on a credential. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from node.monitoring.enrolment import Enrolment, WatchedEntry
from node.verification.dates import readable
from node.verification.proofs.sd_jwt_claims import TOKEN_STATUS_ENTRY
from registry.changes import Change, ChangeKind
from registry.records import Accreditation, Standing


class FindingKind(StrEnum):
    """What happened, as a client acts on it."""

    REVOKED = "revoked"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    STATUS_CHANGED = "status_changed"  # of a list that says something else: a message, a refresh
    LIST_CLOSED = "status_list_closed"
    LIST_CORRUPT = "status_list_corrupt"
    ISSUER_SUSPENDED = "issuer_suspended"
    ISSUER_REINSTATED = "issuer_reinstated"
    ISSUER_WITHDRAWN = "issuer_withdrawn"
    ISSUER_CHANGED = "issuer_changed"
    DID_DOCUMENT_CHANGED = "did_document_changed"
    CHANGE_WITHDRAWN = "change_withdrawn"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell about one enrolment.

    `material`: worth telling by itself. Otherwise it is told only when it turned the decision: a board
    that adds a key must not alarm a hospital about every nurse.
    """

    kind: FindingKind
    detail: str  # one plain sentence
    entry_index: int | None = None
    material: bool = True
    member: str = ""  # JSON pointer to the credential inside it that this is about, the first of several


@dataclass(frozen=True, slots=True)
class Accreditations:
    """An issuer just before a change and with it; None where it was not accredited."""

    before: Accreditation | None
    after: Accreditation | None


def findings(change: Change, enrolment: Enrolment, issuer: Accreditations | None = None) -> tuple[Finding, ...]:
    """What `change` means for `enrolment`; empty when it does not concern it.

    `issuer` is needed for changes of kind ISSUER alone: the feed says that an issuer changed, the ledger how.
    """
    match change.kind:
        case ChangeKind.STATUS:
            return tuple(_status(change, enrolment))
        case ChangeKind.LIST_CLOSED:
            detail = "The issuer closed the status list: no further change will show."
            found = Finding(FindingKind.LIST_CLOSED, detail)
            return _told(found, _watching(enrolment, change.key))
        case ChangeKind.LIST_CORRUPT:
            detail = "The status list does not match its record: its status cannot be told."
            found = Finding(FindingKind.LIST_CORRUPT, detail)
            return _told(found, _watching(enrolment, change.key))
        case ChangeKind.DID_DOCUMENT:
            detail = "The issuer published a new DID document."
            found = Finding(FindingKind.DID_DOCUMENT_CHANGED, detail, material=False)
            return _told(found, _issued(enrolment, change.key))
        case ChangeKind.ISSUER if issuer is not None:
            return _told(_issuer(issuer), _issued(enrolment, change.key))
    return ()


def withdrawn(original: Change, enrolment: Enrolment, *, told: bool) -> tuple[Finding, ...]:
    """A reorganisation undid `original`. Whoever was told of it has to be told this too."""
    places = _issued(enrolment, original.key) or _watching(enrolment, original.key)
    detail = "The ledger took back a change it had reported: the status is again what it was before."
    found = Finding(FindingKind.CHANGE_WITHDRAWN, detail, material=told)
    return _told(found, places or ([""] if told else []))


def _told(found: Finding, places: Sequence[str]) -> tuple[Finding, ...]:
    """One finding about all `places` (JSON pointers; empty: the enrolled credential itself) it concerns.

    The same credential may stand in several places of a record, and one issuer may have signed all of them.
    """
    if not places:
        return ()
    if "" in places:
        return (found,)
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    about = f"About the credential inside it at {places[0]}{more}: {found.detail}"
    return (replace(found, detail=about, member=places[0]),)


def _watching(enrolment: Enrolment, uri: str) -> list[str]:
    return list(dict.fromkeys(entry.member for entry in enrolment.watched if entry.list_uri == uri))


def _issued(enrolment: Enrolment, did: str) -> list[str]:
    itself = [""] if enrolment.issuer_did == did else []
    return itself + [issuer.member for issuer in enrolment.enclosed_issuers if issuer.did == did]


def _status(change: Change, enrolment: Enrolment) -> Iterator[Finding]:
    values = dict(change.values)
    told: dict[tuple[FindingKind, int], tuple[Finding, list[str]]] = {}  # of each kind one alert an entry
    for entry in enrolment.watched:
        if entry.list_uri == change.key and entry.index in values:
            found = _entry(entry, values[entry.index], change.effective_at)
            told.setdefault((found.kind, entry.index), (found, []))[1].append(entry.member)
    for found, members in told.values():
        yield from _told(found, list(dict.fromkeys(members)))


def _entry(entry: WatchedEntry, value: int, effective_at: int | None) -> Finding:
    since = f" with effect from {readable(effective_at)}" if effective_at is not None else ""
    match entry.purpose, value:
        case ("revocation" | "status_list", 1):
            return Finding(FindingKind.REVOKED, f"The issuer revoked the credential{since}.", entry.index)
        case ("suspension", 1) | ("status_list", 2):
            return Finding(FindingKind.SUSPENDED, f"The issuer suspended the credential{since}.", entry.index)
        case "suspension", 0:
            return Finding(FindingKind.REINSTATED, f"The issuer lifted the suspension{since}.", entry.index)
        case "status_list", 0:  # Token Status List §7.1: neither invalid nor suspended, whatever it was
            return Finding(FindingKind.REINSTATED, f"The issuer made the credential valid{since}.", entry.index)
    which = "" if entry.purpose == TOKEN_STATUS_ENTRY else f"{entry.purpose} "
    detail = f"The issuer set the credential's {which}status to {value}{since}."
    return Finding(FindingKind.STATUS_CHANGED, detail, entry.index)


_STANDINGS = {
    Standing.SUSPENDED: (FindingKind.ISSUER_SUSPENDED, "The issuer's accreditation is suspended."),
    Standing.WITHDRAWN: (FindingKind.ISSUER_WITHDRAWN, "The issuer's accreditation was withdrawn."),
    Standing.ACTIVE: (FindingKind.ISSUER_REINSTATED, "The issuer is accredited again."),
}


def _issuer(issuer: Accreditations) -> Finding:
    before, after = issuer.before, issuer.after
    if before is not None and after is not None and before.standing is not after.standing:
        return Finding(*_STANDINGS[after.standing])
    # Its terms, its keys or its lists: whether that matters to this credential, the decision tells.
    return Finding(FindingKind.ISSUER_CHANGED, "The issuer's entry in the registry changed.", material=False)
