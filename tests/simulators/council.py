"""A council of one, as the tests' ledgers have it: what its governor sends to have something done."""

from __future__ import annotations

import itertools

from registry.bindings import council
from registry.bindings.council import CouncilAction
from registry.events import LedgerEvent, ProposalApproved, ProposalExecuted, ProposalMade

_salts = itertools.count(1)


def decision(target: str, data: bytes, now: int, *, epoch: int = 1) -> bytes:
    """Call data for the council. `now`: about the time on the ledger."""
    salt = next(_salts).to_bytes(32, "big")
    return council.propose(CouncilAction(target, data, salt, now + 86_400, epoch))


def outcome(events: list[LedgerEvent]) -> list[LedgerEvent]:
    """What the decision brought about, without what the council says of itself."""
    own = ProposalMade | ProposalApproved | ProposalExecuted
    return [event for event in events if not isinstance(event, own)]
