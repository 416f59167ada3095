"""The council through the bindings, on a real ledger: two of three governors decide, and nobody else."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import coincurve
import pytest

from registry.bindings import council, deployment, directory, issuer_registry, signing
from registry.bindings.addresses import ContractAddresses
from registry.bindings.council import Council, CouncilAction, ProposalProgress, Rule
from registry.bindings.decoder import decode
from registry.bindings.deployment import Founding
from registry.bindings.directory import Directory
from registry.bindings.errors import refusal
from registry.events import (
    DirectoryEntryChanged,
    IssuerAccredited,
    LedgerEvent,
    MembersChanged,
    OperatorChanged,
    ProposalApproved,
    ProposalCancelled,
    ProposalExecuted,
    ProposalMade,
    ProposalRipening,
    RuleChanged,
    StandingChanged,
)
from registry.governance import ProposalState
from registry.publisher.signer import LocalSigner
from registry.records import Standing, Terms
from tests.simulators.anvil import AnvilLedger, Reverted, running_anvil

DAY = 86_400
DELAY = 2 * DAY
DEPLOYER = "0x" + "d0" * 20
ADMIN, OPERATOR, CARRIER = ("0x" + digit * 40 for digit in "345")
TERMS = Terms("Board of Nursing", ("NursingLicence",), ("US-CO",), 0, 2**40 - 1)


def signer(number: int) -> LocalSigner:
    return LocalSigner(coincurve.PrivateKey.from_int(number).secret)


GOVERNORS = sorted(map(signer, (11, 12, 13)), key=lambda it: bytes.fromhex(it.address[2:]))
FIRST, SECOND, THIRD = (governor.address for governor in GOVERNORS)


@dataclass(frozen=True)
class Consortium:
    """Three governors, two of whom decide; a contract is replaced two days after the decision."""

    ledger: AnvilLedger
    contracts: ContractAddresses
    salts: Iterator[int]

    def send(self, sender: str, data: bytes) -> list[LedgerEvent]:
        mined = self.ledger.send(sender, self.contracts.council, data)
        return [decode(log) for log in mined.logs]

    async def action(self, target: str, data: bytes, lifetime: int = 10 * DAY) -> CouncilAction:
        salt = next(self.salts).to_bytes(32, "big")
        epoch = await self.council.epoch("latest")
        return CouncilAction(target, data, salt, self.ledger.now() + lifetime, epoch)

    async def accreditation(self, did: str = "did:web:board.example") -> CouncilAction:
        data = issuer_registry.accredit(did, ADMIN, OPERATOR, TERMS)
        return await self.action(self.contracts.issuer_registry, data)

    async def decide(self, target: str, data: bytes) -> list[LedgerEvent]:
        """By the first two governors."""
        action = await self.action(target, data)
        self.send(FIRST, council.propose(action))
        return self.send(SECOND, council.approve(action))

    def signed(
        self,
        action: CouncilAction,
        *signers: LocalSigner,
        deadline: int | None = None,
        over: CouncilAction | None = None,
    ) -> bytes:
        """`over`: what was signed, where that is something else."""
        deadline = deadline or self.ledger.now() + DAY
        digest = signing.council_approval(
            over or action,
            deadline=deadline,
            chain_id=int(self.ledger.ask("eth_chainId"), 16),
            contract=self.contracts.council,
        )
        signatures = [_with_recovery_id(it.sign_hash(digest)) for it in signers]
        return council.approve_signed(
            action, deadline=deadline, signers=[it.address for it in signers], signatures=signatures
        )

    def later(self, seconds: int) -> None:
        self.ledger.ask("evm_increaseTime", hex(seconds))
        self.ledger.ask("evm_mine")

    @property
    def council(self) -> Council:
        return Council(self.contracts.council, self.ledger.call)


def _with_recovery_id(signature: bytes) -> bytes:
    return signature[:64] + bytes([27 + signature[64]])


@pytest.fixture
def consortium(anvil_binary: Path) -> Iterator[Consortium]:
    with running_anvil(anvil_binary) as ledger:
        founding = Founding((FIRST, SECOND, THIRD), 2, DELAY)
        plan = deployment.plan(DEPLOYER, 0, founding)
        for creation in plan.creations:
            ledger.send(DEPLOYER, None, creation)
        yield Consortium(ledger, plan.contracts, itertools.count(1))


def refused(name: str, call: object) -> None:
    assert callable(call)
    with pytest.raises(Reverted) as caught:
        call()
    assert refusal(caught.value.data).name == name


async def test_two_of_three_accredit(consortium: Consortium) -> None:
    action, it = await consortium.accreditation(), consortium.council
    assert await it.id_of(action, "latest") == action.id
    assert consortium.send(FIRST, council.propose(action)) == [
        ProposalMade(
            action.id,
            consortium.contracts.council,
            FIRST,
            action.target,
            1,
            action.expires_at,
            action.salt,
            action.data,
        ),
        ProposalApproved(action.id, FIRST, 1),
    ]
    assert await it.proposal(action.id, "latest") == ProposalProgress(FIRST, 1, 0, ProposalState.OPEN)
    assert await it.has_approved(action.id, FIRST, "latest")
    assert not await it.has_approved(action.id, SECOND, "latest")

    refused("AlreadyApproved", lambda: consortium.send(FIRST, council.approve(action)))
    refused("NotGovernor", lambda: consortium.send(CARRIER, council.approve(action)))
    refused("NotRipe", lambda: consortium.send(CARRIER, council.execute(action)))
    done = consortium.send(THIRD, council.approve(action))
    assert done == [
        ProposalApproved(action.id, THIRD, 2),
        ProposalExecuted(action.id),
        IssuerAccredited(1, "did:web:board.example", ADMIN, TERMS),
        OperatorChanged(1, OPERATOR, True),
    ]
    refused("NotOpen", lambda: consortium.send(SECOND, council.approve(action)))
    refused("ProposalExists", lambda: consortium.send(SECOND, council.propose(action)))
    assert await it.proposal(bytes(32), "latest") is None


async def test_who_governs(consortium: Consortium) -> None:
    it = consortium.council
    assert await it.governors("latest") == (FIRST, SECOND, THIRD)
    assert await it.quorum("latest") == 2
    assert await it.is_governor(FIRST, "latest") and not await it.is_governor(DEPLOYER, "latest")
    assert await it.rule_of(consortium.contracts.directory, b"\1\2\3\4", "latest") == (2, DELAY)
    at = consortium.contracts
    assert await it.rule_of(at.issuer_registry, issuer_registry.SUSPENDING.selector, "latest") == (2, 0)


async def test_gathered_signatures_are_carried_by_anyone_once(consortium: Consortium) -> None:
    action = await consortium.accreditation()
    approvals = consortium.signed(action, GOVERNORS[2], GOVERNORS[0])
    done = consortium.send(CARRIER, approvals)
    assert [type(event) for event in done[:4]] == [
        ProposalMade,
        ProposalApproved,
        ProposalApproved,
        ProposalExecuted,
    ]
    refused("NotOpen", lambda: consortium.send(CARRIER, approvals))


async def test_a_signature_is_for_one_proposal_one_epoch_and_in_time(consortium: Consortium) -> None:
    action = await consortium.accreditation()
    stolen = consortium.signed(action, GOVERNORS[0], GOVERNORS[1])
    for other in (
        replace(action, salt=b"\7" * 32),
        replace(action, expires_at=action.expires_at + 1),
        replace(action, data=action.data + b"\0"),
        replace(action, target=consortium.contracts.directory),
    ):
        spliced = consortium.signed(other, *GOVERNORS, over=action)
        refused("InvalidSignature", lambda spliced=spliced: consortium.send(CARRIER, spliced))
    late = consortium.signed(action, *GOVERNORS, deadline=consortium.ledger.now() - 1)
    refused("SignatureExpired", lambda: consortium.send(CARRIER, late))
    refused("NotGovernor", lambda: consortium.send(CARRIER, consortium.signed(action, signer(99))))

    await consortium.decide(consortium.contracts.council, council.set_members([SECOND, THIRD], 2))
    refused("Voided", lambda: consortium.send(CARRIER, stolen))


async def test_one_signature_twice_counts_once(consortium: Consortium) -> None:
    action = await consortium.accreditation()
    consortium.send(CARRIER, consortium.signed(action, GOVERNORS[0], GOVERNORS[0]))
    found = await consortium.council.proposal(action.id, "latest")
    assert found == ProposalProgress(FIRST, 1, 0, ProposalState.OPEN)
    refused("AlreadyApproved", lambda: consortium.send(CARRIER, consortium.signed(action, GOVERNORS[0])))
    # Whoever carries one of them first spoils nothing.
    done = consortium.send(CARRIER, consortium.signed(action, GOVERNORS[0], GOVERNORS[1]))
    assert ProposalExecuted(action.id) in done


async def test_a_change_of_members_voids_what_is_pending(consortium: Consortium) -> None:
    pending, at = await consortium.accreditation(), consortium.contracts
    consortium.send(FIRST, council.propose(pending))
    done = await consortium.decide(at.council, council.set_members([SECOND, FIRST], 2))
    assert done[-1] == MembersChanged(at.council, 2, 2, (FIRST, SECOND))
    refused("Voided", lambda: consortium.send(SECOND, council.approve(pending)))
    refused("NotGovernor", lambda: consortium.send(THIRD, council.approve(pending)))
    await consortium.decide(at.issuer_registry, pending.data)


async def test_the_directory_waits(consortium: Consortium) -> None:
    at = consortium.contracts
    action = await consortium.action(at.directory, directory.set_entry("StatusRegistry", at.did_registry))
    consortium.send(FIRST, council.propose(action))
    (_, ripening) = consortium.send(SECOND, council.approve(action))
    assert isinstance(ripening, ProposalRipening)
    assert ripening.ripe_at == consortium.ledger.now() + DELAY
    refused("NotRipe", lambda: consortium.send(FIRST, council.execute(action)))
    consortium.later(DELAY)
    assert consortium.send(CARRIER, council.execute(action)) == [
        ProposalExecuted(action.id),
        DirectoryEntryChanged("StatusRegistry", 2, at.did_registry),
    ]
    reads = Directory(at.directory, consortium.ledger.call)
    assert await reads.entry("StatusRegistry", "latest") == (at.did_registry, 2)
    assert await reads.entry("Council", "latest") == (at.council, 1)
    assert await reads.entry("Nothing", "latest") is None


async def test_its_rule_cannot_be_loosened_without_waiting(consortium: Consortium) -> None:
    at = consortium.contracts
    rule = Rule(at.directory, council.ANY_FUNCTION, 0, 0)
    action = await consortium.action(at.council, council.set_rule(rule))
    consortium.send(FIRST, council.propose(action))
    (_, ripening) = consortium.send(SECOND, council.approve(action))
    assert isinstance(ripening, ProposalRipening)
    consortium.later(DELAY)
    done = consortium.send(FIRST, council.execute(action))
    assert done[-1] == RuleChanged(at.council, 2, at.directory, council.ANY_FUNCTION, 0, 0)


async def test_what_the_target_refuses_stays_open_and_says_why(consortium: Consortium) -> None:
    at, did = consortium.contracts, "did:web:board.example"
    await consortium.decide(at.issuer_registry, issuer_registry.accredit(did, ADMIN, OPERATOR, TERMS))
    suspend = issuer_registry.change_standing(1, Standing.SUSPENDED, "audit")
    reinstate = issuer_registry.change_standing(1, Standing.ACTIVE, "")
    action = await consortium.action(at.issuer_registry, reinstate)
    consortium.send(FIRST, council.propose(action))
    refused("InvalidStandingChange", lambda: consortium.send(SECOND, council.approve(action)))
    assert await consortium.decide(at.issuer_registry, suspend)
    done = consortium.send(SECOND, council.approve(action))
    assert done[-1] == StandingChanged(1, Standing.ACTIVE, "")


async def test_a_proposal_expires_or_is_cancelled(consortium: Consortium) -> None:
    action = await consortium.accreditation()
    consortium.send(FIRST, council.propose(action))
    refused("NotProposer", lambda: consortium.send(SECOND, council.cancel(action.id)))
    assert consortium.send(FIRST, council.cancel(action.id)) == [ProposalCancelled(action.id)]
    refused("NotOpen", lambda: consortium.send(SECOND, council.approve(action)))

    short = await consortium.action(action.target, action.data, lifetime=DAY)
    consortium.send(FIRST, council.propose(short))
    consortium.later(2 * DAY)
    refused("Expired", lambda: consortium.send(SECOND, council.approve(short)))
    refused(
        "InvalidExpiry", lambda: consortium.send(FIRST, council.propose(replace(action, expires_at=2**48 - 1)))
    )


async def test_nobody_else_changes_anything(consortium: Consortium) -> None:
    at = consortium.contracts
    own = council.set_members([CARRIER], 1)
    refused("NotCouncil", lambda: consortium.send(FIRST, own))
    refused("NotCouncil", lambda: consortium.send(FIRST, council.set_rule(Rule(at.council, bytes(4), 0, 0))))
    accredit = issuer_registry.accredit("did:web:x", ADMIN, OPERATOR, TERMS)
    for sender in (FIRST, DEPLOYER):
        refused(
            "OwnableUnauthorizedAccount",
            lambda sender=sender: consortium.ledger.send(sender, at.issuer_registry, accredit),
        )
        entry = directory.set_entry("StatusRegistry", at.council)
        refused(
            "OwnableUnauthorizedAccount",
            lambda sender=sender, entry=entry: consortium.ledger.send(sender, at.directory, entry),
        )
