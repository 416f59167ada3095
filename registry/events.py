"""The closed set of events that the contracts emit, as frozen values. The decoder is `bindings/decoder.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

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


class StatusPublished(NamedTuple):
    """A named tuple, for nearly all events are of this kind: it is made in a fraction of a dataclass's time."""

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


# --- Council


@dataclass(frozen=True, slots=True)
class ProposalMade:
    proposal_id: bytes
    council: str  # checksummed addresses, here and below
    proposer: str
    target: str
    epoch: int
    expires_at: int  # Unix seconds, exclusive
    salt: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class ProposalApproved:
    proposal_id: bytes
    governor: str  # checksummed address
    approvals: int


@dataclass(frozen=True, slots=True)
class ProposalRipening:
    """Approved by enough; may be executed from `ripe_at` on."""

    proposal_id: bytes
    ripe_at: int  # Unix seconds


@dataclass(frozen=True, slots=True)
class ProposalExecuted:
    proposal_id: bytes


@dataclass(frozen=True, slots=True)
class ProposalCancelled:
    proposal_id: bytes


@dataclass(frozen=True, slots=True)
class MembersChanged:
    council: str  # checksummed addresses, here and below
    epoch: int
    quorum: int
    governors: tuple[str, ...]  # all of them, ascending


@dataclass(frozen=True, slots=True)
class RuleChanged:
    council: str  # checksummed addresses, here and below
    epoch: int
    target: str
    selector: bytes  # 4 bytes; zeros: all functions without a rule of their own
    quorum: int  # 0: the council's own
    delay: int  # seconds


# --- Directory


@dataclass(frozen=True, slots=True)
class DirectoryEntryChanged:
    name: str
    version: int
    target: str  # checksummed address


# --- all of them


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
    | ProposalMade
    | ProposalApproved
    | ProposalRipening
    | ProposalExecuted
    | ProposalCancelled
    | MembersChanged
    | RuleChanged
    | DirectoryEntryChanged
    | OwnershipOffered
    | OwnershipTransferred
)


class LoggedEvent(NamedTuple):
    """An event where it was found. A named tuple, for there are as many as updates."""

    event: LedgerEvent
    tx_hash: bytes  # 32 bytes
    log_index: int


@dataclass(frozen=True, slots=True)
class BlockBatch:
    """Everything one block says to us. Blocks without events are passed on too: they move the head."""

    stamp: BlockStamp
    parent_hash: bytes
    events: tuple[LoggedEvent, ...]
