"""The replica held against the ledger: everything recomputed from the first block, and compared three times.

What the ledger's events make, what our rows make and what our memory holds must be one and the same; and so
must what the contracts' storage holds at the block audited, which the ledger has to prove (`storage_audit`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from registry.bindings.addresses import ContractAddresses
from registry.bindings.decoder import UndecodableEvent
from registry.blocks import BlockReader, BlocksMoved, BlockSource, CursorReplaced
from registry.events import BlockBatch
from registry.proofs.seals import Validators
from registry.records import NOW, BlockStamp
from registry.replica.errors import InconsistentLedger
from registry.replica.expected_storage import expected_words
from registry.replica.list_questions import record_of
from registry.replica.projection import Projection
from registry.replica.replica import Replica
from registry.replica.state import LedgerState
from registry.replica.store import ReplicaDamaged
from registry.storage_audit import StorageSource, audit_storage
from registry.successors import renamed_by

PATIENCE = 20  # attempts at reading blocks that keep moving


class AuditSource(BlockSource, StorageSource, Protocol):
    """What is asked of a ledger."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What was compared, up to which block, and every difference found, in words.

    Of the contracts' storage: what the ledger proved, what rests on its word, and what it could not be asked.
    """

    block: BlockStamp | None  # None: the replica is empty
    events: int
    issuers: int
    documents: int
    lists: int
    differences: tuple[str, ...]
    proven: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Everything was compared, and nothing differs."""
        return not self.differences and not self.unchecked


async def audit(
    ledger: AuditSource,
    replica: Replica,
    contracts: ContractAddresses,
    *,
    first_block: int = 0,
    validators: Validators | None = None,
) -> AuditReport:
    """Audits the replica as it is at its cursor, a final block. Reads everything: minutes, on a large ledger.

    `validators`: whose seals make a block the ledger's. Raises LedgerUnavailable, LedgerError, WrongLedger;
    SQLAlchemyError.
    """
    memory = replica.state
    target = memory.head
    if target is None:
        return AuditReport(None, 0, 0, 0, 0, ())
    projection, events, parent_hash = Projection(LedgerState()), 0, b""
    try:
        async for batches in _blocks(ledger, contracts, first_block, target):
            for batch in batches:
                events += len(batch.events)
                parent_hash = batch.parent_hash
            await asyncio.to_thread(_project, projection, batches)
    except (CursorReplaced, BlocksMoved) as error:
        return AuditReport(
            target, events, 0, 0, 0, (f"our block {target.number} is not on the ledger: {error}",)
        )
    except (InconsistentLedger, UndecodableEvent) as error:
        return AuditReport(target, events, 0, 0, 0, (f"the ledger's events do not fit together: {error}",))
    state = projection.state()
    differences = [f"memory: {it}" for it in compared(state, memory)]
    try:
        rows = await asyncio.to_thread(replica.recomputed, target)
        differences += [f"rows: {it}" for it in compared(state, rows)]
    except ReplicaDamaged as error:
        differences.append(f"rows: {error}")
    found = await audit_storage(ledger, expected_words(state, contracts), target, parent_hash, validators)
    differences += [f"storage: {it}" for it in found.differences]
    return AuditReport(
        block=target,
        events=events,
        issuers=len(state.issuers),
        documents=sum(map(len, state.documents.values())),
        lists=len(state.lists),
        differences=tuple(differences),
        proven=tuple(found.proven),
        asked=tuple(found.asked),
        unchecked=tuple(found.unchecked),
    )


async def _blocks(
    ledger: BlockSource, contracts: ContractAddresses, first_block: int, target: BlockStamp
) -> AsyncIterator[list[BlockBatch]]:
    """Every block up to the target. Raises CursorReplaced or BlocksMoved if that is not on the ledger."""
    reader = BlockReader(ledger, first_block)
    cursor: BlockStamp | None = None
    moved = 0
    while cursor is None or cursor.number < target.number:
        try:
            batches = await reader.next_batches(cursor, target, contracts)
        except BlocksMoved:
            moved += 1
            if moved == PATIENCE:
                raise
            continue
        if batches:
            cursor = batches[-1].stamp
            for batch in batches:
                contracts = renamed_by(contracts, batch)
            yield batches
    if cursor != target:
        raise CursorReplaced(f"it has block {cursor.hash.hex()} there")


def _project(projection: Projection, batches: list[BlockBatch]) -> None:
    for batch in batches:
        projection.apply(batch)


def compared(right: LedgerState, ours: LedgerState) -> Iterator[str]:
    """Where our state differs from what it should be, one difference a line."""
    yield from _members("issuer", right.issuers, ours.issuers)
    yield from _members("DID", right.issuer_ids, ours.issuer_ids)
    yield from _members("documents of", right.documents, ours.documents)
    if right.governance != ours.governance:
        yield "the council, its proposals or the directory differ"
    yield from _members("status list address", right.list_ids, ours.list_ids)
    for uri, list_id in right.list_ids.items():
        there, here = right.lists[list_id], ours.lists.get(list_id)
        if there.corrupt:
            yield f"status list {uri} is corrupt since block {there.corrupt.number}"
        if here is None:
            continue
        if record_of(there, NOW, right.did_of) != record_of(here, NOW, ours.did_of):
            yield f"status list {uri} differs"
        elif there.bits.packed != here.bits.packed:
            yield f"status list {uri}: bits differ"
        elif there.past() != here.past():
            yield f"status list {uri}: its past differs"


def _members(what: str, right: Mapping[Any, object], ours: Mapping[Any, object]) -> Iterator[str]:
    for key in right.keys() | ours.keys():
        if right.get(key) != ours.get(key):
            why = "is missing" if key not in ours else "is not on the ledger" if key not in right else "differs"
            yield f"{what} {key} {why}"
