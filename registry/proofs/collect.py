"""Asks a ledger for what a proof is made of. Believes nothing: the proof is checked before it is given out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from registry.bindings.addresses import keccak256
from registry.bindings.decoder import decode
from registry.chain.values import RawLog
from registry.events import StatusPublished
from registry.proofs.accounts import Account, storage_word
from registry.proofs.assembly import assembled
from registry.proofs.entry_claims import EntryClaim, LastUpdate
from registry.proofs.headers import Header, encode_header
from registry.proofs.ledger_proof import LedgerProof, words_claimed
from registry.proofs.packing import MAX_HEADERS
from registry.proofs.registries import Registries
from registry.proofs.seals import Consensus, block_hash, clique_signer, recognised
from registry.proofs.trie import Nodes
from registry.records import BlockStamp
from registry.replica.provable import Unprovable, Wanted


class ProofSource(Protocol):
    """What is asked of a ledger (`registry.chain.Ledger`). All raises LedgerUnavailable, LedgerError."""

    async def header_members(self, block_hash: bytes) -> Mapping[str, Any]: ...

    async def headers_members_after(self, number: int, count: int) -> Sequence[Mapping[str, Any]]: ...

    async def storage_proof(self, contract: str, slots: Sequence[int], block: int) -> Sequence[bytes]: ...

    async def logs_of_block(self, block_hash: bytes, addresses: Sequence[str]) -> Sequence[RawLog]: ...


async def collect(source: ProofSource, contracts: Registries, wanted: Wanted) -> LedgerProof:
    """A proof of what is wanted, at its block, as far as the ledger's own answers bear it out.

    Raises ProofInvalid, Unprovable, UndecodableEvent, and what the ledger raises.
    """
    headers = await headers_of(source, wanted.stamp)
    entries = [await _completed(source, contracts, one) for one in wanted.entries]
    nodes: dict[bytes, None] = {}
    for contract, words in words_claimed(contracts, wanted.issuers, wanted.documents, entries):
        if words:
            found = await source.storage_proof(contract, list(words), wanted.stamp.number)
            nodes.update(dict.fromkeys(found))
    return assembled(
        headers, nodes, contracts, issuers=wanted.issuers, documents=wanted.documents, entries=entries
    )


async def proven_words(
    source: ProofSource, contract: str, slots: Sequence[int], header: Header
) -> dict[int, int]:
    """The words in a contract's storage at a block, proved against the state root of its header.

    Raises ProofInvalid where the ledger contradicts itself, and what the ledger raises.
    """
    nodes = Nodes(dict.fromkeys(await source.storage_proof(contract, slots, header.number)))
    root = Account.found(nodes, header.state_root, contract).storage_root
    return {slot: storage_word(nodes, root, slot) for slot in slots}


async def headers_of(source: ProofSource, stamp: BlockStamp) -> tuple[bytes, ...]:
    """The block's header; of Clique, those built on it too, until each signer had a turn.

    That the first is the block's follows from its hash. Raises ProofInvalid, and what the ledger raises.
    """
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


async def _completed(source: ProofSource, contracts: Registries, claim: EntryClaim) -> EntryClaim:
    """With the hash of its last delta, which that update's own event holds."""
    it = claim.list
    if it is None or not isinstance(it.last, LastUpdate):
        return claim
    list_id = keccak256(claim.uri.encode())
    for log in await source.logs_of_block(it.recorded.hash, [contracts.status_registry]):
        event = decode(log)
        if isinstance(event, StatusPublished) and (event.list_id, event.seq) == (list_id, it.seq):
            return replace(claim, list=replace(it, last=replace(it.last, delta_hash=keccak256(event.delta))))
    raise Unprovable(f"the ledger does not show the last update of {claim.uri}")
