"""What can keep the embedded ledger from starting."""

from __future__ import annotations


class EmbeddedLedgerError(Exception):
    """The embedded ledger cannot run; the message says what to do."""


class AnvilMissing(EmbeddedLedgerError):
    """There is no anvil to run."""


class StateInUse(EmbeddedLedgerError):
    """Another process has this state directory open."""


class StateDamaged(EmbeddedLedgerError):
    """The state directory does not hold what we wrote into it."""
