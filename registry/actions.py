"""What a participant can do on the ledger, as frozen values: the publisher's vocabulary."""

from __future__ import annotations

from dataclasses import dataclass

from registry.records import Standing, StatusPurpose, Terms


@dataclass(frozen=True, slots=True)
class AccreditIssuer:
    """By the governor. Addresses are checksummed."""

    did: str
    admin: str
    operator: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class ChangeTerms:
    """By the governor."""

    did: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class ChangeStanding:
    """By the governor: suspend, reinstate, withdraw (final)."""

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

    An empty tuple is a heartbeat. `effective_at` None: the time of the block before.
    """

    uri: str
    entries: tuple[tuple[int, int], ...]
    effective_at: int | None = None  # Unix seconds, never in the future


LedgerAction = AccreditIssuer | ChangeTerms | ChangeStanding | PinDidDocument | CreateStatusList | PublishStatus
