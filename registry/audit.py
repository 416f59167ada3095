"""The replica held against the ledger: everything recomputed from the first block, and compared three times.

What the ledger's events make, what our rows make and what our memory holds must be one and the same; and what
the contracts' storage says of it, read at the block audited, must agree.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from registry.bindings.abi import BlockTag
from registry.bindings.addresses import ContractAddresses
from registry.bindings.decoder import UndecodableEvent
from registry.bindings.did_registry import DidRegistry
from registry.bindings.issuer_registry import IssuerRegistry, terms_hash
from registry.bindings.status_registry import StatusRegistry
from registry.blocks import BlockReader, BlocksMoved, BlockSource, CursorReplaced
from registry.events import BlockBatch
from registry.records import NOW, BlockStamp
from registry.replica.errors import InconsistentLedger
from registry.replica.list_questions import record_of
from registry.replica.projection import Projection
from registry.replica.replica import Replica
from registry.replica.state import LedgerState
from registry.replica.store import ReplicaDamaged
from registry.successors import renamed_by

PATIENCE = 20  # attempts at reading blocks that keep moving


class AuditSource(BlockSource, Protocol):
    """What is asked of a ledger besides its blocks."""

    async def call(self, to: str, data: bytes, block: BlockTag) -> bytes: ...


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What was compared, up to which block, and every difference found, in words."""

    block: BlockStamp | None  # None: the replica is empty
    events: int
    issuers: int
    documents: int
    lists: int
    differences: tuple[str, ...]


async def audit(
    ledger: AuditSource, replica: Replica, contracts: ContractAddresses, *, first_block: int = 0
) -> AuditReport:
    """Audits the replica as it is at its cursor. Reads everything: minutes, on a large ledger.

    Raises LedgerUnavailable, LedgerError, WrongLedger, AbiMismatch; SQLAlchemyError.
    """
    memory = replica.state
    target = memory.head
    if target is None:
        return AuditReport(None, 0, 0, 0, 0, ())
    projection, events = Projection(LedgerState()), 0
    try:
        async for batches in _blocks(ledger, contracts, first_block, target):
            for batch in batches:
                events += len(batch.events)
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
    differences += [f"storage: {it}" async for it in _storage(ledger, contracts, state, target.number)]
    return AuditReport(
        block=target,
        events=events,
        issuers=len(state.issuers),
        documents=sum(map(len, state.documents.values())),
        lists=len(state.lists),
        differences=tuple(differences),
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


async def _storage(
    ledger: AuditSource, contracts: ContractAddresses, state: LedgerState, block: int
) -> AsyncIterator[str]:
    """Where the contracts' storage at that block does not say what their events made."""
    founded, contracts = contracts, state.governance.contracts(contracts)
    issuers = IssuerRegistry(contracts.issuer_registry, ledger.call)
    dids = DidRegistry(contracts.did_registry, ledger.call)
    for issuer_id, versions in state.issuers.items():
        known, found = versions[-1], await issuers.issuer(issuer_id, block)
        expected = (known.standing, known.admin, terms_hash(known.terms))
        if found is None or (found.standing, found.admin, found.terms_hash) != expected:
            yield f"issuer {known.did} differs"
        for operator in known.operators:
            if await issuers.issuer_id_of_operator(operator, block) != issuer_id:
                yield f"operator {operator} does not act for {known.did}"
    if await issuers.issuer(len(state.issuers) + 1, block) is not None:
        yield f"there are more issuers than the {len(state.issuers)} we were told of"
    for did, documents in state.documents.items():
        if await dids.head(did, block) != documents[-1].head:
            yield f"documents of {did} differ"
    for uri, list_id in state.list_ids.items():
        it = state.lists[list_id]
        lists = StatusRegistry(it.registry or founded.status_registry, ledger.call)
        there = await lists.list(list_id, block)
        shape = (it.owners[-1][1], it.size, it.published, it.purpose, it.bits_per_entry, it.closed is not None)
        if (
            there is None
            or shape
            != (there.issuer_id, there.size, there.seq, there.purpose, there.bits_per_entry, there.closed)
            or await lists.head(list_id, block) != it.updates.head(it.seq)
        ):
            yield f"status list {uri} differs"
