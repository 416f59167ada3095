"""What the events of a StatusRegistry make of the lists: part of `projection.py`."""

from __future__ import annotations

import logging
from collections.abc import Container, Mapping

from registry import events as ev
from registry.bindings.status_registry import list_id_of
from registry.changes import ChangeKind
from registry.records import BlockStamp
from registry.replica.change_log import ChangeLog
from registry.replica.errors import InconsistentLedger
from registry.replica.status_list import StatusList
from registry.replica.update_rules import ListMismatch

log = logging.getLogger(__name__)

MAX_LIST_BITS = 1 << 27  # StatusRegistry: 2**24 entries of 8 bits
STATUS, HEARTBEAT = ChangeKind.STATUS, ChangeKind.HEARTBEAT


class ListProjection:
    """Leaves the lists it begins with as they are: each is copied when first changed."""

    def __init__(
        self,
        lists: Mapping[bytes, StatusList],
        ids: Mapping[str, bytes],
        changes: ChangeLog,
        vouched: Container[bytes] = (),
    ) -> None:
        """`vouched`: lists whose updates' heads and roots are found right elsewhere."""
        self.lists = dict(lists)
        self.ids = dict(ids)
        self._changes = changes
        self._vouched = vouched
        self._ours: dict[bytes, StatusList] = {}  # those of `lists` that no reader holds

    def settle(self) -> None:
        """Ready the lists for readers."""
        for it in self._ours.values():
            it.history.settle()

    def created(self, event: ev.StatusListCreated, registry: str, stamp: BlockStamp) -> None:
        """Made, or made once more: each successor of its registry may do so with a list there is already."""
        if event.list_id != list_id_of(event.uri):
            raise InconsistentLedger(f"{event.uri} is created under another list's id")
        if event.list_id in self.lists:
            self._carried_on(event, registry, stamp)
            return
        try:
            if event.size * event.bits_per_entry > MAX_LIST_BITS:
                raise ValueError("too large")
            made = StatusList(event, stamp, registry)
        except ValueError as error:
            raise InconsistentLedger(f"{event.uri} has a size no list has: {error}") from error
        self.lists[event.list_id] = self._ours[event.list_id] = made
        self.ids[event.uri] = event.list_id
        self._changes.tell(ChangeKind.LIST_CREATED, event.uri, stamp)
        if made.corrupt:
            self._corrupt(made, stamp, "it was created with a wrong root or head")

    def _carried_on(self, event: ev.StatusListCreated, registry: str, stamp: BlockStamp) -> None:
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
        self._changes.tell(ChangeKind.LIST_CREATED, it.uri, stamp)

    def published(self, event: ev.StatusPublished, stamp: BlockStamp) -> None:
        it = self._ours.get(event.list_id) or self._own(event.list_id)
        if it.corrupt:
            return
        try:
            values = it.publish(event, stamp, event.list_id in self._vouched)
        except ListMismatch as mismatch:
            self._corrupt(it, stamp, str(mismatch))
            return
        kind = STATUS if event.delta else HEARTBEAT
        self._changes.tell(kind, it.uri, stamp, values, event.effective_at)

    def closed(self, event: ev.StatusListClosed, stamp: BlockStamp) -> None:
        it = self._own(event.list_id)
        if it.corrupt:
            return
        if event.seq != it.published:
            self._corrupt(it, stamp, f"closed after update {event.seq}, which we have not seen")
            return
        it.closed = stamp
        self._changes.tell(ChangeKind.LIST_CLOSED, it.uri, stamp)

    def moved(self, event: ev.StatusListMoved, stamp: BlockStamp) -> None:
        it = self._own(event.list_id)
        if it.owners[-1][1] != event.from_issuer:
            raise InconsistentLedger(f"{it.uri} is moved from an issuer that does not have it")
        it.owners = (*it.owners, (stamp, event.to_issuer))

    def _own(self, list_id: bytes) -> StatusList:
        """The list, to be changed: no reader's."""
        it = self._ours.get(list_id)
        if it is None:
            held = self.lists.get(list_id)
            if held is None:
                raise InconsistentLedger(f"nobody created status list {list_id.hex()}")
            it = self.lists[list_id] = self._ours[list_id] = held.copy()
        return it

    def _corrupt(self, it: StatusList, stamp: BlockStamp, why: str) -> None:
        it.corrupt = stamp
        log.error("status list %s is corrupt from block %d on: %s", it.uri, stamp.number, why)
        self._changes.tell(ChangeKind.LIST_CORRUPT, it.uri, stamp)
