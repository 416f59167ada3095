"""What of the replica's state a proof has to show, and where on the ledger its evidence is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from registry.bindings.addresses import keccak256
from registry.proofs.claims import DocumentClaim, IssuerClaim
from registry.records import AsOf, BlockStamp
from registry.replica.moments import known
from registry.replica.state import LedgerState
from registry.replica.status_list import StatusList


class Unprovable(Exception):
    """The ledger cannot show it, or no longer; the message says why."""


@dataclass(frozen=True, slots=True)
class WantedEntry:
    """An entry of a list; `update` 0 stands for the list's creation. `known` False: no such list."""

    uri: str
    index: int
    known: bool
    leaf: bytes = b""
    branch: tuple[bytes, ...] = ()
    update: int = 0
    recorded: BlockStamp | None = None
    genesis_preimage: bytes = b""  # of a list never updated
    previous_head: bytes = b""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything to prove at one block."""

    stamp: BlockStamp
    issuers: tuple[tuple[IssuerClaim, int | None], ...]  # with the issuer's number
    documents: tuple[DocumentClaim, ...]
    entries: tuple[WantedEntry, ...]


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


def _issuer(state: LedgerState, did: str) -> tuple[IssuerClaim, int | None]:
    issuer_id = state.issuer_ids.get(did)
    if issuer_id is None:
        return IssuerClaim(did, None), None
    return IssuerClaim(did, state.issuers[issuer_id][-1].terms), issuer_id


def _document(state: LedgerState, did: str) -> DocumentClaim:
    versions = state.documents.get(did, ())
    if not versions:
        return DocumentClaim(did, None, b"")
    previous = versions[-2].head if len(versions) > 1 else keccak256(did.encode())
    return DocumentClaim(did, previous, versions[-1].document)


def _entry(state: LedgerState, uri: str, index: int) -> WantedEntry:
    list_id = state.list_ids.get(uri)
    if list_id is None:
        return WantedEntry(uri, index, known=False)
    found = state.lists[list_id]
    if found.corrupt:
        raise Unprovable(f"the copy of {uri} held here is damaged")
    leaf, branch = found.bits.branch(index * found.bits_per_entry) if index < found.size else (b"", ())
    return WantedEntry(
        uri=uri,
        index=index,
        known=True,
        leaf=leaf,
        branch=branch,
        update=found.published,
        recorded=found.updates.stamp(found.seq),
        genesis_preimage=b"" if found.published else _genesis_preimage(found),
        previous_head=found.updates.head(found.seq - 1) if found.published else b"",
    )


def _genesis_preimage(found: StatusList) -> bytes:
    """See `bitmaps.genesis_head`. The owner then counts: a list may have been moved since."""
    began = found.seq - found.published
    owner = found.owners[known(found.owners, AsOf(block=found.updates.stamp(began).number), _since) - 1][1]
    numbers = (owner, found.size, int(found.purpose), found.bits_per_entry)
    return found.list_id + b"".join(one.to_bytes(32, "big") for one in numbers) + found.updates.root(began)


def _since(owner: tuple[BlockStamp, int]) -> BlockStamp:
    return owner[0]
