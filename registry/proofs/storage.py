"""Where our contracts keep things (contracts/src), and how a word of storage reads.

Slots follow from the order of declaration: two of ownership, two of EIP-712's fallback texts, then the
contract's own. A mapping's entry stands at keccak256(key ‖ slot of the mapping).
"""

from __future__ import annotations

from dataclasses import dataclass

from registry.bindings.addresses import checksummed, keccak256
from registry.bindings.issuer_registry import STANDINGS
from registry.proofs.errors import ProofInvalid
from registry.records import Standing, StatusPurpose

_ISSUERS, _ID_OF_DID = 5, 6  # IssuerRegistry
_DIDS, _DID_HEADS = 4, 5  # DidRegistry
_LISTS, _LIST_HEADS = 4, 5  # StatusRegistry


def _entry(key: bytes, mapping: int) -> int:
    return int.from_bytes(keccak256(key + mapping.to_bytes(32, "big")), "big")


def id_of_did_slot(did: str) -> int:
    return _entry(keccak256(did.encode()), _ID_OF_DID)


def issuer_slots(issuer_id: int) -> tuple[int, int]:
    """Of the admin, validity and standing; of the hash of the terms."""
    first = _entry(issuer_id.to_bytes(32, "big"), _ISSUERS)
    return first, (first + 2) % 2**256


def did_slots(did: str) -> tuple[int, int]:
    """Of the version; of the head."""
    key = keccak256(did.encode())
    return _entry(key, _DIDS), _entry(key, _DID_HEADS)


def list_slots(uri: str) -> tuple[int, int]:
    """Of the list's shape; of its head."""
    key = keccak256(uri.encode())
    return _entry(key, _LISTS), _entry(key, _LIST_HEADS)


@dataclass(frozen=True, slots=True)
class IssuerWord:
    admin: str  # checksummed
    valid_from: int  # Unix seconds
    valid_until: int  # Unix seconds
    standing: Standing

    @classmethod
    def read(cls, word: int) -> IssuerWord:
        """Raises ProofInvalid."""
        standing = word >> 240
        if standing not in STANDINGS:
            raise ProofInvalid("the issuer's standing is none that we know")
        admin = checksummed((word & ((1 << 160) - 1)).to_bytes(20, "big"))
        return cls(admin, word >> 160 & 0xFFFFFFFFFF, word >> 200 & 0xFFFFFFFFFF, STANDINGS[standing])


@dataclass(frozen=True, slots=True)
class DidWord:
    version: int
    deactivated: bool

    @classmethod
    def read(cls, word: int) -> DidWord:
        """Raises ProofInvalid."""
        if word >> 33:
            raise ProofInvalid("the DID's version is none that we know")
        return cls(word & 0xFFFFFFFF, bool(word >> 32))


@dataclass(frozen=True, slots=True)
class ListWord:
    issuer_id: int
    size: int  # entries
    seq: int
    purpose: StatusPurpose
    bits_per_entry: int
    closed: bool

    @classmethod
    def read(cls, word: int) -> ListWord:
        """Raises ProofInvalid."""
        try:
            purpose = StatusPurpose(word >> 128 & 0xFF)
        except ValueError as error:
            raise ProofInvalid("the status list's purpose is none that we know") from error
        bits, closed = word >> 136 & 0xFF, word >> 144
        if bits not in (1, 2, 4, 8) or closed > 1:
            raise ProofInvalid("the status list's shape is none that we know")
        return cls(
            word & 0xFFFFFFFF,
            word >> 32 & 0xFFFFFFFF,
            word >> 64 & (2**64 - 1),
            purpose,
            bits,
            bool(closed),
        )
