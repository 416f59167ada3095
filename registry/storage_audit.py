"""The contracts' storage held against what it should be: by proof, where the ledger gives proofs.

A header that has the block's hash names the state root; validators' seals on it say that the block is the
ledger's; the account and storage tries under that root show each word. What a ledger can only be asked for is
said to have been asked for, and what it has no state of any more could not be checked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from registry.chain import LedgerError
from registry.proofs.collect import ProofSource, headers_of, proven_words
from registry.proofs.errors import ProofInvalid
from registry.proofs.headers import Header
from registry.proofs.seals import Validators, check_seals
from registry.records import BlockStamp
from registry.replica.expected_storage import Word

AT_ONCE = 100  # words in a request; their nodes stay well below what a proof may hold
_NO_SUCH_METHOD = (-32601, -32004)  # JSON-RPC 2.0; EIP-1474


class StorageSource(ProofSource, Protocol):
    """What is asked of a ledger. All raises LedgerUnavailable, LedgerError."""

    async def storage_words(self, contract: str, slots: Sequence[int], block: int) -> Sequence[int]: ...


@dataclass(slots=True)
class StorageFindings:
    """In words: what is shown, what rests on the ledger's word, what could not be looked at, what is wrong."""

    proven: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


async def audit_storage(
    source: StorageSource,
    words: Iterable[Word],
    stamp: BlockStamp,
    parent_hash: bytes,
    validators: Validators | None,
) -> StorageFindings:
    """At the block of that hash, which follows the one of `parent_hash`. Raises LedgerUnavailable.

    `validators` None: nobody's seals are known, so that the block rests on the ledger's word.
    """
    found = StorageFindings()
    try:
        header = await _header(source, stamp, parent_hash, validators, found)
        await _compare(source, header, words, found, is_sealed=validators is not None)
    except ProofInvalid as error:
        found.differences.append(f"the ledger's proof does not hold: {error}")
    except LedgerError as error:
        found.unchecked.append(
            f"the ledger gives no state of block {stamp.number} ({error}). Many keep that of their last blocks "
            "alone: audit again, or by the address of a ledger that keeps all (an archive node)"
        )
    return found


async def _header(
    source: StorageSource,
    stamp: BlockStamp,
    parent_hash: bytes,
    validators: Validators | None,
    found: StorageFindings,
) -> Header:
    """Of the block, by its hash. Raises ProofInvalid, LedgerError."""
    headers = [Header.decode(raw) for raw in await headers_of(source, stamp)]
    header, name = headers[0], f"block {stamp.number} (0x{stamp.hash.hex()})"
    if (header.number, header.time, header.parent_hash) != (stamp.number, stamp.time, parent_hash):
        raise ProofInvalid(f"{name} is not the one whose events were read")
    if validators is None:
        found.asked.append(
            f"that {name} is the ledger's: no validators are configured whose seals could show it"
        )
        return header
    block_hash, seals = check_seals(headers, validators)
    if block_hash != stamp.hash:
        raise ProofInvalid(f"{name} is not the one that is sealed")
    signers = len({seal.validator for seal in seals})
    found.proven.append(f"{name}: {signers} of {len(validators.addresses)} validators stand for it")
    return header


async def _compare(
    source: StorageSource, header: Header, words: Iterable[Word], found: StorageFindings, *, is_sealed: bool
) -> None:
    by_contract: dict[str, list[Word]] = defaultdict(list)
    for word in words:
        by_contract[word.contract].append(word)
    storage, wrong = _Storage(source, header), dict[str, None]()
    for contract, expected in by_contract.items():
        for start in range(0, len(expected), AT_ONCE):
            some = expected[start : start + AT_ONCE]
            held = await storage.words(contract, [it.slot for it in some])
            wrong |= dict.fromkeys(it.about for it in some if held[it.slot] != it.word)
    found.differences += [f"{about} differs" for about in wrong]
    count = f"{sum(map(len, by_contract.values()))} words in the storage of {len(by_contract)} contracts"
    if storage.proves:
        found.proven.append(f"{count}, by their accounts and storage tries")
    else:  # of a sealed block its word is not enough: to be believed, a liar would only have to prove nothing
        taken = found.unchecked if is_sealed else found.asked
        taken.append(f"{count}: this ledger's address gives no proofs (eth_getProof)")


class _Storage:
    """Proved as long as the ledger gives proofs."""

    def __init__(self, source: StorageSource, header: Header) -> None:
        self._source = source
        self._header = header
        self.proves = True

    async def words(self, contract: str, slots: Sequence[int]) -> Mapping[int, int]:
        """By slot. Raises ProofInvalid, LedgerError."""
        if self.proves:
            try:
                return await proven_words(self._source, contract, slots, self._header)
            except LedgerError as error:
                if error.code not in _NO_SUCH_METHOD:
                    raise
                self.proves = False
        words = await self._source.storage_words(contract, slots, self._header.number)
        return dict(zip(slots, words, strict=True))
