"""What of the replica's state a proof has to show, as claims."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from registry.bindings.addresses import keccak256
from registry.proofs.claims import Accredited, DocumentClaim, IssuerClaim
from registry.proofs.entry_claims import Creation, EntryClaim, LastUpdate, ListClaim
from registry.records import AsOf, BlockStamp
from registry.replica.moments import known
from registry.replica.state import LedgerState
from registry.replica.status_list import StatusList


class Unprovable(Exception):
    """The ledger cannot show it, or no longer; the message says why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything to prove at one block. Of an updated list the hash of its last delta is still to be filled in:
    the ledger's events hold it, and no replica needs it."""

    stamp: BlockStamp
    issuers: tuple[IssuerClaim, ...]
    documents: tuple[DocumentClaim, ...]
    entries: tuple[EntryClaim, ...]


def wanted(
    state: LedgerState, issuers: Iterable[str], documents: Iterable[str], entries: Iterable[tuple[str, int]]
) -> Wanted:
    """What proves these of the state at its head. Raises Unprovable."""
    if state.head is None:
        raise Unprovable("nothing has been replicated yet")
    return Wanted(
        stamp=state.head,
        issuers=tuple(_issuer(state, did) for did in dict.fromkeys(issuers)),
        documents=tuple(_document(state, did) for did in dict.fromkeys(documents)),
        entries=tuple(_entry(state, uri, index) for uri, index in dict.fromkeys(entries)),
    )


def _issuer(state: LedgerState, did: str) -> IssuerClaim:
    issuer_id = state.issuer_ids.get(did)
    if issuer_id is None:
        return IssuerClaim(did, None)
    it = state.issuers[issuer_id][-1]
    return IssuerClaim(did, Accredited(issuer_id, it.admin, it.standing, it.terms))


def _document(state: LedgerState, did: str) -> DocumentClaim:
    versions = state.documents.get(did, ())
    if not versions:
        return DocumentClaim(did, 0, b"", b"")
    previous = versions[-2].head if len(versions) > 1 else keccak256(did.encode())
    return DocumentClaim(did, versions[-1].version, previous, versions[-1].document)


def _entry(state: LedgerState, uri: str, index: int) -> EntryClaim:
    list_id = state.list_ids.get(uri)
    if list_id is None:
        return EntryClaim(uri, index, None, b"", (), b"")
    found = state.lists[list_id]
    if found.corrupt:
        raise Unprovable(f"the copy of {uri} held here is damaged")
    if index >= found.size:
        return EntryClaim(uri, index, _list(found), b"", (), found.updates.root(found.seq))
    leaf, branch = found.bits.branch(index * found.bits_per_entry)
    return EntryClaim(uri, index, _list(found), leaf, branch, b"")


def _list(found: StatusList) -> ListClaim:
    updates = found.updates
    last: Creation | LastUpdate
    if found.published:
        last = LastUpdate(updates.head(found.seq - 1), b"", updates.effective_at(found.seq))
    else:
        began = AsOf(block=updates.stamp(found.seq).number)  # whose it was then: it may have been moved since
        last = Creation(found.owners[known(found.owners, began, _since) - 1][1])
    return ListClaim(
        issuer_id=found.owners[-1][1],
        size=found.size,
        seq=found.published,
        purpose=found.purpose,
        bits_per_entry=found.bits_per_entry,
        closed=found.closed is not None,
        last=last,
        recorded=updates.stamp(found.seq),
    )


def _since(owner: tuple[BlockStamp, int]) -> BlockStamp:
    return owner[0]
