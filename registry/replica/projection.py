"""What events make of the state: pure, state and block in, next state and changes out.

Heads and roots are recomputed. A mismatch makes that list corrupt and is told as a change; it never stops
the others. An event that cannot follow from the ones before at all (an issuer or a list nobody created, a
document version out of turn) means that we were not told everything: InconsistentLedger.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

from registry import events as ev
from registry.bindings import did_registry
from registry.bindings.addresses import keccak256
from registry.bindings.status_registry import list_id_of
from registry.changes import Change, ChangeKind
from registry.records import Accreditation, BlockStamp, PinnedDocument, Standing
from registry.replica.council import GovernanceEvent
from registry.replica.errors import InconsistentLedger
from registry.replica.state import LedgerState
from registry.replica.status_list import ListMismatch, StatusList

log = logging.getLogger(__name__)

MAX_LIST_BITS = 1 << 27  # StatusRegistry: 2**24 entries of 8 bits


class Projection:
    """Takes blocks in order, on top of a state that it leaves as it is.

    Lists are copied when first changed. `state()` gives the outcome; the projection has then done its work.
    """

    def __init__(self, base: LedgerState, last_change: int = 0) -> None:
        self.last_change = last_change
        self._head = base.head
        self._first = base.first
        self._issuers = dict(base.issuers)
        self._issuer_ids = dict(base.issuer_ids)
        self._documents = dict(base.documents)
        self._lists = dict(base.lists)
        self._list_ids = dict(base.list_ids)
        self._governance = base.governance
        self._ours: set[bytes] = set()  # lists that no reader holds
        self._changes: list[Change] = []

    def state(self) -> LedgerState:
        return LedgerState(
            self._head,
            self._issuers,
            self._issuer_ids,
            self._documents,
            self._lists,
            self._list_ids,
            self._first,
            self._governance,
        )

    def apply(self, batch: ev.BlockBatch) -> list[Change]:
        """What the block changed, numbered on from `last_change`. After InconsistentLedger, discard this."""
        if self._head is not None and batch.stamp.number <= self._head.number:
            raise InconsistentLedger(f"block {batch.stamp.number} came after {self._head.number}")
        self._changes = []
        for logged in batch.events:
            handle = _HANDLERS.get(type(logged.event))
            if handle is not None:
                handle(self, logged.event, batch.stamp)
        self._head = batch.stamp
        if self._first is None and batch.events:
            self._first = batch.stamp
        return self._changes

    # --- IssuerRegistry

    def _accredited(self, event: ev.IssuerAccredited, stamp: BlockStamp) -> None:
        if event.issuer_id in self._issuers or event.did in self._issuer_ids:
            raise InconsistentLedger(f"{event.did} is accredited twice")
        self._issuer_ids[event.did] = event.issuer_id
        self._issuers[event.issuer_id] = ()
        self._set_issuer(
            Accreditation(
                event.issuer_id, event.did, event.terms, Standing.ACTIVE, event.admin, frozenset(), stamp
            )
        )

    def _terms(self, event: ev.TermsChanged, stamp: BlockStamp) -> None:
        self._set_issuer(replace(self._issuer(event.issuer_id), terms=event.terms, stamp=stamp))

    def _standing(self, event: ev.StandingChanged, stamp: BlockStamp) -> None:
        issuer = self._issuer(event.issuer_id)
        self._set_issuer(replace(issuer, standing=event.standing, reason=event.reason, stamp=stamp))

    def _operator(self, event: ev.OperatorChanged, stamp: BlockStamp) -> None:
        issuer, operator = self._issuer(event.issuer_id), frozenset([event.operator])
        operators = issuer.operators | operator if event.enabled else issuer.operators - operator
        self._set_issuer(replace(issuer, operators=operators, stamp=stamp))

    def _admin(self, event: ev.AdminChanged, stamp: BlockStamp) -> None:
        self._set_issuer(replace(self._issuer(event.issuer_id), admin=event.admin, stamp=stamp))

    def _issuer(self, issuer_id: int) -> Accreditation:
        try:
            return self._issuers[issuer_id][-1]
        except KeyError:
            raise InconsistentLedger(f"nobody accredited issuer {issuer_id}") from None

    def _set_issuer(self, version: Accreditation) -> None:
        self._issuers[version.issuer_id] = (*self._issuers[version.issuer_id], version)
        self._tell(ChangeKind.ISSUER, version.did, version.stamp)

    # --- DidRegistry

    def _pinned(self, event: ev.DidDocumentPinned, stamp: BlockStamp) -> None:
        self._add_version(event, event.document, stamp)

    def _deactivated(self, event: ev.DidDeactivated, stamp: BlockStamp) -> None:
        self._add_version(event, b"", stamp)

    def _add_version(
        self, event: ev.DidDocumentPinned | ev.DidDeactivated, document: bytes, stamp: BlockStamp
    ) -> None:
        versions = self._documents.get(event.did, ())
        previous = versions[-1].head if versions else keccak256(event.did.encode())
        head = did_registry.next_head(previous, event.version, document)
        if event.version != len(versions) + 1 or event.head != head:
            raise InconsistentLedger(f"version {event.version} of {event.did} does not follow")
        deactivated = isinstance(event, ev.DidDeactivated)
        pinned = PinnedDocument(event.did, event.version, document, deactivated, head, stamp)
        self._documents[event.did] = (*versions, pinned)
        self._tell(ChangeKind.DID_DOCUMENT, event.did, stamp)

    # --- Council and Directory

    def _governed(self, event: GovernanceEvent, stamp: BlockStamp) -> None:
        self._governance = self._governance.after(event, stamp)
        if isinstance(event, ev.DirectoryEntryChanged):
            key = event.name
        elif isinstance(event, ev.MembersChanged | ev.RuleChanged):
            key = event.council
        else:
            key = "0x" + event.proposal_id.hex()
        self._tell(ChangeKind.GOVERNANCE, key, stamp)

    # --- StatusRegistry

    def _created(self, event: ev.StatusListCreated, stamp: BlockStamp) -> None:
        self._issuer(event.issuer_id)
        if event.list_id != list_id_of(event.uri):
            raise InconsistentLedger(f"{event.uri} is created under another list's id")
        registry = self._governance.target_of("StatusRegistry")
        if event.list_id in self._lists:
            self._carried_on(event, registry, stamp)
            return
        try:
            if event.size * event.bits_per_entry > MAX_LIST_BITS:
                raise ValueError("too large")
            made = StatusList(event, stamp, registry)
        except ValueError as error:
            raise InconsistentLedger(f"{event.uri} has a size no list has: {error}") from error
        self._lists[event.list_id] = made
        self._ours.add(event.list_id)
        self._list_ids[event.uri] = event.list_id
        self._tell(ChangeKind.LIST_CREATED, event.uri, stamp)
        if made.corrupt:
            self._corrupt(made, stamp, "it was created with a wrong root or head")

    def _carried_on(self, event: ev.StatusListCreated, registry: str, stamp: BlockStamp) -> None:
        """A list there is already may be created once more by each successor of its registry."""
        it = self._own(event.list_id)
        if any(registry == has_it for _, has_it in it.continued):
            raise InconsistentLedger(f"{event.uri} is created twice")
        if it.corrupt:
            return
        try:
            it.carry_on(event, registry, stamp)
        except ListMismatch as mismatch:
            self._corrupt(it, stamp, str(mismatch))
            return
        self._tell(ChangeKind.LIST_CREATED, it.uri, stamp)

    def _published(self, event: ev.StatusPublished, stamp: BlockStamp) -> None:
        it = self._own(event.list_id)
        if it.corrupt:
            return
        try:
            values = it.publish(event, stamp)
        except ListMismatch as mismatch:
            self._corrupt(it, stamp, str(mismatch))
            return
        kind = ChangeKind.STATUS if event.delta else ChangeKind.HEARTBEAT
        self._tell(kind, it.uri, stamp, tuple(values), event.effective_at)

    def _closed(self, event: ev.StatusListClosed, stamp: BlockStamp) -> None:
        it = self._own(event.list_id)
        if it.corrupt:
            return
        if event.seq != it.published:
            self._corrupt(it, stamp, f"closed after update {event.seq}, which we have not seen")
            return
        it.closed = stamp
        self._tell(ChangeKind.LIST_CLOSED, it.uri, stamp)

    def _moved(self, event: ev.StatusListMoved, stamp: BlockStamp) -> None:
        """Told as a change of both issuers: what either of them vouches for is no longer the same."""
        it = self._own(event.list_id)
        giver, taker = self._issuer(event.from_issuer), self._issuer(event.to_issuer)
        if it.owners[-1][1] != event.from_issuer:
            raise InconsistentLedger(f"{it.uri} is moved from an issuer that does not have it")
        it.owners = (*it.owners, (stamp, event.to_issuer))
        for issuer in (giver, taker):
            self._tell(ChangeKind.ISSUER, issuer.did, stamp)

    def _own(self, list_id: bytes) -> StatusList:
        it = self._lists.get(list_id)
        if it is None:
            raise InconsistentLedger(f"nobody created status list {list_id.hex()}")
        if list_id not in self._ours:
            it = self._lists[list_id] = it.copy()
            self._ours.add(list_id)
        return it

    def _corrupt(self, it: StatusList, stamp: BlockStamp, why: str) -> None:
        it.corrupt = stamp
        log.error("status list %s is corrupt from block %d on: %s", it.uri, stamp.number, why)
        self._tell(ChangeKind.LIST_CORRUPT, it.uri, stamp)

    def _tell(
        self,
        kind: ChangeKind,
        key: str,
        stamp: BlockStamp,
        values: tuple[tuple[int, int], ...] = (),
        effective_at: int | None = None,
    ) -> None:
        self.last_change += 1
        self._changes.append(Change(self.last_change, kind, key, stamp, values, effective_at))


# Who owns a contract is no part of what verification asks about: those events change nothing here.
_HANDLERS: dict[type, Callable[[Projection, Any, BlockStamp], None]] = {
    ev.IssuerAccredited: Projection._accredited,
    ev.TermsChanged: Projection._terms,
    ev.StandingChanged: Projection._standing,
    ev.OperatorChanged: Projection._operator,
    ev.AdminChanged: Projection._admin,
    ev.DidDocumentPinned: Projection._pinned,
    ev.DidDeactivated: Projection._deactivated,
    ev.StatusListCreated: Projection._created,
    ev.StatusPublished: Projection._published,
    ev.StatusListClosed: Projection._closed,
    ev.StatusListMoved: Projection._moved,
    **dict.fromkeys(get_args(GovernanceEvent), Projection._governed),
}
