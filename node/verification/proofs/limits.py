"""How much of anything is accepted, in one place. Every limit is checked before the work it bounds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Ten Open Badges in one presentation take 70 KB, depth 12 and 3,000 values."""

    max_bytes: int = 1 << 20
    max_depth: int = 48  # objects and arrays inside one another
    max_values: int = 20_000  # members and elements in all


DEFAULT_LIMITS = Limits()
