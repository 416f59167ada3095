"""Why a proof proves nothing."""

from __future__ import annotations


class ProofInvalid(ValueError):
    """It does not show what it says. The message says in words what does not fit."""


class NotProven(LookupError):
    """It says nothing about what was asked."""
