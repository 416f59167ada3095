"""The council as a plain model: what it accepts, and the events it emits."""

from __future__ import annotations

from dataclasses import dataclass, field

from registry.bindings.council import CouncilAction
from registry.events import (
    LedgerEvent,
    MembersChanged,
    ProposalApproved,
    ProposalCancelled,
    ProposalExecuted,
    ProposalMade,
    RuleChanged,
)

EXPIRY = 1 << 40


@dataclass
class CouncilModel:
    """Each method does what the call of that name does. A council may change itself only by a decision."""

    address: str
    epoch: int = 0
    quorum: int = 0
    governors: tuple[str, ...] = ()  # ascending
    rules: dict[tuple[str, bytes], tuple[int, int]] = field(default_factory=dict)  # → quorum, delay
    pending: dict[bytes, list[str]] = field(default_factory=dict)  # number of a proposal → who approved
    proposers: dict[bytes, str] = field(default_factory=dict)  # of every proposal there ever was, like these:
    approved: dict[bytes, list[str]] = field(default_factory=dict)
    ended: dict[bytes, int] = field(default_factory=dict)  # 2: executed, 3: cancelled
    made: int = 0

    def found(self, governors: tuple[str, ...], quorum: int) -> list[LedgerEvent]:
        self.epoch, self.quorum, self.governors = 1, quorum, tuple(sorted(governors))
        return [MembersChanged(self.address, 1, quorum, self.governors)]

    def propose(self, governor: str, target: str, data: bytes) -> list[LedgerEvent]:
        self.made += 1
        it = CouncilAction(target, data, self.made.to_bytes(32, "big"), EXPIRY, self.epoch)
        made = ProposalMade(it.id, self.address, governor, target, self.epoch, EXPIRY, it.salt, data)
        self.proposers[it.id] = governor
        self.pending[it.id] = self.approved[it.id] = []
        return [made, *self.approve(it.id, governor)]

    def approve(self, proposal: bytes, governor: str) -> list[LedgerEvent]:
        """The last approval needed carries it out."""
        approvals = self.pending[proposal]
        assert governor not in approvals
        approvals.append(governor)
        events: list[LedgerEvent] = [ProposalApproved(proposal, governor, len(approvals))]
        if len(approvals) == self.quorum:
            del self.pending[proposal]
            self.ended[proposal] = 2
            events.append(ProposalExecuted(proposal))
        return events

    def cancel(self, proposal: bytes) -> list[LedgerEvent]:
        del self.pending[proposal]
        self.ended[proposal] = 3
        return [ProposalCancelled(proposal)]

    def set_members(self, governors: tuple[str, ...], quorum: int) -> list[LedgerEvent]:
        events = self._decided(b"members")
        self.epoch += 1
        self.quorum, self.governors = quorum, tuple(sorted(governors))
        self.pending.clear()
        return [*events, MembersChanged(self.address, self.epoch, quorum, self.governors)]

    def set_rule(self, target: str, selector: bytes, quorum: int, delay: int) -> list[LedgerEvent]:
        events = self._decided(b"rule")
        self.epoch += 1
        self.rules[target, selector] = (quorum, delay)
        self.pending.clear()
        return [*events, RuleChanged(self.address, self.epoch, target, selector, quorum, delay)]

    def _decided(self, data: bytes) -> list[LedgerEvent]:
        first, *others = self.governors
        events = self.propose(first, self.address, data)
        number = CouncilAction(self.address, data, self.made.to_bytes(32, "big"), EXPIRY, self.epoch).id
        for governor in others[: self.quorum - 1]:
            events += self.approve(number, governor)
        return events
