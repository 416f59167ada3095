"""Whom a change touches, found by index: one flipped bit costs work for the people it concerns alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from sqlmodel import Session, col, select

from node.monitoring.enrolment import Enrolment, WatchedEntry, WatchedIssuer
from node.store.tables import AlertRow, EnrolmentRow, WatchedEntryRow, WatchedIssuerRow
from node.verification.verdict import Decision
from registry.changes import Change, ChangeKind

_AT_A_TIME = 500  # well under the number of parameters a statement may have

T = TypeVar("T")


def touched_by(session: Session, change: Change) -> list[Enrolment]:
    """Every enrolment that names what `change` is about, in the order of their ids."""
    match change.kind:
        case ChangeKind.STATUS:
            ids = _watching_entries(session, change.key, [index for index, _ in change.values])
        case ChangeKind.LIST_CLOSED | ChangeKind.LIST_CORRUPT:
            watching = select(WatchedEntryRow.enrolment_id).where(col(WatchedEntryRow.list_uri) == change.key)
            ids = set(session.exec(watching))
        case ChangeKind.ISSUER | ChangeKind.DID_DOCUMENT:
            issued = select(EnrolmentRow.id).where(col(EnrolmentRow.issuer_did) == change.key)
            inside = select(WatchedIssuerRow.enrolment_id).where(col(WatchedIssuerRow.did) == change.key)
            ids = {*session.exec(issued), *session.exec(inside)}
        case _:
            return []
    return load(session, ids)


def told_of(session: Session, seq: int) -> set[str]:
    """The ids of the enrolments that change `seq` was alerted for."""
    return set(session.exec(select(AlertRow.enrolment_id).where(col(AlertRow.change_seq) == seq)))


def load(session: Session, ids: Iterable[str]) -> list[Enrolment]:
    """The enrolments of these ids that are still there, in the order of their ids."""
    loaded: list[Enrolment] = []
    for some in in_pieces(sorted(set(ids))):
        entries: defaultdict[str, list[WatchedEntry]] = defaultdict(list)
        watched = select(WatchedEntryRow).where(col(WatchedEntryRow.enrolment_id).in_(some))
        for entry in session.exec(watched.order_by(col(WatchedEntryRow.position))):
            entries[entry.enrolment_id].append(
                WatchedEntry(entry.list_uri, entry.entry_index, entry.purpose, entry.member)
            )
        issuers: defaultdict[str, list[WatchedIssuer]] = defaultdict(list)
        inside = select(WatchedIssuerRow).where(col(WatchedIssuerRow.enrolment_id).in_(some))
        for issuer in session.exec(inside.order_by(col(WatchedIssuerRow.position))):
            issuers[issuer.enrolment_id].append(WatchedIssuer(issuer.did, issuer.member))
        rows = select(EnrolmentRow).where(col(EnrolmentRow.id).in_(some)).order_by(col(EnrolmentRow.id))
        loaded += (_enrolment(row, entries[row.id], issuers[row.id]) for row in session.exec(rows))
    return loaded


def _watching_entries(session: Session, uri: str, indexes: Sequence[int]) -> set[str]:
    ids: set[str] = set()
    for some in in_pieces(indexes):
        watching = select(WatchedEntryRow.enrolment_id).where(
            col(WatchedEntryRow.list_uri) == uri, col(WatchedEntryRow.entry_index).in_(some)
        )
        ids.update(session.exec(watching))
    return ids


def _enrolment(
    row: EnrolmentRow, watched: Iterable[WatchedEntry], inside: Iterable[WatchedIssuer]
) -> Enrolment:
    return Enrolment(
        id=row.id,
        reference=row.reference,
        credential_digest=row.credential_digest,
        issuer_did=row.issuer_did,
        valid_until=row.valid_until,
        watched=tuple(watched),
        decision=Decision(row.decision),
        decided_at=row.decided_at,
        enrolled_at=row.enrolled_at,
        since_seq=row.since_seq,
        enclosed_issuers=tuple(inside),
    )


def in_pieces(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """So many that one statement may name them all."""
    for start in range(0, len(values), _AT_A_TIME):
        yield values[start : start + _AT_A_TIME]
