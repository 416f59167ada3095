"""What one status list was, which value an entry of it had, and what happened to it, at any moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from registry.records import (
    NOW,
    AsOf,
    BlockStamp,
    IndexOutOfRange,
    ListEvent,
    ListEventKind,
    StatusChange,
    StatusListRecord,
    StatusReading,
    UnknownStatusList,
)
from registry.replica.moments import known, reached
from registry.replica.status_list import StatusList

DidOfIssuer = Callable[[int], str]


def record_of(it: StatusList, at: AsOf, did_of: DidOfIssuer) -> StatusListRecord:
    """The list at the moment asked about. Raises UnknownStatusList if it was not there yet."""
    updates = it.updates
    seq = it.seq if at is NOW else updates.known(at) - 1
    if seq < 0:
        raise UnknownStatusList(f"{it.uri} had not been created")
    issuer_id = it.owners[known(it.owners, at, _since) - 1][1]
    return StatusListRecord(
        list_id=it.list_id,
        uri=it.uri,
        issuer_id=issuer_id,
        issuer_did=did_of(issuer_id),
        size=it.size,
        purpose=it.purpose,
        bits_per_entry=it.bits_per_entry,
        seq=seq,
        head=updates.head(seq),
        root=updates.root(seq),
        closed=it.closed is not None and reached(it.closed, at),
        intact=it.corrupt is None or not reached(it.corrupt, at),
        effective_at=updates.effective_at(seq),
        stamp=updates.stamp(seq),
        registry=next(registry for since, registry in reversed(it.continued) if since <= seq),
    )


def reading_of(it: StatusList, index: int, at: AsOf, record: StatusListRecord) -> StatusReading:
    """One entry at the moment asked about, when the list was as in `record`. Raises IndexOutOfRange."""
    if not 0 <= index < it.size:
        raise IndexOutOfRange(f"{it.uri} has {it.size} entries, no entry {index}")
    value, seq = 0, 0
    for update, bit in _namings(it, index, record.seq, at):
        turned = value | bit if it.sets_bits else value ^ bit
        if turned != value:
            value, seq = turned, update
    if at is NOW:
        value = it.bits.value(index, it.bits_per_entry)
    updates = it.updates
    changed = StatusChange(seq, updates.effective_at(seq), updates.stamp(seq)) if seq else None
    return StatusReading(index, value, changed, record)


def events_of(it: StatusList, did_of: DidOfIssuer) -> list[ListEvent]:
    """Its history in the order it was recorded; within one block, updates first."""
    updates = ((seq, it.updates.stamp(seq)) for seq in range(len(it.updates)))
    found = [_event(it, _kind(it, seq), seq, stamp, did_of) for seq, stamp in updates]
    moves = [(ListEventKind.MOVED, stamp) for stamp, _ in it.owners[1:]]
    ends = [(ListEventKind.CLOSED, it.closed), (ListEventKind.DAMAGED, it.corrupt)]
    for kind, stamp in [*moves, *((kind, at) for kind, at in ends if at)]:
        seq = it.updates.known(AsOf(block=stamp.number)) - 1
        found.append(_event(it, kind, seq, stamp, did_of))
    return sorted(found, key=lambda event: event.stamp.number)


def _kind(it: StatusList, seq: int) -> ListEventKind:
    if seq == 0:
        return ListEventKind.CREATED
    same = it.updates.root(seq) == it.updates.root(seq - 1)
    return ListEventKind.CONFIRMED if same else ListEventKind.PUBLISHED


def _event(it: StatusList, kind: ListEventKind, seq: int, stamp: BlockStamp, did_of: DidOfIssuer) -> ListEvent:
    updates = it.updates
    owner = did_of(it.owners[known(it.owners, AsOf(block=stamp.number), _since) - 1][1])
    effective_at = updates.effective_at(seq) if updates.stamp(seq) == stamp else stamp.time
    return ListEvent(kind, seq, owner, effective_at, updates.head(seq), updates.root(seq), stamp)


def _namings(it: StatusList, index: int, last_seq: int, at: AsOf) -> Iterator[tuple[int, int]]:
    """(sequence number, mask in the entry's value) of the namings that count, in order."""
    first, width = index * it.bits_per_entry, it.bits_per_entry
    for seq, position in it.history.of(first, width):
        if seq <= last_seq and (at.valid_at is None or it.updates.effective_at(seq) <= at.valid_at):
            yield seq, 1 << (width - 1 - (position - first))


def _since(owner: tuple[BlockStamp, int]) -> BlockStamp:
    return owner[0]
