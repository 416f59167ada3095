"""What is wanted of the publisher, what was signed for it, how it ended: values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from registry.actions import LedgerAction
from registry.records import BlockStamp


class State(StrEnum):
    """How far a publication has come."""

    QUEUED = "queued"
    SIGNED = "signed"
    DONE = "done"  # final by the finality setting
    FAILED = "failed"


class UnknownPublication(LookupError):
    """There is no publication of that number."""


class IdempotencyConflict(ValueError):
    """The idempotency key was used for another action."""


class TakenElsewhere(Exception):
    """Another process signed for one of these actions, or used the nonce, a moment ago."""


@dataclass(frozen=True, slots=True)
class Publication:
    """An action and what became of it."""

    id: int
    action: LedgerAction
    state: State
    tx_hash: bytes | None  # of its last transaction; None: none was needed, or none yet
    stamp: BlockStamp | None  # of the block that made it final
    error: str | None
    created_at: float  # Unix seconds


@dataclass(frozen=True, slots=True)
class QueuedAction:
    """An action to sign for."""

    id: int
    action: LedgerAction
    begun: bool  # earlier transactions did a part of it
    asked_at: float  # Unix seconds
    refused: bool  # a contract has refused a transaction for it that could be tried out without fault


@dataclass(frozen=True, slots=True)
class SignedTransaction:
    """A transaction of ours that is not final yet."""

    id: int
    sender: str
    nonce: int
    raw: bytes
    tx_hash: bytes
