"""The closed set of events that the contracts emit, as frozen values. The decoder is `bindings/decoder.py`."""

from __future__ import annotations

from dataclasses import dataclass

from registry.records import BlockStamp, Standing, StatusPurpose, Terms

# --- IssuerRegistry


@dataclass(frozen=True, slots=True)
class IssuerAccredited:
    issuer_id: int
    did: str
    admin: str  # checksummed address
    terms: Terms


@dataclass(frozen=True, slots=True)
class TermsChanged:
    issuer_id: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class StandingChanged:
    issuer_id: int
    standing: Standing
    reason: str


@dataclass(frozen=True, slots=True)
class OperatorChanged:
    issuer_id: int
    operator: str  # checksummed address
    enabled: bool


@dataclass(frozen=True, slots=True)
class AdminChanged:
    issuer_id: int
    admin: str  # checksummed address
    recovered: bool  # by the owner, not handed over by the previous admin


# --- DidRegistry


@dataclass(frozen=True, slots=True)
class DidDocumentPinned:
    did: str
    version: int
    head: bytes
    document: bytes


@dataclass(frozen=True, slots=True)
class DidDeactivated:
    did: str
    version: int  # the number the deactivation takes
    head: bytes


# --- StatusRegistry


@dataclass(frozen=True, slots=True)
class StatusListCreated:
    list_id: bytes
    issuer_id: int
    size: int  # entries
    purpose: StatusPurpose
    bits_per_entry: int
    head: bytes
    root: bytes
    uri: str


@dataclass(frozen=True, slots=True)
class StatusPublished:
    list_id: bytes
    seq: int
    head: bytes
    root: bytes
    effective_at: int  # Unix seconds
    delta: bytes  # gap-coded bit positions, see `status_delta.py`; empty: a heartbeat


@dataclass(frozen=True, slots=True)
class StatusListClosed:
    list_id: bytes
    seq: int


@dataclass(frozen=True, slots=True)
class StatusListMoved:
    list_id: bytes
    from_issuer: int
    to_issuer: int


@dataclass(frozen=True, slots=True)
class OwnershipOffered:
    """Of any of the contracts: changes nothing until accepted, when OwnershipTransferred follows."""

    contract: str  # checksummed address
    owner: str  # checksummed address: to whom


@dataclass(frozen=True, slots=True)
class OwnershipTransferred:
    """Of any of the contracts."""

    contract: str  # checksummed address
    owner: str  # checksummed address


LedgerEvent = (
    IssuerAccredited
    | TermsChanged
    | StandingChanged
    | OperatorChanged
    | AdminChanged
    | DidDocumentPinned
    | DidDeactivated
    | StatusListCreated
    | StatusPublished
    | StatusListClosed
    | StatusListMoved
    | OwnershipOffered
    | OwnershipTransferred
)


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event where it was found."""

    event: LedgerEvent
    tx_hash: bytes  # 32 bytes
    log_index: int


@dataclass(frozen=True, slots=True)
class BlockBatch:
    """Everything one block says to us. Blocks without events are passed on too: they move the head."""

    stamp: BlockStamp
    parent_hash: bytes
    events: tuple[LoggedEvent, ...]
