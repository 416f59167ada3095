"""Whose seals are on a block: QBFT, IBFT 2.0 and Clique. A block of any other ledger carries none.

QBFT, IBFT 2.0: a block is final once two thirds of the validators sealed it. extraData is the list
[vanity, validators, vote, round, seals], and what is hashed leaves the seals out:
    QBFT      the block's hash is over [vanity, validators, vote, 0, []]
              the seals sign           [vanity, validators, vote, round, []]
    IBFT 2.0  the block's hash is over [vanity, validators, vote]
              the seals sign           [vanity, validators, vote, round]
Clique (EIP-225): one signer seals each block, in the last 65 bytes of extraData. One signer alone proves
little: only a majority that built on a block stands for it, so the blocks after it belong to the proof.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import coincurve

from registry.bindings.addresses import checksummed, keccak256
from registry.proofs.errors import ProofInvalid
from registry.proofs.headers import Header
from registry.rlp import Item, MalformedRlp, decode_list, encode, octets

VANITY, ADDRESS, SEAL = 32, 20, 65  # bytes
MAX_VALIDATORS = 128


class Consensus(StrEnum):
    """How the ledger's validators agree."""

    QBFT = "qbft"
    IBFT2 = "ibft2"
    CLIQUE = "clique"
    UNSEALED = "unsealed"  # one machine makes the blocks: the embedded ledger


@dataclass(frozen=True, slots=True)
class Validators:
    """Whom an auditor trusts: the ledger's validators at the block in question."""

    consensus: Consensus
    addresses: frozenset[bytes]  # 20 bytes each; none for UNSEALED alone

    def __post_init__(self) -> None:
        """Raises ValueError."""
        if any(len(address) != ADDRESS for address in self.addresses):
            raise ValueError("a validator's address has 20 bytes")
        if bool(self.addresses) == (self.consensus is Consensus.UNSEALED):
            raise ValueError("sealed blocks need validators, unsealed ones have none")
        if len(self.addresses) > MAX_VALIDATORS:
            raise ValueError(f"more than {MAX_VALIDATORS} validators")

    @property
    def quorum(self) -> int:
        """How many of them have to stand for a block. Clique: a majority; else two thirds, rounded up."""
        count = len(self.addresses)
        return count // 2 + 1 if self.consensus is Consensus.CLIQUE else -(-2 * count // 3)


@dataclass(frozen=True, slots=True)
class Seal:
    """One validator's signature on a block."""

    validator: str  # checksummed address
    block: int
    time: int  # Unix seconds, of that block


def check_seals(headers: Sequence[Header], validators: Validators) -> tuple[bytes, tuple[Seal, ...]]:
    """The hash of the first block, and the seals that stand for it. Raises ProofInvalid.

    `headers`: the block and, of Clique, those built on it.
    """
    if not headers:
        raise ProofInvalid("there is no block header")
    if validators.consensus is Consensus.CLIQUE:
        seals = _clique_chain(headers, validators.addresses)
    elif len(headers) > 1:
        raise ProofInvalid("block headers follow that have no meaning here")
    elif validators.consensus is Consensus.UNSEALED:
        return keccak256(headers[0].raw), ()
    else:
        seals = _committed(headers[0], validators)
    if len({seal.validator for seal in seals}) < validators.quorum:
        raise ProofInvalid(
            f"{len(seals)} of {len(validators.addresses)} validators stand for block {headers[0].number}, "
            f"and {validators.quorum} are needed"
        )
    return block_hash(headers[0], validators.consensus), seals


def block_hash(header: Header, consensus: Consensus) -> bytes:
    """By which the block is known. Raises ProofInvalid."""
    if consensus in (Consensus.CLIQUE, Consensus.UNSEALED):
        return keccak256(header.raw)
    vanity, validators, vote, _, _ = _bft_parts(header)
    unsealed: list[Item] = [vanity, validators, vote]
    if consensus is Consensus.QBFT:
        unsealed += [0, []]
    return header.hash_with(encode(unsealed))


def recognised(header: Header, known_hash: bytes) -> Consensus:
    """By which rule a header has the hash it is known by. Raises ProofInvalid if by none."""
    if keccak256(header.raw) == known_hash:
        try:
            clique_signer(header)
        except ProofInvalid:
            return Consensus.UNSEALED
        return Consensus.CLIQUE
    for consensus in (Consensus.QBFT, Consensus.IBFT2):
        if block_hash(header, consensus) == known_hash:
            return consensus
    raise ProofInvalid(f"the ledger's header of block {header.number} is not the one of its hash")


def clique_signer(header: Header) -> bytes:
    """The address that sealed a Clique block. Raises ProofInvalid."""
    extra = header.extra_data
    if len(extra) < VANITY + SEAL or (len(extra) - VANITY - SEAL) % ADDRESS:
        raise ProofInvalid(f"block {header.number} bears no seal of Clique")
    return _signer(header.hash_with(extra[:-SEAL]), extra[-SEAL:])


def _clique_chain(headers: Sequence[Header], trusted: Collection[bytes]) -> tuple[Seal, ...]:
    seals = []
    for header, parent in zip(headers, (None, *headers), strict=False):
        if parent and (header.number != parent.number + 1 or header.parent_hash != keccak256(parent.raw)):
            raise ProofInvalid(f"block {header.number} does not follow the one before it")
        signer = clique_signer(header)
        if signer not in trusted:
            raise ProofInvalid(
                f"block {header.number} is sealed by {checksummed(signer)}, which is no validator"
            )
        listed = header.extra_data[VANITY:-SEAL]  # of all signers, every some thousand blocks
        if listed and {listed[i : i + ADDRESS] for i in range(0, len(listed), ADDRESS)} != set(trusted):
            raise ProofInvalid(f"the validators were others at block {header.number}")
        seals.append(Seal(checksummed(signer), header.number, header.time))
    return tuple(seals)


def _committed(header: Header, validators: Validators) -> tuple[Seal, ...]:
    vanity, listed, vote, round_number, seals = _bft_parts(header)
    if set(listed) != set(validators.addresses):
        raise ProofInvalid(f"the validators were others at block {header.number}")
    sealed: list[Item] = [vanity, listed, vote, round_number]
    if validators.consensus is Consensus.QBFT:
        sealed.append([])
    digest = header.hash_with(encode(sealed))
    found = []
    for seal in seals:
        signer = _signer(digest, seal)
        if signer not in validators.addresses:
            raise ProofInvalid(
                f"block {header.number} bears a seal of {checksummed(signer)}, which is no validator"
            )
        found.append(Seal(checksummed(signer), header.number, header.time))
    return tuple(found)


def _bft_parts(header: Header) -> tuple[bytes, list[bytes], Item, bytes, list[bytes]]:
    """extraData of QBFT and IBFT 2.0: vanity, validators, vote, round, seals. Raises ProofInvalid."""
    try:
        vanity, validators, vote, round_number, seals = decode_list(header.extra_data)
        if isinstance(validators, bytes) or isinstance(seals, bytes):
            raise MalformedRlp("bytes where a list belongs")
        if len(validators) > MAX_VALIDATORS or len(seals) > MAX_VALIDATORS:
            raise MalformedRlp("too many validators")
        return (
            octets(vanity, VANITY),
            [octets(one, ADDRESS) for one in validators],
            vote,
            octets(round_number),
            [octets(one, SEAL) for one in seals],
        )
    except (MalformedRlp, ValueError) as error:
        raise ProofInvalid(f"block {header.number} bears no seals of QBFT or IBFT 2.0: {error}") from error


def _signer(digest: bytes, seal: bytes) -> bytes:
    """The address whose key made the seal. Raises ProofInvalid."""
    recovery = seal[64] - 27 if seal[64] in (27, 28) else seal[64]
    if recovery > 1:
        raise ProofInvalid("a seal cannot be read")
    try:
        key = coincurve.PublicKey.from_signature_and_message(seal[:64] + bytes([recovery]), digest, hasher=None)
    except ValueError as error:
        raise ProofInvalid("a seal is no signature") from error
    return keccak256(key.format(compressed=False)[1:])[12:]
