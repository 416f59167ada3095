"""All that a receipt proves of the ledger at one block, as one value: what is claimed, and the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from registry import rlp
from registry.bindings.addresses import keccak256, parsed
from registry.proofs.accounts import Account
from registry.proofs.claims import DocumentClaim, IssuerClaim
from registry.proofs.entry_claims import EntryClaim, EntryFound
from registry.proofs.errors import NotProven, ProofInvalid
from registry.proofs.headers import Header
from registry.proofs.partial_trie import Paths, path_of, root_of
from registry.proofs.registries import Registries
from registry.proofs.seals import Seal, Validators, check_seals, recognised
from registry.records import Accreditation, BlockStamp, PinnedDocument

Key = TypeVar("Key")
Claimed = TypeVar("Claimed")
Words = Mapping[int, int]
"""Of a contract's storage, by slot; 0: nothing was ever written there."""


@dataclass(frozen=True, slots=True)
class ContractProof:
    """A contract's account, whose storage root follows from the claims and what is kept of its storage."""

    nonce: int
    balance: int
    code_hash: bytes  # 32 bytes
    storage: bytes  # see `partial_trie`


@dataclass(frozen=True, slots=True)
class LedgerProof:
    """`headers`: the block, and of Clique those built on it. `contracts`: of issuers, DID documents and status
    lists, None of one about which nothing is claimed; `state`: where the others' accounts are."""

    headers: tuple[bytes, ...]
    state: bytes
    contracts: tuple[ContractProof | None, ...]
    issuers: tuple[IssuerClaim, ...]
    documents: tuple[DocumentClaim, ...]
    entries: tuple[EntryClaim, ...]


@dataclass(frozen=True, slots=True)
class Proven:
    """What holds at a block. Asked for anything else, it raises NotProven."""

    stamp: BlockStamp
    seals: tuple[Seal, ...]  # empty: nobody's seal was looked at
    issuers: dict[str, Accreditation | None]
    documents: dict[str, PinnedDocument | None]
    entries: dict[tuple[str, int], EntryFound]

    def issuer(self, did: str) -> Accreditation | None:
        return _found(self.issuers, did, f"whether {did} is accredited")

    def document(self, did: str) -> PinnedDocument | None:
        return _found(self.documents, did, f"the DID document of {did}")

    def entry(self, uri: str, index: int) -> EntryFound:
        return _found(self.entries, (uri, index), f"entry {index} of {uri}")


def check(proof: LedgerProof, contracts: Registries, validators: Validators) -> Proven:
    """What the proof shows, to whoever trusts these validators and these contracts. Raises ProofInvalid."""
    headers = [Header.decode(raw) for raw in proof.headers]
    block_hash, seals = check_seals(headers, validators)
    return _checked(proof, contracts, headers[0], block_hash, seals)


def check_unsealed(proof: LedgerProof, contracts: Registries, known_hash: bytes | None = None) -> Proven:
    """What it shows of a block on which nobody's seal is looked at. Raises ProofInvalid.

    `known_hash`: of the block, to whoever knows it from elsewhere; else the block may be anybody's invention.
    """
    if not proof.headers:
        raise ProofInvalid("there is no block header")
    header = Header.decode(proof.headers[0])
    if known_hash is not None:
        recognised(header, known_hash)
    return _checked(proof, contracts, header, known_hash or keccak256(header.raw), ())


def words_claimed(
    contracts: Registries,
    issuers: Sequence[IssuerClaim],
    documents: Sequence[DocumentClaim],
    entries: Sequence[EntryClaim],
) -> list[tuple[str, Words]]:
    """What the three contracts' storage holds if all of this is true. Raises ProofInvalid."""
    return [
        (contracts.issuer_registry, _together(issuers)),
        (contracts.did_registry, _together(documents)),
        (contracts.status_registry, _together(entries)),
    ]


def paths_of(words: Words) -> Paths:
    """The same as a contract's storage trie holds it."""
    return {
        path_of(slot.to_bytes(32, "big")): rlp.encode(word) if word else None for slot, word in words.items()
    }


def _together(claims: Sequence[IssuerClaim | DocumentClaim | EntryClaim]) -> Words:
    words: dict[int, int] = {}
    for claim in claims:
        try:
            claimed = claim.words()
        except ValueError as error:
            raise ProofInvalid(f"a claim cannot be true: {error}") from error
        if any(words.setdefault(slot, word) != word for slot, word in claimed.items()):
            raise ProofInvalid("the proof contradicts itself")
    return words


def _checked(
    proof: LedgerProof, contracts: Registries, header: Header, block_hash: bytes, seals: tuple[Seal, ...]
) -> Proven:
    _ensure_held(proof, contracts, header.state_root)
    stamp = BlockStamp(header.number, block_hash, header.time)
    issuers = {one.did: one.accreditation(stamp) for one in proof.issuers}
    registry = contracts.status_registry
    by_id = {found.issuer_id: did for did, found in issuers.items() if found}
    proven = Proven(
        stamp=stamp,
        seals=seals,
        issuers=issuers,
        documents={one.did: one.pinned(stamp) for one in proof.documents},
        entries={
            (one.uri, one.index): one.found(stamp, registry, lambda number: by_id.get(number, ""))
            for one in proof.entries
        },
    )
    if (len(proven.issuers), len(proven.documents), len(proven.entries)) != (
        len(proof.issuers),
        len(proof.documents),
        len(proof.entries),
    ):
        raise ProofInvalid("the proof says something twice")
    return proven


def _ensure_held(proof: LedgerProof, contracts: Registries, state_root: bytes) -> None:
    """That the state of that root holds everything claimed. Raises ProofInvalid."""
    claimed = words_claimed(contracts, proof.issuers, proof.documents, proof.entries)
    if len(proof.contracts) != len(claimed):
        raise ProofInvalid("the proof is about another number of contracts")
    accounts: dict[str, bytes | None] = {}
    for (contract, words), its in zip(claimed, proof.contracts, strict=True):
        if bool(words) != (its is not None) or path_of(parsed(contract)) in accounts:
            raise ProofInvalid(f"the proof holds nothing of contract {contract}, or too much")
        if its is not None:
            storage_root = root_of(its.storage, paths_of(words))
            account = Account(its.nonce, its.balance, storage_root, its.code_hash)
            accounts[path_of(parsed(contract))] = account.encoded()
    if not accounts and not proof.state:
        return
    if root_of(proof.state, accounts) != state_root:
        raise ProofInvalid("the block's state is not one that holds what is claimed")


def _found(known: dict[Key, Claimed], key: Key, what: str) -> Claimed:
    if key not in known:
        raise NotProven(f"the proof does not show {what}")
    return known[key]
