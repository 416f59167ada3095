"""Approvals that governors sign at home, and anybody gathers and carries to the ledger.

A signature covers the chain, the council, the proposal as a whole with its epoch, and a deadline (EIP-712,
`Council.approveSigned`). It counts once: a proposal is approved once by each governor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import coincurve

from node.clock import Clock
from node.errors import Conflict, Invalid, NotConfigured
from node.services.proposals import Progress, require_pending
from registry.actions import ApproveSigned, LedgerAction
from registry.bindings import signing
from registry.bindings.council import CouncilAction
from registry.governance import Membership, Proposal
from registry.publisher.signer import Signer, address_of

_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
"""Of secp256k1: the contract takes the lower of a signature's two forms."""


@dataclass(frozen=True, slots=True)
class SignedApproval:
    """What a governor hands to whoever gathers approvals. Nothing in it is taken on trust."""

    chain_id: int
    council: str  # checksummed address
    proposal: bytes  # 32 bytes
    deadline: int  # Unix seconds: the last moment at which the ledger takes it
    governor: str  # checksummed address
    signature: bytes  # 65 bytes: r, s, 27 or 28


class _Publisher(Protocol):
    def submit(self, action: LedgerAction, idempotency_key: str | None = None) -> int: ...


class _Proposals(Protocol):
    def progress(self, proposal_id: bytes) -> Progress: ...


class _Ledger(Protocol):
    def membership(self) -> Membership | None: ...


class GatheredApprovals:
    """Signs with this node's governor key, and carries what other governors signed."""

    def __init__(
        self,
        *,
        publisher: _Publisher,
        proposals: _Proposals,
        ledger: _Ledger,
        governor: Signer | None,
        chain_id: int,
        clock: Clock,
    ) -> None:
        self._publisher = publisher
        self._proposals = proposals
        self._ledger = ledger
        self._governor = governor
        self._chain_id = chain_id
        self._clock = clock

    def sign(self, proposal_id: bytes, deadline: int | None = None) -> SignedApproval:
        """Of this node's governor. Sends nothing. Without a deadline: for as long as the proposal stands."""
        if self._governor is None:
            raise NotConfigured("this node has no governor's key: set GOODSTANDING_GOVERNOR_KEY_FILE")
        progress = self._proposals.progress(proposal_id)
        it, address = progress.proposal, self._governor.address
        if address in it.approvals:
            raise Conflict("this node's governor has approved it already")
        require_pending(progress)
        self._require_governor(address)
        last = it.expires_at if deadline is None else deadline
        if not self._clock() < last <= it.expires_at:
            raise Invalid("deadline: later than now, and not after the proposal expires", "deadline")
        signature = self._governor.sign_hash(self._digest(it, last))
        signature = signature[:64] + bytes([27 + signature[64]])
        return SignedApproval(self._chain_id, it.council, it.id, last, address, signature)

    def submit(self, proposal_id: bytes, approvals: Sequence[SignedApproval]) -> int:
        """In one transaction, paid for by this node's operator key, be it a governor's node or not."""
        progress = self._proposals.progress(proposal_id)
        it = progress.proposal
        require_pending(progress)
        for approval in approvals:
            self._check(it, approval)
        deadlines = {approval.deadline for approval in approvals}
        if len(deadlines) != 1:
            raise Conflict("approvals with different deadlines are carried one by one: submit them so")
        signers = [approval.governor for approval in approvals]
        if len(set(signers)) != len(signers):
            raise Invalid("approvals: a governor's approval is given twice", "approvals")
        if all(signer in it.approvals for signer in signers):
            raise Conflict("these governors have approved it already")
        action = ApproveSigned(
            it.target,
            it.data,
            it.salt,
            it.expires_at,
            it.epoch,
            deadlines.pop(),
            tuple(signers),
            tuple(approval.signature for approval in approvals),
        )
        return self._publisher.submit(action)

    def _check(self, proposal: Proposal, approval: SignedApproval) -> None:
        """What the ledger would refuse, so that it is not the ledger that says so."""
        if approval.chain_id != self._chain_id or approval.council != proposal.council:
            raise Conflict(
                f"the approval of {approval.governor} is for the council {approval.council} "
                f"of chain {approval.chain_id}"
            )
        if approval.proposal != proposal.id:
            raise Conflict(f"{approval.governor} approved another proposal: 0x{approval.proposal.hex()}")
        if self._clock() > approval.deadline:
            raise Conflict(f"the approval of {approval.governor} came after its deadline: sign it anew")
        self._require_governor(approval.governor)
        if _signer_of(approval.signature, self._digest(proposal, approval.deadline)) != approval.governor:
            raise Invalid(f"approvals: the signature is not by {approval.governor} over this", "approvals")

    def _require_governor(self, address: str) -> None:
        membership = self._ledger.membership()
        if membership is None or address not in membership.governors:
            raise Conflict(f"{address} is none of the council's governors")

    def _digest(self, proposal: Proposal, deadline: int) -> bytes:
        action = CouncilAction(
            proposal.target, proposal.data, proposal.salt, proposal.expires_at, proposal.epoch
        )
        return signing.council_approval(
            action, deadline=deadline, chain_id=self._chain_id, contract=proposal.council
        )


def _signer_of(signature: bytes, digest: bytes) -> str | None:
    """Whose key made it; None: it is no signature as the contract takes them."""
    if len(signature) != 65 or signature[64] not in (27, 28):
        return None
    if int.from_bytes(signature[32:64], "big") > _HALF_ORDER:
        return None
    recoverable = signature[:64] + bytes([signature[64] - 27])
    try:
        return address_of(coincurve.PublicKey.from_signature_and_message(recoverable, digest, hasher=None))
    except ValueError:
        return None
