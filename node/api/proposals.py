"""Proposals as JSON. Pure."""

from __future__ import annotations

from typing import Any

from node.api.presenters import stamp_json, timestamp
from node.services.gathered import SignedApproval
from node.services.proposals import Progress


def progress_json(progress: Progress) -> dict[str, Any]:
    """A proposal, its call in words and as bytes, and how far it has come."""
    it = progress.proposal
    return {
        "id": "0x" + it.id.hex(),
        "what": progress.what,
        "state": progress.state,
        "approvals": list(it.approvals),
        "needed": progress.needed,
        "delay": progress.delay,
        "ripeAt": timestamp(it.ripe_at) if it.ripe_at is not None else None,
        "expiresAt": timestamp(it.expires_at),
        "proposer": it.proposer,
        "council": it.council,
        "epoch": it.epoch,
        "call": {"target": it.target, "data": "0x" + it.data.hex()},
        "salt": "0x" + it.salt.hex(),
        "made": stamp_json(it.made),
        "stamp": stamp_json(it.stamp),
    }


def approval_json(approval: SignedApproval) -> dict[str, Any]:
    """What a governor's signed approval is handed on as."""
    return {
        "chainId": approval.chain_id,
        "council": approval.council,
        "proposal": "0x" + approval.proposal.hex(),
        "deadline": approval.deadline,
        "governor": approval.governor,
        "signature": "0x" + approval.signature.hex(),
    }
