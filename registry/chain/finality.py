"""When a block counts as final: a setting of the participant, for the ledger it uses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finality:
    """One of three rules; make it with a class method or from a setting's text.

    instant: every block is final (the embedded ledger, QBFT, IBFT). confirmations: a block is final once
    `depth` blocks follow it (Clique). tag: the ledger's own "safe" or "finalized".
    """

    depth: int = 0
    tag: str | None = None

    @classmethod
    def instant(cls) -> Finality:
        return cls()

    @classmethod
    def confirmations(cls, depth: int) -> Finality:
        if depth < 0:
            raise ValueError("a number of confirmations is not negative")
        return cls(depth=depth)

    @classmethod
    def by_tag(cls, tag: str) -> Finality:
        if tag not in ("safe", "finalized"):
            raise ValueError('a finality tag is "safe" or "finalized"')
        return cls(tag=tag)

    @classmethod
    def parse(cls, text: str) -> Finality:
        """ "instant", "safe", "finalized", or a number of confirmations. Raises ValueError."""
        if text == "instant":
            return cls.instant()
        if text.isascii() and text.isdigit() and len(text) <= 6:
            return cls.confirmations(int(text))
        return cls.by_tag(text)

    @property
    def is_instant(self) -> bool:
        return not self.depth and self.tag is None

    def __str__(self) -> str:
        return self.tag or (str(self.depth) if self.depth else "instant")
