"""What can be wrong with what a ledger tells a replica."""

from __future__ import annotations


class InconsistentLedger(Exception):
    """The events cannot all be what the contracts emitted, or some are missing."""
