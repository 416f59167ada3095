"""Asks a ledger for what a proof is made of. Believes nothing: the proof is checked before it is given out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from registry.bindings.addresses import keccak256
from registry.bindings.decoder import decode
from registry.chain.values import RawLog
from registry.events import StatusPublished
from registry.proofs import storage
from registry.proofs.claims import EntryClaim
from registry.proofs.errors import ProofInvalid
from registry.proofs.headers import Header, encode_header
from registry.proofs.ledger_proof import MAX_HEADERS, LedgerProof, storage_root, storage_word
from registry.proofs.registries import Registries
from registry.proofs.seals import Consensus, block_hash, clique_signer, recognised
from registry.proofs.trie import MAX_NODES, Nodes
from registry.records import BlockStamp
from registry.replica.provable import Unprovable, Wanted, WantedEntry


class ProofSource(Protocol):
    """What is asked of a ledger (`registry.chain.Ledger`). All raises LedgerUnavailable, LedgerError."""

    async def header_members(self, block_hash: bytes) -> Mapping[str, Any]: ...

    async def headers_members_after(self, number: int, count: int) -> Sequence[Mapping[str, Any]]: ...

    async def storage_proof(self, contract: str, slots: Sequence[int], block: int) -> Sequence[bytes]: ...

    async def logs_of_block(self, block_hash: bytes, addresses: Sequence[str]) -> Sequence[RawLog]: ...


async def collect(source: ProofSource, contracts: Registries, wanted: Wanted) -> LedgerProof:
    """A proof of what is wanted, at its block. Not checked yet.

    Raises ProofInvalid, Unprovable, UndecodableEvent, and what the ledger raises.
    """
    headers = await _headers(source, wanted.stamp)
    nodes: dict[bytes, None] = {}
    for contract, slots in _slots(contracts, wanted):
        found = await source.storage_proof(contract, slots, wanted.stamp.number)
        nodes.update(dict.fromkeys(found))
        if len(nodes) > MAX_NODES:
            raise ProofInvalid("the ledger's proof is longer than any proof has to be")
    return LedgerProof(
        headers=headers,
        nodes=tuple(nodes),
        issuers=tuple(claim for claim, _ in wanted.issuers),
        documents=wanted.documents,
        entries=tuple([await _claim(source, contracts, one) for one in wanted.entries]),
    )


async def proven_words(
    source: ProofSource, contract: str, slots: Sequence[int], stamp: BlockStamp
) -> dict[int, int]:
    """The words in a contract's storage at a block, proved against the state root of its header.

    That the header is the block's follows from its hash; the replica's own cursor says which block is meant.
    Raises ProofInvalid where the ledger contradicts itself, and what the ledger raises.
    """
    header = Header.decode(encode_header(await source.header_members(stamp.hash)))
    recognised(header, stamp.hash)
    nodes = Nodes(dict.fromkeys(await source.storage_proof(contract, slots, stamp.number)))
    root = storage_root(nodes, header.state_root, contract)
    return {slot: storage_word(nodes, root, slot) for slot in slots}


async def _headers(source: ProofSource, stamp: BlockStamp) -> tuple[bytes, ...]:
    """The block's header; of Clique, those built on it too, until each signer had a turn."""
    raw = encode_header(await source.header_members(stamp.hash))
    header = Header.decode(raw)
    if recognised(header, stamp.hash) is not Consensus.CLIQUE:
        return (raw,)
    chain, signers, parent = [raw], {clique_signer(header)}, stamp.hash
    for members in await source.headers_members_after(stamp.number, MAX_HEADERS - 1):
        follower = Header.decode(encode_header(members))
        signer = clique_signer(follower)
        if follower.parent_hash != parent or signer in signers:
            break
        chain.append(follower.raw)
        signers.add(signer)
        parent = block_hash(follower, Consensus.CLIQUE)
    return tuple(chain)


def _slots(contracts: Registries, wanted: Wanted) -> Iterable[tuple[str, list[int]]]:
    """What to ask of each contract; nothing of one that says nothing here."""
    issuers = [
        slot
        for claim, number in wanted.issuers
        for slot in (
            storage.id_of_did_slot(claim.did),
            *(storage.issuer_slots(number) if number is not None else ()),
        )
    ]
    documents = [
        slot
        for claim in wanted.documents
        for slot in storage.did_slots(claim.did)[: 1 if claim.previous_head is None else 2]
    ]
    entries = {slot for one in wanted.entries for slot in storage.list_slots(one.uri)}
    for contract, slots in (
        (contracts.issuer_registry, issuers),
        (contracts.did_registry, documents),
        (contracts.status_registry, sorted(entries)),
    ):
        if slots:
            yield contract, slots


async def _claim(source: ProofSource, contracts: Registries, one: WantedEntry) -> EntryClaim:
    """With what its head is the hash of, which the last update's own event holds."""
    if not one.known:
        return EntryClaim(one.uri, one.index, b"", b"", (), None)
    preimage = one.genesis_preimage
    if one.update and one.recorded is not None:
        logs = await source.logs_of_block(one.recorded.hash, [contracts.status_registry])
        preimage = _preimage(one, logs)
    return EntryClaim(one.uri, one.index, preimage, one.leaf, one.branch, one.recorded)


def _preimage(one: WantedEntry, logs: Iterable[RawLog]) -> bytes:
    """See `bitmaps.next_head`."""
    list_id = keccak256(one.uri.encode())
    for log in logs:
        event = decode(log)
        if isinstance(event, StatusPublished) and (event.list_id, event.seq) == (list_id, one.update):
            return (
                one.previous_head
                + event.seq.to_bytes(32, "big")
                + keccak256(event.delta)
                + event.root
                + event.effective_at.to_bytes(32, "big")
            )
    raise Unprovable(f"the ledger does not show the last update of {one.uri}")
