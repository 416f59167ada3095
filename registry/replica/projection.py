"""What events make of the state: pure, state and block in, next state and changes out.

Heads and roots are recomputed. A mismatch makes that list corrupt and is told as a change; it never stops
the others. An event that cannot follow from the ones before at all (an issuer or a list nobody created, a
document version out of turn) means that we were not told everything: InconsistentLedger.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import replace
from typing import Any, get_args

from registry import events as ev
from registry.bindings import did_registry
from registry.bindings.addresses import keccak256
from registry.changes import Change, ChangeKind
from registry.records import Accreditation, BlockStamp, PinnedDocument, Standing
from registry.replica.change_log import ChangeLog
from registry.replica.council import GovernanceEvent
from registry.replica.errors import InconsistentLedger
from registry.replica.list_projection import ListProjection
from registry.replica.state import LedgerState


class Projection:
    """Takes blocks in order, on top of a state that it leaves as it is.

    `state()` gives the outcome; the projection has then done its work. `vouched`: lists whose updates' heads
    and roots are found right elsewhere, see `root_checker.py`.
    """

    def __init__(
        self, base: LedgerState, last_change: int = 0, vouched: Container[bytes] = frozenset()
    ) -> None:
        self._changes = ChangeLog(last_change)
        self._head = base.head
        self._first = base.first
        self._issuers = dict(base.issuers)
        self._issuer_ids = dict(base.issuer_ids)
        self._documents = dict(base.documents)
        self._lists = ListProjection(base.lists, base.list_ids, self._changes, vouched)
        self._governance = base.governance

    @property
    def last_change(self) -> int:
        """The number of the last change told."""
        return self._changes.last

    def state(self) -> LedgerState:
        self._lists.settle()
        return LedgerState(
            self._head,
            self._issuers,
            self._issuer_ids,
            self._documents,
            self._lists.lists,
            self._lists.ids,
            self._first,
            self._governance,
        )

    def apply(self, batch: ev.BlockBatch) -> list[Change]:
        """What the block changed, numbered on from `last_change`. After InconsistentLedger, discard this."""
        if self._head is not None and batch.stamp.number <= self._head.number:
            raise InconsistentLedger(f"block {batch.stamp.number} came after {self._head.number}")
        stamp, published, handlers = batch.stamp, self._lists.published, _HANDLERS
        for event, _, _ in batch.events:
            if type(event) is ev.StatusPublished:  # nearly all are
                published(event, stamp)
            elif handle := handlers.get(type(event)):
                handle(self, event, stamp)
        self._head = stamp
        if self._first is None and batch.events:
            self._first = stamp
        return self._changes.taken()

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
        self._changes.tell(ChangeKind.ISSUER, version.did, version.stamp)

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
        self._changes.tell(ChangeKind.DID_DOCUMENT, event.did, stamp)

    # --- Council and Directory

    def _governed(self, event: GovernanceEvent, stamp: BlockStamp) -> None:
        self._governance = self._governance.after(event, stamp)
        if isinstance(event, ev.DirectoryEntryChanged):
            key = event.name
        elif isinstance(event, ev.MembersChanged | ev.RuleChanged):
            key = event.council
        else:
            key = "0x" + event.proposal_id.hex()
        self._changes.tell(ChangeKind.GOVERNANCE, key, stamp)

    # --- StatusRegistry

    def _created(self, event: ev.StatusListCreated, stamp: BlockStamp) -> None:
        self._issuer(event.issuer_id)
        self._lists.created(event, self._governance.target_of("StatusRegistry"), stamp)

    def _closed(self, event: ev.StatusListClosed, stamp: BlockStamp) -> None:
        self._lists.closed(event, stamp)

    def _moved(self, event: ev.StatusListMoved, stamp: BlockStamp) -> None:
        """Told as a change of both issuers: what either of them vouches for is no longer the same."""
        giver, taker = self._issuer(event.from_issuer), self._issuer(event.to_issuer)
        self._lists.moved(event, stamp)
        for issuer in (giver, taker):
            self._changes.tell(ChangeKind.ISSUER, issuer.did, stamp)


# All but status updates. Who owns a contract is no part of what verification asks about: that changes nothing.
_HANDLERS: dict[type, Callable[[Projection, Any, BlockStamp], None]] = {
    ev.IssuerAccredited: Projection._accredited,
    ev.TermsChanged: Projection._terms,
    ev.StandingChanged: Projection._standing,
    ev.OperatorChanged: Projection._operator,
    ev.AdminChanged: Projection._admin,
    ev.DidDocumentPinned: Projection._pinned,
    ev.DidDeactivated: Projection._deactivated,
    ev.StatusListCreated: Projection._created,
    ev.StatusListClosed: Projection._closed,
    ev.StatusListMoved: Projection._moved,
    **dict.fromkeys(get_args(GovernanceEvent), Projection._governed),
}
