"""Governors' signed approvals: what is refused before the ledger would."""

from __future__ import annotations

import secrets
from dataclasses import replace

import pytest

from node.errors import Conflict, Invalid, NotConfigured
from node.services.gathered import GatheredApprovals, SignedApproval
from node.services.proposals import Proposals
from registry.actions import ApproveSigned
from registry.bindings import signing
from registry.bindings.council import CouncilAction
from registry.events import MembersChanged, ProposalApproved, ProposalExecuted, ProposalMade
from registry.publisher.signer import LocalSigner
from registry.replica.council import GovernanceEvent
from tests.simulators import verdicts
from tests.simulators.ledger import CONTRACTS
from tests.simulators.node_ledger import SimulatedPublisher, SimulatedQueries

CHAIN, ORDER = 4712, 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
NOW, EXPIRY = verdicts.NOW, verdicts.NOW + 1000
ACTION = CouncilAction(CONTRACTS.issuer_registry, b"\1\2\3\4", bytes(32), EXPIRY, 1)
FIRST, SECOND, THIRD, STRANGER = (LocalSigner(secrets.token_bytes(32)) for _ in range(4))


class Council:
    """Three governors; the first has proposed."""

    def __init__(self) -> None:
        self.publisher, self.queries, self.now = SimulatedPublisher(), SimulatedQueries(NOW), float(NOW)
        self.proposals = Proposals(ledger=self.queries, contracts=lambda: CONTRACTS, clock=lambda: self.now)
        self.happens(self.members(1, FIRST, SECOND, THIRD))
        made = ProposalMade(
            ACTION.id, CONTRACTS.council, FIRST.address, ACTION.target, 1, EXPIRY, ACTION.salt, ACTION.data
        )
        self.happens(made)
        self.happens(ProposalApproved(ACTION.id, FIRST.address, 1))

    def members(self, epoch: int, *governors: LocalSigner) -> MembersChanged:
        addresses = tuple(sorted(one.address for one in governors))
        return MembersChanged(CONTRACTS.council, epoch, 2, addresses)

    def happens(self, event: GovernanceEvent) -> None:
        self.queries.governance = self.queries.governance.after(event, verdicts.STAMP)

    def of(self, governor: LocalSigner | None, chain_id: int = CHAIN) -> GatheredApprovals:
        return GatheredApprovals(
            publisher=self.publisher,
            proposals=self.proposals,
            ledger=self.queries,
            governor=governor,
            chain_id=chain_id,
            clock=lambda: self.now,
        )

    def submit(self, *approvals: SignedApproval) -> int:
        return self.of(None).submit(ACTION.id, approvals)


@pytest.fixture
def council() -> Council:
    return Council()


def test_several_are_carried_in_one_transaction(council: Council) -> None:
    second, third = (council.of(one).sign(ACTION.id) for one in (SECOND, THIRD))
    assert not council.publisher.publications
    digest = signing.council_approval(ACTION, deadline=EXPIRY, chain_id=CHAIN, contract=CONTRACTS.council)
    expected = SECOND.sign_hash(digest)
    assert second.signature == expected[:64] + bytes([27 + expected[64]])
    action = council.publisher.get(council.submit(second, third)).action
    assert isinstance(action, ApproveSigned)
    assert (action.deadline, action.signers) == (EXPIRY, (SECOND.address, THIRD.address))


def test_an_approval_is_good_for_one_proposal_of_one_council_of_one_ledger(council: Council) -> None:
    with pytest.raises(Conflict, match="of chain 1"):
        council.submit(council.of(SECOND, chain_id=1).sign(ACTION.id))
    good = council.of(SECOND).sign(ACTION.id)
    with pytest.raises(Conflict, match="for the council"):
        council.submit(replace(good, council=CONTRACTS.directory))
    with pytest.raises(Conflict, match="another proposal"):
        council.submit(replace(good, proposal=bytes(32)))


def test_what_was_approved_or_decided_is_not_approved_again(council: Council) -> None:
    with pytest.raises(Conflict, match="already"):
        council.of(FIRST).sign(ACTION.id)
    good = council.of(SECOND).sign(ACTION.id)
    with pytest.raises(Invalid, match="twice"):
        council.submit(good, good)
    council.happens(ProposalApproved(ACTION.id, SECOND.address, 2))
    with pytest.raises(Conflict, match="already"):
        council.submit(good)
    council.happens(ProposalExecuted(ACTION.id))
    with pytest.raises(Conflict, match="executed"):
        council.submit(good)


def test_a_change_of_members_voids_what_was_signed(council: Council) -> None:
    good = council.of(SECOND).sign(ACTION.id)
    council.happens(council.members(2, FIRST, SECOND))
    with pytest.raises(Conflict, match="voided"):
        council.submit(good)


def test_neither_the_signature_nor_the_proposal_outlives_its_time(council: Council) -> None:
    short = council.of(SECOND).sign(ACTION.id, NOW + 10)
    with pytest.raises(Conflict, match="different deadlines"):
        council.submit(short, council.of(THIRD).sign(ACTION.id))
    with pytest.raises(Invalid, match="deadline"):
        council.of(SECOND).sign(ACTION.id, EXPIRY + 1)
    with pytest.raises(Invalid, match="deadline"):
        council.of(SECOND).sign(ACTION.id, NOW)
    council.submit(short)
    council.now = NOW + 11
    with pytest.raises(Conflict, match="after its deadline"):
        council.submit(short)
    with pytest.raises(Invalid, match="not by"):
        council.submit(replace(short, deadline=EXPIRY))
    council.now = EXPIRY
    with pytest.raises(Conflict, match="expired"):
        council.submit(short)


def test_only_a_governors_own_signature_counts(council: Council) -> None:
    with pytest.raises(NotConfigured):
        council.of(None).sign(ACTION.id)
    with pytest.raises(Conflict, match="none of the council's governors"):
        council.of(STRANGER).sign(ACTION.id)
    good = council.of(SECOND).sign(ACTION.id)
    with pytest.raises(Conflict, match="none of the council's governors"):
        council.submit(replace(good, governor=STRANGER.address))
    s = ORDER - int.from_bytes(good.signature[32:64], "big")
    twin = good.signature[:32] + s.to_bytes(32, "big") + bytes([55 - good.signature[64]])
    for bad in (twin, good.signature[:64] + b"\0", good.signature[:64], bytes(65), b"\xff" * 64 + b"\x1b"):
        with pytest.raises(Invalid, match="not by"):
            council.submit(replace(good, signature=bad))
    with pytest.raises(Invalid, match="not by"):
        council.submit(replace(good, governor=THIRD.address))
