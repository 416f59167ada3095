"""What a participant can do on the ledger, as frozen values: the publisher's vocabulary."""

from __future__ import annotations

from dataclasses import dataclass

from registry.records import Standing, StatusPurpose, Terms


@dataclass(frozen=True, slots=True)
class AccreditIssuer:
    """By the council. Addresses are checksummed."""

    did: str
    admin: str
    operator: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class ChangeTerms:
    """By the council."""

    did: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class ChangeStanding:
    """By the council: suspend, reinstate, withdraw (final)."""

    did: str
    standing: Standing
    reason: str


@dataclass(frozen=True, slots=True)
class PinDidDocument:
    """By the issuer's admin: the next version."""

    did: str
    document: bytes


@dataclass(frozen=True, slots=True)
class CreateStatusList:
    """By one of the issuer's operators."""

    issuer_did: str
    uri: str
    size: int  # entries
    purpose: StatusPurpose
    bits_per_entry: int = 1


@dataclass(frozen=True, slots=True)
class PublishStatus:
    """By one of the issuer's operators. `entries` maps entry index → value wanted; unchanged ones cost nothing.

    An empty tuple is a heartbeat. `effective_at` None: when it was asked for.
    """

    uri: str
    entries: tuple[tuple[int, int], ...]
    effective_at: int | None = None  # Unix seconds, never in the future


@dataclass(frozen=True, slots=True)
class RotateOperator:
    """By the issuer's admin: one hot key for another."""

    did: str
    old: str  # checksummed addresses
    new: str


@dataclass(frozen=True, slots=True)
class CloseStatusList:
    """By the issuer's admin, for good."""

    uri: str


@dataclass(frozen=True, slots=True)
class ProposeCall:
    """By a governor: that the council call a contract."""

    target: str  # checksummed address
    data: bytes  # selector and arguments


@dataclass(frozen=True, slots=True)
class ApproveProposal:
    """By a governor. A proposal is named by all it consists of."""

    target: str  # checksummed address
    data: bytes
    salt: bytes
    expires_at: int  # Unix seconds
    epoch: int


@dataclass(frozen=True, slots=True)
class ApproveSigned:
    """By anyone: governors' signed approvals of a proposal, which is named by all it consists of."""

    target: str  # checksummed address
    data: bytes
    salt: bytes
    expires_at: int  # Unix seconds
    epoch: int
    deadline: int  # Unix seconds: of the signatures
    signers: tuple[str, ...]  # checksummed addresses
    signatures: tuple[bytes, ...]  # 65 bytes each, in the signers' order


@dataclass(frozen=True, slots=True)
class ExecuteProposal:
    """By anyone, once it is ripe."""

    target: str  # checksummed address
    data: bytes
    salt: bytes
    expires_at: int  # Unix seconds
    epoch: int


@dataclass(frozen=True, slots=True)
class CancelProposal:
    """By the governor that made it."""

    proposal_id: bytes


LedgerAction = (
    AccreditIssuer
    | ChangeTerms
    | ChangeStanding
    | PinDidDocument
    | RotateOperator
    | CreateStatusList
    | PublishStatus
    | CloseStatusList
    | ProposeCall
    | ApproveProposal
    | ApproveSigned
    | ExecuteProposal
    | CancelProposal
)
