"""What a governor proposes: what is wrong is refused, and what is pending already is approved instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from node.errors import Conflict, Invalid, NotConfigured, NotFound
from node.services.governing import Governing
from node.services.proposals import Proposals
from node.services.proposing import Proposing
from registry.actions import AccreditIssuer, ApproveProposal, ChangeStanding, LedgerAction, ProposeCall
from registry.bindings import issuer_registry
from registry.bindings.council import CouncilAction
from registry.events import (
    MembersChanged,
    ProposalApproved,
    ProposalCancelled,
    ProposalExecuted,
    ProposalMade,
    ProposalRipening,
)
from registry.records import Standing, Terms
from registry.replica.council import GovernanceEvent
from tests.simulators import verdicts
from tests.simulators.ledger import CONTRACTS
from tests.simulators.node_ledger import SimulatedPublisher, SimulatedQueries

NOW, EXPIRY = verdicts.NOW, verdicts.NOW + 1000
ADDRESS, NEW = "0x" + "11" * 20, "did:web:new.example"
FIRST, SECOND, THIRD = ("0x" + digit * 40 for digit in "123")


@dataclass
class Council:
    """Two of three governors decide. Each has a node, which knows what `happens`."""

    queries: SimulatedQueries = field(default_factory=lambda: SimulatedQueries(float(NOW)))
    now: float = float(NOW)
    salts: int = 0

    def __post_init__(self) -> None:
        self.happens(MembersChanged(CONTRACTS.council, 1, 2, (FIRST, SECOND, THIRD)))

    def happens(self, *events: GovernanceEvent) -> None:
        for event in events:
            self.queries.governance = self.queries.governance.after(event, verdicts.STAMP)

    def proposed(self, governor: str, call: ProposeCall, epoch: int = 1) -> bytes:
        """It is on the ledger; its number."""
        self.salts += 1
        it = CouncilAction(call.target, call.data, self.salts.to_bytes(32, "big"), EXPIRY, epoch)
        made = ProposalMade(it.id, CONTRACTS.council, governor, it.target, epoch, EXPIRY, it.salt, it.data)
        self.happens(made, ProposalApproved(it.id, governor, 1))
        return it.id

    def of(self, governor: str | None) -> tuple[Proposing, SimulatedPublisher]:
        sent = SimulatedPublisher()
        proposals = Proposals(ledger=self.queries, contracts=lambda: CONTRACTS, clock=lambda: self.now)
        governing = Governing(publisher=sent, proposals=proposals, governor_address=governor)
        made = Proposing(
            governing=governing, ledger=self.queries, contracts=lambda: CONTRACTS, clock=lambda: self.now
        )
        return made, sent


@pytest.fixture
def council() -> Council:
    return Council()


def actions(sent: SimulatedPublisher) -> list[LedgerAction]:
    return [publication.action for publication in sent.publications.values()]


def approved(council: Council, sent: SimulatedPublisher) -> list[bytes]:
    """The numbers of the proposals that were approved, where nothing else was done."""
    assert all(isinstance(action, ApproveProposal) for action in actions(sent))
    return [CouncilAction(it.target, it.data, it.salt, it.expires_at, it.epoch).id for it in actions(sent)]  # type: ignore[union-attr] # they are approvals


def accreditation(**changed: Any) -> dict[str, Any]:
    return {
        "did": NEW,
        "name": "New board",
        "credential_types": ["Licence"],
        "jurisdictions": ["US-CO"],
        "valid_until": NOW + 1,
        "admin": ADDRESS,
        "operator": ADDRESS,
    } | changed


MISTYPED = "0x98340758E8e8f42C6EFa00B26A8476fAC9a71f8b"  # one letter of a checksum in the other case


def accrediting(valid_from: int, name: str = "New board", valid_until: int = NOW + 1) -> ProposeCall:
    terms = Terms(name, ("Licence",), ("US-CO",), valid_from, valid_until)
    data = issuer_registry.accredit(NEW, ADDRESS, ADDRESS, terms)
    return ProposeCall(CONTRACTS.issuer_registry, data)


SUSPENDING = ProposeCall(
    CONTRACTS.issuer_registry, issuer_registry.change_standing(1, Standing.SUSPENDED, "audit")
)


def suspend(proposing: Proposing, reason: str = "audit") -> int:
    return proposing.change_standing(did=verdicts.BOARD, standing=Standing.SUSPENDED, reason=reason)


# --- what is wrong


def test_accrediting_starts_now_unless_said_otherwise(council: Council) -> None:
    proposing, sent = council.of(FIRST)
    proposing.accredit(**accreditation())
    terms = Terms("New board", ("Licence",), ("US-CO",), NOW, NOW + 1)
    assert actions(sent) == [AccreditIssuer(NEW, ADDRESS, ADDRESS, terms)]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("did", "https://board.example"),
        ("admin", "0x12"),
        ("operator", MISTYPED),
        ("did", "did:web:" + "a" * 500),
        ("name", "  "),
        ("credential_types", []),
        ("credential_types", [""]),
        ("jurisdictions", ["Colorado"]),
        ("admin", "0x12"),
        ("operator", "not an address"),
        ("valid_until", NOW),
        ("valid_until", 1 << 40),
    ],
)
def test_a_wrong_accreditation_never_reaches_the_ledger(council: Council, member: str, value: object) -> None:
    proposing, sent = council.of(FIRST)
    with pytest.raises(Invalid) as refused:
        proposing.accredit(**accreditation(**{member: value}))
    assert refused.value.member
    assert actions(sent) == []


def test_nobody_is_accredited_twice(council: Council) -> None:
    with pytest.raises(Conflict, match="already"):
        council.of(FIRST)[0].accredit(**accreditation(did=verdicts.BOARD))


def test_a_withdrawal_is_final(council: Council) -> None:
    council.queries.standing = Standing.WITHDRAWN
    with pytest.raises(Conflict, match="final"):
        suspend(council.of(FIRST)[0])


def test_who_is_not_there_is_said_to_be_missing(council: Council) -> None:
    proposing, _ = council.of(FIRST)
    with pytest.raises(NotFound):
        proposing.change_standing(did="did:web:nobody.example", standing=Standing.SUSPENDED, reason="x")


def test_without_a_governors_key_nothing_is_proposed(council: Council) -> None:
    proposing, sent = council.of(None)
    with pytest.raises(NotConfigured, match="GOVERNOR_KEY_FILE"):
        suspend(proposing)
    with pytest.raises(NotConfigured, match="GOVERNOR_KEY_FILE"):
        proposing.call(CONTRACTS.directory, bytes(4))
    assert actions(sent) == []


# --- what is pending already


def test_what_another_governor_proposed_is_approved_instead(council: Council) -> None:
    number = council.proposed(FIRST, SUSPENDING)
    proposing, sent = council.of(SECOND)
    suspend(proposing)
    assert approved(council, sent) == [number]
    proposing, sent = council.of(SECOND)
    suspend(proposing, "another reason")
    assert actions(sent) == [ChangeStanding(verdicts.BOARD, Standing.SUSPENDED, "another reason")]


@pytest.mark.parametrize("ending", ["executed", "cancelled", "voided", "expired"])
def test_what_is_no_longer_pending_is_proposed_anew(council: Council, ending: str) -> None:
    number = council.proposed(FIRST, SUSPENDING)
    match ending:
        case "executed":
            council.happens(ProposalApproved(number, THIRD, 2), ProposalExecuted(number))
        case "cancelled":
            council.happens(ProposalCancelled(number))
        case "voided":
            council.happens(MembersChanged(CONTRACTS.council, 2, 2, (FIRST, SECOND, THIRD)))
        case "expired":
            council.now = float(EXPIRY)
    proposing, sent = council.of(SECOND)
    suspend(proposing)
    assert actions(sent) == [ChangeStanding(verdicts.BOARD, Standing.SUSPENDED, "audit")]


def test_who_proposed_it_is_told_how_far_it_has_come(council: Council) -> None:
    number = council.proposed(FIRST, SUSPENDING)
    with pytest.raises(Conflict, match=f"already: proposal 0x{number.hex()} is open, with 1 of 2 approvals"):
        suspend(council.of(FIRST)[0])
    council.happens(ProposalApproved(number, THIRD, 2), ProposalRipening(number, NOW + 10))
    with pytest.raises(Conflict, match="is ripening, with 2 of 2"):
        suspend(council.of(THIRD)[0])


def test_from_when_on_may_be_left_to_whoever_proposed_it(council: Council) -> None:
    """Two governors that say nothing of it mean the same, though their clocks do not say the same."""
    number = council.proposed(FIRST, accrediting(NOW - 60))
    proposing, sent = council.of(SECOND)
    proposing.accredit(**accreditation())
    proposing.accredit(**accreditation(valid_from=NOW - 60))
    assert approved(council, sent) == [number, number]
    proposing, sent = council.of(SECOND)
    proposing.accredit(**accreditation(valid_from=NOW - 61))
    proposing.accredit(**accreditation(name="Another board"))
    assert [type(action) for action in actions(sent)] == [AccreditIssuer, AccreditIssuer]


@pytest.mark.parametrize("dated", [NOW - 86_400, 0, NOW + 86_400])
def test_nobody_approves_unseen_what_is_dated_back_or_ahead(council: Council, dated: int) -> None:
    """A governor could have what was issued long ago count, or nothing until next year."""
    council.proposed(FIRST, accrediting(dated, valid_until=NOW + 100_000))
    proposing, sent = council.of(SECOND)
    proposing.accredit(**accreditation(valid_until=NOW + 100_000))
    assert [type(action) for action in actions(sent)] == [AccreditIssuer]


def test_an_emergency_revocation_is_the_same_a_minute_later(council: Council) -> None:
    proposing, sent = council.of(FIRST)
    proposing.revocation(verdicts.LIST, [7, 9])
    (call,) = actions(sent)
    assert isinstance(call, ProposeCall)
    number = council.proposed(FIRST, call)
    head = verdicts.STAMP
    council.queries.head = type(head)(head.number + 1, head.hash, head.time + 60)
    proposing, sent = council.of(SECOND)
    proposing.revocation(verdicts.LIST, [9, 7])
    assert approved(council, sent) == [number]
    proposing, sent = council.of(SECOND)
    proposing.revocation(verdicts.LIST, [7])
    assert len(actions(sent)) == 1 and isinstance(actions(sent)[0], ProposeCall)


def test_of_two_that_were_made_at_the_same_moment(council: Council) -> None:
    """Whoever asks again approves the other's; a third governor the older one, or the one that is further."""
    older, newer = council.proposed(FIRST, SUSPENDING), council.proposed(SECOND, SUSPENDING)
    for governor, number in ((FIRST, newer), (SECOND, older), (THIRD, older)):
        proposing, sent = council.of(governor)
        suspend(proposing)
        assert approved(council, sent) == [number]
    council.happens(
        MembersChanged(CONTRACTS.council, 2, 3, (FIRST, SECOND, THIRD)),
    )
    older, newer = (council.proposed(governor, SUSPENDING, epoch=2) for governor in (FIRST, SECOND))
    council.happens(ProposalApproved(newer, FIRST, 2))
    proposing, sent = council.of(THIRD)
    suspend(proposing)
    assert approved(council, sent) == [newer]


def test_a_contract_is_named_or_addressed(council: Council) -> None:
    proposing, sent = council.of(FIRST)
    with pytest.raises(Invalid, match="'Nope' is no address, nor one of Directory, Council, IssuerRegistry"):
        proposing.rule("Nope", None, 0, 0)
    with pytest.raises(Invalid, match="contract: the address is mistyped"):
        proposing.rule(MISTYPED, None, 0, 0)
    assert actions(sent) == []
