"""What the council's and the directory's events make of a replica, and what makes no sense."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from registry.bindings import issuer_registry
from registry.bindings.council import ANY_FUNCTION, CouncilAction
from registry.events import (
    BlockBatch,
    DirectoryEntryChanged,
    LedgerEvent,
    LoggedEvent,
    MembersChanged,
    ProposalApproved,
    ProposalCancelled,
    ProposalExecuted,
    ProposalMade,
    ProposalRipening,
    RuleChanged,
    StatusListCreated,
    StatusPublished,
)
from registry.governance import ProposalState
from registry.records import NOW, AsOf, BlockStamp, Standing, StatusPurpose
from registry.replica.bitmaps import Bitmap
from registry.replica.empty_tree import empty_root
from registry.replica.errors import InconsistentLedger
from registry.replica.heads import genesis_head
from registry.replica.projection import Projection
from registry.replica.queries import ReplicaQueries, View
from registry.replica.state import LedgerState
from tests.simulators.contracts import ContractsModel, keccak
from tests.simulators.ledger import CONTRACTS

COUNCIL, SUCCESSOR = CONTRACTS.council, "0x" + "b3" * 20
FIRST, SECOND, THIRD = ("0x" + digit * 40 for digit in "123")
TARGET = CONTRACTS.issuer_registry
SUSPEND = issuer_registry.change_standing(1, Standing.SUSPENDED, "audit")
URI, SIZE = "https://board.example/revocation", 1024
NAMED = DirectoryEntryChanged("StatusRegistry", 1, CONTRACTS.status_registry)
REPLACED = DirectoryEntryChanged("StatusRegistry", 2, SUCCESSOR)
FOUNDED = MembersChanged(COUNCIL, 1, 2, (FIRST, SECOND, THIRD))


def stamp(number: int) -> BlockStamp:
    return BlockStamp(number, bytes([number]) * 32, 1_700_000_000 + 10 * number)


def proposal(salt: int = 1, epoch: int = 1) -> ProposalMade:
    action = CouncilAction(TARGET, SUSPEND, salt.to_bytes(32, "big"), 2_000_000_000, epoch)
    return ProposalMade(action.id, COUNCIL, FIRST, TARGET, epoch, action.expires_at, action.salt, SUSPEND)


def state_of(*blocks: Sequence[LedgerEvent], base: LedgerState | None = None, first: int = 1) -> LedgerState:
    projection = Projection(base or LedgerState())
    for number, events in enumerate(blocks, first):
        logged = tuple(LoggedEvent(event, bytes(32), index) for index, event in enumerate(events))
        projection.apply(BlockBatch(stamp(number), stamp(number - 1).hash, logged))
    return projection.state()


MADE = proposal()
PENDING = [MADE, ProposalApproved(MADE.proposal_id, FIRST, 1)]
DONE = [ProposalApproved(MADE.proposal_id, THIRD, 2), ProposalExecuted(MADE.proposal_id)]


def test_a_proposal_from_its_making_to_its_execution() -> None:
    governance = state_of([FOUNDED], PENDING, [], DONE).governance
    before, after = (governance.proposal(MADE.proposal_id, AsOf(block=number)) for number in (3, 4))
    assert before and after
    assert (before.state, before.approvals, before.stamp) == (ProposalState.OPEN, (FIRST,), stamp(2))
    assert (after.state, after.approvals, after.made) == (ProposalState.EXECUTED, (FIRST, THIRD), stamp(2))
    assert governance.proposal(MADE.proposal_id, AsOf(block=1)) is None
    assert governance.proposal(MADE.proposal_id, AsOf(valid_at=stamp(3).time)) == before


def test_it_ripens_or_is_cancelled() -> None:
    ripening = [*DONE[:1], ProposalRipening(MADE.proposal_id, 1_800_000_000)]
    governance = state_of([FOUNDED], PENDING, ripening, [ProposalCancelled(MADE.proposal_id)]).governance
    found = governance.proposal(MADE.proposal_id, AsOf())
    assert found and (found.state, found.ripe_at) == (ProposalState.CANCELLED, 1_800_000_000)


def test_new_members_void_what_is_pending_and_nothing_else() -> None:
    other = proposal(2)
    governance = state_of(
        [FOUNDED],
        [*PENDING, other, ProposalApproved(other.proposal_id, FIRST, 1)],
        DONE,
        [MembersChanged(COUNCIL, 2, 1, (FIRST,))],
    ).governance
    states = {key: versions[-1].state for key, versions in governance.proposals.items()}
    assert states == {
        MADE.proposal_id: ProposalState.EXECUTED,
        other.proposal_id: ProposalState.VOIDED,
    }
    members = [governance.membership(AsOf(block=number)) for number in (3, 4)]
    assert [one and one.governors for one in members] == [(FIRST, SECOND, THIRD), (FIRST,)]


def test_rules_hold_from_when_they_are_made_and_void_what_is_pending() -> None:
    founding = [
        FOUNDED,
        RuleChanged(COUNCIL, 1, TARGET, issuer_registry.SUSPENDING.selector, 2, 0),
        RuleChanged(COUNCIL, 1, CONTRACTS.directory, ANY_FUNCTION, 0, 86_400),
    ]
    changed = RuleChanged(COUNCIL, 2, TARGET, issuer_registry.SUSPENDING.selector, 3, 60)
    governance = state_of(founding, PENDING, [changed]).governance
    before, now = (governance.membership(AsOf(block=number)) for number in (2, 3))
    assert before and now
    assert [
        (it.rule_for(TARGET, SUSPEND).quorum, it.rule_for(TARGET, SUSPEND).delay) for it in (before, now)
    ] == [
        (2, 0),
        (3, 60),
    ]
    waits = now.rule_for(CONTRACTS.directory, b"\1\2\3\4")
    assert (waits.quorum, waits.delay) == (2, 86_400)
    assert now.rule_for(CONTRACTS.did_registry, SUSPEND).delay == 0
    assert governance.proposals[MADE.proposal_id][-1].state is ProposalState.VOIDED


def test_rewinding_undoes_it() -> None:
    blocks = [
        [FOUNDED, DirectoryEntryChanged("X", 1, TARGET)],
        PENDING,
        DONE,
        [MembersChanged(COUNCIL, 2, 1, (FIRST,))],
    ]
    whole = state_of(*blocks)
    for number in range(1, len(blocks) + 1):
        assert whole.governance.rewound(number) == state_of(*blocks[:number]).governance
        assert whole.rewound(stamp(number)).governance == state_of(*blocks[:number]).governance


@pytest.mark.parametrize(
    "nonsense",
    [
        [ProposalApproved(bytes(32), FIRST, 1)],
        [*PENDING, ProposalApproved(MADE.proposal_id, FIRST, 2)],
        [*PENDING, ProposalApproved(MADE.proposal_id, SECOND, 3)],
        [*PENDING, MADE],
        [*PENDING, *DONE, ProposalExecuted(MADE.proposal_id)],
        [ProposalMade(bytes(32), COUNCIL, FIRST, TARGET, 1, 2_000_000_000, bytes(32), SUSPEND)],
        [RuleChanged(SUCCESSOR, 1, TARGET, ANY_FUNCTION, 0, 0)],
        [DirectoryEntryChanged("X", 2, TARGET)],
    ],
)
def test_what_cannot_follow_halts(nonsense: list[LedgerEvent]) -> None:
    with pytest.raises(InconsistentLedger):
        state_of([FOUNDED], nonsense)


def test_contracts_are_where_the_directory_says() -> None:
    names = [
        DirectoryEntryChanged("StatusRegistry", 1, CONTRACTS.status_registry),
        DirectoryEntryChanged("X", 1, TARGET),
    ]
    before = state_of([FOUNDED, *names])
    assert before.governance.contracts(CONTRACTS) == CONTRACTS
    after = state_of([REPLACED], base=before, first=2)
    assert after.governance.contracts(CONTRACTS) == CONTRACTS.renamed("StatusRegistry", SUCCESSOR)


@pytest.mark.parametrize("name", ["IssuerRegistry", "DidRegistry"])
def test_a_successor_this_release_cannot_follow_halts_it(name: str) -> None:
    with pytest.raises(InconsistentLedger, match="later"):
        state_of([DirectoryEntryChanged(name, 1, TARGET), DirectoryEntryChanged(name, 2, SUCCESSOR)])


# --- a list goes on in its registry's successor


def created(bits: Bitmap, issuer_id: int = 1) -> StatusListCreated:
    root = bits.root()
    head = genesis_head(keccak(URI.encode()), issuer_id, SIZE, StatusPurpose.REVOCATION, 1, root)
    return StatusListCreated(
        keccak(URI.encode()), issuer_id, SIZE, StatusPurpose.REVOCATION, 1, head, root, URI
    )


def list_with_one_revoked() -> tuple[ContractsModel, LedgerState, Bitmap]:
    model = ContractsModel()
    accredited = [*model.accredit("did:web:board.example"), *model.accredit("did:web:other.example")]
    state = state_of([FOUNDED, NAMED, *accredited, created(Bitmap(SIZE)), published(Bitmap(SIZE), 1, 5)])
    bits = Bitmap(SIZE)
    bits.set(5)
    return model, state, bits


def published(bits: Bitmap, seq: int, position: int, head: bytes | None = None) -> StatusPublished:
    from registry import status_delta
    from registry.replica.heads import next_head

    before = created(bits).head if head is None else head
    bits = bits.copy()
    bits.set(position)
    delta = status_delta.encode([position])
    after = next_head(before, seq, delta, bits.root(), 1_700_000_000)
    return StatusPublished(keccak(URI.encode()), seq, after, bits.root(), 1_700_000_000, delta)


def test_a_list_goes_on_in_the_successor_with_the_bits_it_has() -> None:
    _, state, bits = list_with_one_revoked()
    after = state_of([REPLACED], [created(bits), published(bits, 1, 6)], base=state, first=2)
    now, then = after.status(URI, 6, AsOf()), after.status(URI, 6, AsOf(block=1))
    assert (now.value, then.value, now.list.intact) == (1, 0, True)
    assert after.status(URI, 5, AsOf()).value == 1
    it = after.lists[keccak(URI.encode())]
    assert (it.registry, it.published) == (SUCCESSOR, 1)
    queries = ReplicaQueries(lambda: View(after))
    for at, has_it, takes_updates in (
        (AsOf(block=1), CONTRACTS.status_registry, CONTRACTS.status_registry),
        (AsOf(block=2), CONTRACTS.status_registry, SUCCESSOR),  # left behind
        (AsOf(block=3), SUCCESSOR, SUCCESSOR),
        (AsOf(valid_at=stamp(1).time), SUCCESSOR, SUCCESSOR),  # as known now
        (NOW, SUCCESSOR, SUCCESSOR),
    ):
        record = queries.status_list(URI, at)
        assert record and (record.registry, queries.status_registry(at)) == (has_it, takes_updates)
    assert ReplicaQueries(lambda: View(LedgerState())).status_registry() == ""
    back = after.rewound(stamp(2)).lists[keccak(URI.encode())]
    assert (back.registry, back.published) == (CONTRACTS.status_registry, 1)


@pytest.mark.parametrize("wrong", ["bits", "issuer"])
def test_a_list_that_lost_a_bit_or_changed_hands_on_the_way_is_corrupt(wrong: str) -> None:
    _, state, bits = list_with_one_revoked()
    again = created(Bitmap(SIZE)) if wrong == "bits" else created(bits, issuer_id=2)
    after = state_of([REPLACED], [again], base=state, first=2)
    reading = after.status(URI, 5, AsOf())
    assert (reading.value, reading.list.intact) == (1, False)


def test_a_list_is_created_once_in_each_registry() -> None:
    _, state, bits = list_with_one_revoked()
    with pytest.raises(InconsistentLedger, match="twice"):
        state_of([created(bits)], base=state, first=2)
    with pytest.raises(InconsistentLedger, match="twice"):
        state_of([REPLACED, created(bits), created(bits)], base=state, first=2)


def test_an_empty_list_is_what_the_contract_takes_for_empty() -> None:
    assert created(Bitmap(SIZE)).root == empty_root(SIZE)
