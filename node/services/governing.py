"""The acts of this node's governor on the council: proposing, approving, executing, cancelling.

Like the registrar's, every act returns the number of a publication at once.
"""

from __future__ import annotations

from typing import Protocol

from node.errors import Conflict, NotConfigured
from node.services.proposals import Progress, Proposals, require_pending
from registry.actions import (
    AccreditIssuer,
    ApproveProposal,
    CancelProposal,
    ChangeStanding,
    ExecuteProposal,
    LedgerAction,
    ProposeCall,
)


class _Publisher(Protocol):
    def submit(self, action: LedgerAction, idempotency_key: str | None = None) -> int: ...


class Governing:
    """What is proposed, `Proposing` says."""

    def __init__(self, *, publisher: _Publisher, proposals: Proposals, governor_address: str | None) -> None:
        """`governor_address`: None, where this node has no key."""
        self._publisher = publisher
        self._proposals = proposals
        self.governor_address = governor_address

    def propose(
        self,
        call: ProposeCall,
        action: AccreditIssuer | ChangeStanding | None = None,
        *,
        from_now: bool = False,
    ) -> int:
        """That is its first approval. What is pending already is approved instead: two proposals of one call
        would each wait for approvals that the other has.

        `action`: what the publisher is to make the call of. `from_now`: whoever asks named no moment from when
        on it is to hold.
        """
        governor = self.require_governor()
        pending = self._proposals.pending(call.target, call.data, from_now=from_now)
        if not pending:
            return self._publisher.submit(action or call)
        # There may be several: governors who ask at the same moment do not see each other's.
        it = max(
            (progress.proposal for progress in pending),
            key=lambda one: (governor not in one.approvals, len(one.approvals)),
        )
        return self.approve(it.id)

    def approve(self, proposal_id: bytes) -> int:
        """The last approval needed carries it out, or starts its delay."""
        governor = self.require_governor()
        progress = self._proposals.progress(proposal_id)
        it = progress.proposal
        if governor in it.approvals:
            raise Conflict(
                f"this node's governor has approved it already: proposal 0x{it.id.hex()} is {progress.state}, "
                f"with {len(it.approvals)} of {progress.needed} approvals"
            )
        require_pending(progress)
        return self._publisher.submit(ApproveProposal(it.target, it.data, it.salt, it.expires_at, it.epoch))

    def execute(self, proposal_id: bytes) -> int:
        """By anyone, once it is ripe."""
        progress = self._proposals.progress(proposal_id)
        require_pending(progress)
        if progress.state != "ripe":
            raise Conflict(f"it is {progress.state}: not to be executed yet")
        it = progress.proposal
        return self._publisher.submit(ExecuteProposal(it.target, it.data, it.salt, it.expires_at, it.epoch))

    def cancel(self, proposal_id: bytes) -> int:
        """By the governor that made it."""
        governor = self.require_governor()
        progress = self._proposals.progress(proposal_id)
        require_pending(progress)
        if progress.proposal.proposer != governor:
            raise Conflict("only the governor that made it cancels it")
        return self._publisher.submit(CancelProposal(proposal_id))

    def made_for(self, publication_id: int) -> Progress | None:
        """The proposal this node made on behalf of a publication; None: none, or not replicated yet."""
        if self.governor_address is None:
            return None
        return self._proposals.made_by(self.governor_address, publication_id.to_bytes(32, "big"))

    def require_governor(self) -> str:
        """This node's governor. Raises NotConfigured."""
        if self.governor_address is None:
            raise NotConfigured("this node has no governor's key: set GOODSTANDING_GOVERNOR_KEY_FILE")
        return self.governor_address
