"""What the ledger says, as frozen values. Pure: no I/O, so that verification may import it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class BlockStamp:
    """A point in ledger time: every answer taken from the ledger names one."""

    number: int
    hash: bytes  # 32 bytes
    time: int  # Unix seconds, the block's own timestamp


@dataclass(frozen=True, slots=True)
class AsOf:
    """The moment a question is asked about. All members empty: now, as known now.

    `block` or `known_at` bound what had been recorded (ledger time); `valid_at` asks what was in
    effect at that moment (an update's `effectiveAt`). "Licensed on 3 March, as known on 1 April" is
    AsOf(known_at=1 April, valid_at=3 March).
    """

    block: int | None = None  # block number, inclusive
    known_at: int | None = None  # Unix seconds, inclusive
    valid_at: int | None = None  # Unix seconds, inclusive


NOW = AsOf()


class StatusPurpose(IntEnum):
    """`statusPurpose` of a status list, as numbered on the ledger."""

    REVOCATION = 1
    SUSPENSION = 2
    REFRESH = 3
    MESSAGE = 4

    @property
    def label(self) -> str:
        """The word Bitstring Status List uses."""
        return self.name.lower()


class Standing(StrEnum):
    """An issuer's standing in the registry."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Terms:
    """What an issuer is accredited for. An empty tuple of jurisdictions means: everywhere."""

    name: str  # the issuer's legal name, as the accrediting body wrote it
    credential_types: tuple[str, ...]
    jurisdictions: tuple[str, ...]  # ISO 3166 codes, e.g. "US-CO"
    valid_from: int  # Unix seconds, inclusive
    valid_until: int  # Unix seconds, exclusive


@dataclass(frozen=True, slots=True)
class Accreditation:
    """An issuer as the ledger knows it at the moment asked about."""

    issuer_id: int
    did: str
    terms: Terms
    standing: Standing
    admin: str  # checksummed address of the cold key
    operators: frozenset[str]  # checksummed addresses of the hot keys
    stamp: BlockStamp  # of the last change
    reason: str = ""  # of the last change of its standing, in the words that stand on the ledger


@dataclass(frozen=True, slots=True)
class PinnedDocument:
    """A version of an issuer's DID document, pinned on the ledger."""

    did: str
    version: int  # 1, 2, …
    document: bytes  # the JSON as pinned; empty when deactivated
    deactivated: bool
    head: bytes  # 32 bytes: chains all versions
    stamp: BlockStamp


@dataclass(frozen=True, slots=True)
class StatusListRecord:
    """A status list at the moment asked about."""

    list_id: bytes  # keccak256 of `uri`
    uri: str  # URL of the status list credential
    issuer_id: int
    issuer_did: str
    size: int  # entries
    purpose: StatusPurpose
    bits_per_entry: int  # `statusSize`
    seq: int  # updates published so far
    head: bytes  # 32 bytes: chains all updates
    root: bytes  # 32 bytes: Merkle root of the bits
    closed: bool
    intact: bool  # False: a head or root did not match what we recomputed
    effective_at: int  # of the last update, Unix seconds
    stamp: BlockStamp  # of the last update or heartbeat
    registry: str = ""  # checksummed address of the contract that has it; empty: not told


class StatusChange(NamedTuple):
    """The update that gave an entry its present value."""

    seq: int
    effective_at: int  # Unix seconds: from when the issuer says it holds
    stamp: BlockStamp  # when it was recorded


@dataclass(frozen=True, slots=True)
class StatusReading:
    """The value of one entry of a list."""

    index: int
    value: int  # 0 … 2**bits_per_entry - 1
    changed: StatusChange | None  # None: never changed since the list was created
    list: StatusListRecord


class ListEventKind(StrEnum):
    """What happened to a status list."""

    CREATED = "created"
    PUBLISHED = "published"
    CONFIRMED = "confirmed"  # an update that left every bit as it was
    MOVED = "moved"  # to another issuer
    CLOSED = "closed"
    DAMAGED = "damaged"  # from here on a head or root did not match what we recomputed


@dataclass(frozen=True, slots=True)
class ListEvent:
    """One entry of a status list's history."""

    kind: ListEventKind
    seq: int  # updates published so far
    issuer_did: str  # whose list it was from then on
    effective_at: int  # Unix seconds
    head: bytes  # 32 bytes
    root: bytes  # 32 bytes
    stamp: BlockStamp


class Freshness(NamedTuple):
    """How far the replica has come."""

    head: BlockStamp | None  # None: nothing replicated yet
    confirmed_at: float  # Unix seconds: when a ledger last told us this was its head
    halted: str | None = None  # why replication stopped, if it did
    first: BlockStamp | None = None  # the first block that recorded something; None: not known

    @property
    def reaches(self) -> float:
        """Up to when it is known what was recorded, Unix seconds; 0: nothing is.

        A ledger that makes no blocks records nothing, however often it confirms its last one: what was to be
        revoked meanwhile waits. So the block's own time counts, where it is older than the confirmation.
        """
        return min(self.confirmed_at, float(self.head.time)) if self.head else 0.0


class UnknownStatusList(LookupError):
    """The ledger knows no list of that address."""


class IndexOutOfRange(LookupError):
    """The list has no such entry."""
