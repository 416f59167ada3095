"""What everybody may see of the council's proposals: each in words, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from node.clock import Clock
from node.errors import Conflict, NotFound
from registry.bindings.addresses import ContractAddresses
from registry.bindings.described import described
from registry.bindings.same_call import same_call
from registry.governance import Membership, Proposal, ProposalState
from registry.records import BlockStamp

PENDING = frozenset({"open", "ripening", "ripe"})
"""States of proposals that wait for somebody."""
FROM_NOW = 3600
"""Seconds between the moment a call names as now and the block that recorded its proposal, at the most."""


class _Ledger(Protocol):
    def membership(self) -> Membership | None: ...
    def proposal(self, proposal_id: bytes) -> Proposal | None: ...
    def proposals(self) -> Sequence[Proposal]: ...
    def did_of(self, issuer_id: int) -> str: ...
    def list_uri(self, list_id: bytes) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """A proposal, what it needs, and where that leaves it at the moment."""

    proposal: Proposal
    what: str  # the call in words
    needed: int  # approvals
    delay: int  # seconds between the last approval needed and the call
    state: str  # open, ripening, ripe, expired, executed, cancelled or voided


class Proposals:
    """The replica's proposals, by the clock and the rules of now."""

    def __init__(self, *, ledger: _Ledger, contracts: Callable[[], ContractAddresses], clock: Clock) -> None:
        """`contracts`: where they are at the moment."""
        self._ledger = ledger
        self.contracts = contracts
        self._clock = clock

    def progress(self, proposal_id: bytes) -> Progress:
        """Raises NotFound."""
        found = self._ledger.proposal(proposal_id)
        if found is None:
            raise NotFound("nobody has made this proposal")
        return self.progress_of(found)

    def progress_of(self, proposal: Proposal) -> Progress:
        """How far it has come, by the rules of today: a change of rules voids what is pending."""
        membership = self._ledger.membership()
        rule = membership.rule_for(proposal.target, proposal.data) if membership else None
        return Progress(
            proposal=proposal,
            what=self.describe(proposal.target, proposal.data),
            needed=rule.quorum if rule else 0,
            delay=rule.delay if rule else 0,
            state=self._state(proposal),
        )

    def made_by(self, governor: str, salt: bytes) -> Progress | None:
        """The governor's proposal of that salt; None: there is none, or it is not replicated yet."""
        for found in reversed(self._ledger.proposals()):
            if found.salt == salt and found.proposer == governor:
                return self.progress_of(found)
        return None

    def pending(self, target: str, data: bytes, *, from_now: bool = False) -> list[Progress]:
        """Proposals of that call which still wait for somebody, in the order they were made.

        `from_now`: it is to hold from now on, so one that holds from when it was proposed will do. One dated
        back or ahead will not: nobody approves that unseen.
        """
        same = [
            self.progress_of(one)
            for one in self._ledger.proposals()
            if one.state is ProposalState.OPEN
            and one.target == target
            and same_call(one.data, data, moments=_around(one.made) if from_now else range(0))
        ]
        return [progress for progress in same if progress.state in PENDING]

    def describe(self, target: str, data: bytes) -> str:
        """A call in words."""
        return described(target, data, self.contracts(), self._ledger.did_of, self._ledger.list_uri)

    def _state(self, proposal: Proposal) -> str:
        if proposal.state is not ProposalState.OPEN:
            return proposal.state.value
        now = self._clock()
        if now >= proposal.expires_at:
            return "expired"
        if proposal.ripe_at is None:
            return "open"
        return "ripe" if now >= proposal.ripe_at else "ripening"


def _around(made: BlockStamp) -> range:
    return range(made.time - FROM_NOW, made.time + FROM_NOW)


def require_pending(progress: Progress) -> None:
    """Raises Conflict for what is decided, expired or voided."""
    if progress.state not in PENDING:
        raise Conflict(f"the proposal is {progress.state}")
