"""Who governs the ledger's contracts and what they decide, as frozen values. Pure: no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from registry.records import BlockStamp


class ProposalState(StrEnum):
    """What became of a proposal, as recorded; whether it expired depends on the time it is asked about."""

    OPEN = "open"
    EXECUTED = "executed"
    CANCELLED = "cancelled"
    VOIDED = "voided"  # members or rules changed meanwhile


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a council is asked to decide, at the moment asked about."""

    id: bytes  # 32 bytes: the hash of what is proposed
    council: str  # checksummed addresses, here and below
    proposer: str
    target: str
    data: bytes  # selector and arguments
    salt: bytes  # 32 bytes
    expires_at: int  # Unix seconds, exclusive
    epoch: int
    approvals: tuple[str, ...]  # governors, in the order they approved
    ripe_at: int | None  # Unix seconds: when its delay ends; None: not approved by enough, or no delay
    state: ProposalState
    made: BlockStamp
    stamp: BlockStamp  # of the last change


@dataclass(frozen=True, slots=True)
class CouncilRule:
    """What a call of one function needs; no selector: of all functions without a rule of their own."""

    target: str  # checksummed address
    selector: bytes | None  # 4 bytes
    quorum: int  # 0: the council's own
    delay: int  # seconds


@dataclass(frozen=True, slots=True)
class Membership:
    """A council from one change of its members or rules to the next."""

    council: str  # checksummed addresses, here and below
    epoch: int
    quorum: int
    governors: tuple[str, ...]  # ascending
    rules: tuple[CouncilRule, ...]
    stamp: BlockStamp

    def rule_for(self, target: str, data: bytes) -> CouncilRule:
        """The rule a call falls under. Mirrors Council.ruleOf, the quorum as it counts: a majority at least."""
        by_selector = {rule.selector: rule for rule in self.rules if rule.target == target}
        selector = data[:4] if len(data) >= 4 else None
        found = by_selector.get(selector) or by_selector.get(None)
        if found is None or not found.quorum:
            return CouncilRule(target, selector, self.quorum, found.delay if found else 0)
        count = len(self.governors)
        return CouncilRule(target, selector, min(max(found.quorum, count // 2 + 1), count), found.delay)


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """What a name stood for from one block on."""

    name: str
    version: int  # 1, 2, …
    target: str  # checksummed address
    stamp: BlockStamp
