"""The projection against the plain model of the contracts, now and as of every moment of the past."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import status_delta
from registry.changes import ChangeKind
from registry.events import (
    BlockBatch,
    DidDocumentPinned,
    LedgerEvent,
    LoggedEvent,
    StandingChanged,
    StatusListClosed,
    StatusListCreated,
    StatusListMoved,
    StatusPublished,
)
from registry.records import (
    NOW,
    AsOf,
    BlockStamp,
    IndexOutOfRange,
    Standing,
    StatusPurpose,
    UnknownStatusList,
)
from registry.replica.errors import InconsistentLedger
from registry.replica.projection import Projection
from registry.replica.state import LedgerState
from tests.simulators import stories
from tests.simulators.contracts import TERMS, ContractsModel, merkle_root
from tests.simulators.ledger import SimulatedLedger

DID, LIST = "did:web:board.example", "https://board.example/lists/1"
few = settings(max_examples=15, deadline=None)


def project(ledger: SimulatedLedger, base: LedgerState | None = None, until: int | None = None) -> LedgerState:
    state = base or LedgerState()
    projection = Projection(state)
    for batch in ledger.batches(after=state.head.number if state.head else -1):
        if until is None or batch.stamp.number <= until:
            projection.apply(batch)
    return projection.state()


def assert_is(state: LedgerState, it: ContractsModel) -> None:
    assert {key: versions[-1].did for key, versions in state.issuers.items()} == it.dids
    assert {key: versions[-1].standing for key, versions in state.issuers.items()} == it.standings
    assert {did: (v[-1].version, v[-1].head) for did, v in state.documents.items()} == it.versions
    assert set(state.list_ids) == set(it.lists)
    for uri, entry in it.lists.items():
        record = state.status_list(uri, NOW)
        assert (record.seq, record.head, record.root) == (
            len(entry.updates),
            entry.head,
            merkle_root(entry.bits),
        )
        assert (record.issuer_id, record.closed, record.intact) == (entry.issuer_id, entry.closed, True)
        assert record.issuer_did == it.dids[entry.issuer_id]
        assert list(
            map(int, f"{int.from_bytes(state.lists[entry.list_id].bits.packed):0{len(entry.bits)}b}")
        ) == (entry.bits)


def same(one: LedgerState, other: LedgerState) -> None:
    """Equal in everything a question could show."""
    assert one.head == other.head
    assert (one.issuers, one.issuer_ids) == (other.issuers, other.issuer_ids)
    assert (one.documents, one.list_ids) == (other.documents, other.list_ids)
    for uri, key in one.list_ids.items():
        assert one.status_list(uri, NOW) == other.status_list(uri, NOW)
        assert one.lists[key].bits.packed == other.lists[key].bits.packed
        assert one.lists[key].bits.root() == other.lists[key].bits.root()
        for index in range(0, one.lists[key].size, 37):
            for at in (NOW, AsOf(valid_at=one.head.time - 90 if one.head else 0)):
                assert one.status(uri, index, at) == other.status(uri, index, at)


@few
@given(st.integers(0, 1 << 32), st.integers(1, 60))
def test_it_is_what_the_contracts_are(seed: int, blocks: int) -> None:
    ledger = SimulatedLedger()
    stories.mine(Random(seed), ledger, blocks)
    assert_is(project(ledger), ledger.contracts)


@few
@given(st.integers(0, 1 << 32), st.integers(2, 40))
def test_as_of_is_what_had_been_said_by_then(seed: int, blocks: int) -> None:
    random, ledger = Random(seed), SimulatedLedger()
    stories.mine(random, ledger, blocks)
    state = project(ledger)
    for _ in range(6):
        block = ledger.blocks[random.randrange(len(ledger.blocks))]
        then, stamp = project(ledger, until=block.header.stamp.number), block.header.stamp
        valid_at = random.choice([None, stamp.time - random.randrange(300)])
        for at in (AsOf(block=stamp.number), AsOf(known_at=stamp.time), AsOf(known_at=stamp.time + 4)):
            for did in state.issuer_ids:
                assert state.accreditation(did, at) == then.accreditation(did, NOW)
                assert state.document(did, at) == then.document(did, NOW)
            for uri in state.list_ids:
                if uri not in block.contracts.lists:
                    with pytest.raises(UnknownStatusList):
                        state.status(uri, 0, at)
                    continue
                assert state.status_list(uri, at) == then.status_list(uri, NOW)
                entry = block.contracts.lists[uri]
                for index in range(0, entry.size, 37 if entry.bits_per_entry == 1 else 5):
                    both = AsOf(at.block, at.known_at, valid_at)
                    reading = state.status(uri, index, both)
                    value, seq = entry.value(index, valid_at=valid_at)
                    assert reading.value == value
                    assert (reading.changed.seq if reading.changed else 0) == seq
                    if valid_at is None:
                        assert reading == then.status(uri, index, NOW)


@few
@given(st.integers(0, 1 << 32), st.integers(1, 30), st.integers(1, 30))
def test_rewinding_undoes_applying(seed: int, before: int, after: int) -> None:
    random, ledger = Random(seed), SimulatedLedger()
    stories.mine(random, ledger, before)
    state = project(ledger)
    stories.mine(random, ledger, after)
    on = project(ledger, state)
    same(on, project(ledger))  # and applying in parts is applying at once
    same(state, project(ledger, until=before))  # nothing of the base was touched
    same(on.rewound(state.head), state)
    same(project(ledger, on.rewound(state.head)), on)
    same(on.rewound(None), LedgerState())


def test_history_survives_its_own_compaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.replica.entry_history.MERGE_AT_LEAST", 8)
    monkeypatch.setattr("registry.replica.entry_history.MERGE_AT_MOST", 8)
    test_as_of_is_what_had_been_said_by_then()
    test_rewinding_undoes_applying()


# --- one list, step by step


@pytest.fixture
def ledger() -> SimulatedLedger:
    ledger = SimulatedLedger()
    ledger.mine(lambda it: it.accredit(DID))
    ledger.mine(lambda it: it.create(1, LIST))
    return ledger


def test_licensed_on_3_march_as_known_on_1_april(ledger: SimulatedLedger) -> None:
    third_of_march = ledger.time
    first_of_april = ledger.mine().time
    # On 2 April the board says that the licence was revoked the day after the third of March.
    published = ledger.mine(lambda it: it.publish(LIST, [7], third_of_march + 1))
    state = project(ledger)
    assert state.status(LIST, 7, NOW).value == 1
    assert state.status(LIST, 7, AsOf(known_at=first_of_april)).value == 0
    assert state.status(LIST, 7, AsOf(valid_at=third_of_march)).value == 0
    assert state.status(LIST, 7, AsOf(valid_at=third_of_march + 1)).value == 1
    assert state.status(LIST, 7, AsOf(known_at=first_of_april, valid_at=third_of_march + 1)).value == 0
    changed = state.status(LIST, 7, NOW).changed
    assert changed is not None
    assert (changed.seq, changed.effective_at, changed.stamp) == (1, third_of_march + 1, published)


def test_a_revocation_list_never_clears_a_bit_and_keeps_the_first_time(ledger: SimulatedLedger) -> None:
    ledger.mine(lambda it: it.publish(LIST, [7], 100))
    ledger.mine(lambda it: it.publish(LIST, [7, 8], 50))
    reading = project(ledger).status(LIST, 7, NOW)
    assert reading.value == 1
    assert reading.changed is not None and reading.changed.seq == 1
    earlier = project(ledger).status(LIST, 7, AsOf(valid_at=60))
    assert earlier.changed is not None and (earlier.value, earlier.changed.seq) == (1, 2)


def test_changes_name_only_the_entries_whose_value_changed(ledger: SimulatedLedger) -> None:
    ledger.mine(lambda it: it.publish(LIST, [7], 1), lambda it: it.publish(LIST, [7, 9], 2))
    ledger.mine(lambda it: it.publish(LIST, [], 3))
    uri = "https://board.example/lists/message"
    ledger.mine(
        lambda it: it.create(1, uri, purpose=StatusPurpose.MESSAGE, bits_per_entry=2),
        lambda it: it.publish(uri, [0, 1, 3, 6], 4),
        lambda it: it.publish(uri, [0], 5),
    )
    ledger.mine(lambda it: it.close(LIST))
    projection = Projection(LedgerState(), last_change=10)
    changes = [change for batch in ledger.batches() for change in projection.apply(batch)]
    assert [change.seq for change in changes] == list(range(11, 11 + len(changes)))
    told = [(change.kind, change.key, change.values, change.effective_at) for change in changes[2:]]
    assert told == [
        (ChangeKind.LIST_CREATED, LIST, (), None),
        (ChangeKind.STATUS, LIST, ((7, 1),), 1),
        (ChangeKind.STATUS, LIST, ((9, 1),), 2),
        (ChangeKind.HEARTBEAT, LIST, (), 3),
        (ChangeKind.LIST_CREATED, uri, (), None),
        (ChangeKind.STATUS, uri, ((0, 3), (1, 1), (3, 2)), 4),
        (ChangeKind.STATUS, uri, ((0, 1),), 5),
        (ChangeKind.LIST_CLOSED, LIST, (), None),
    ]


def test_a_moved_list_is_the_other_issuers_from_then_on(ledger: SimulatedLedger) -> None:
    before = ledger.mine(lambda it: it.accredit("did:web:successor.example"))
    ledger.mine(lambda it: it.move(LIST, 2), lambda it: it.publish(LIST, [3], 1))
    state = project(ledger)
    assert state.status(LIST, 3, NOW).list.issuer_did == "did:web:successor.example"
    assert state.status(LIST, 3, AsOf(block=before.number)).list.issuer_did == DID
    assert state.status(LIST, 3, NOW).list.intact


def test_an_accreditation_at_a_moment(ledger: SimulatedLedger) -> None:
    accredited = ledger.blocks[1].header.stamp
    suspended = ledger.mine(lambda it: it.change_standing(1, Standing.SUSPENDED))
    reinstated = ledger.mine(lambda it: it.change_standing(1, Standing.ACTIVE))
    state = project(ledger)

    def standing(at: AsOf) -> Standing | None:
        found = state.accreditation(DID, at)
        return found and found.standing

    assert standing(NOW) is Standing.ACTIVE
    assert standing(AsOf(valid_at=suspended.time)) is Standing.SUSPENDED
    assert standing(AsOf(valid_at=reinstated.time)) is Standing.ACTIVE
    assert standing(AsOf(known_at=suspended.time, valid_at=reinstated.time)) is Standing.SUSPENDED
    # Its terms, not the day of the ceremony, say from when it was accredited; but nobody knew the day before.
    assert standing(AsOf(valid_at=accredited.time - 1)) is Standing.ACTIVE
    assert standing(AsOf(known_at=accredited.time - 1)) is None
    assert state.accreditation("did:web:nobody.example", NOW) is None
    last = state.accreditation(DID, NOW)
    assert last is not None and (last.stamp, last.terms) == (reinstated, TERMS)


@pytest.mark.parametrize("index", [-1, 256, 1 << 40])
def test_an_entry_the_list_does_not_have(ledger: SimulatedLedger, index: int) -> None:
    with pytest.raises(IndexOutOfRange):
        project(ledger).status(LIST, index, NOW)


# --- lies

STAMP = BlockStamp(1000, b"\x01" * 32, 2_000_000_000)


def forged(state: LedgerState, *events: LedgerEvent) -> tuple[LedgerState, list[ChangeKind]]:
    projection = Projection(state)
    logged = tuple(LoggedEvent(event, bytes(32), index) for index, event in enumerate(events))
    changes = projection.apply(BlockBatch(STAMP, bytes(32), logged))
    return projection.state(), [change.kind for change in changes]


def update(ledger: SimulatedLedger, positions: list[int]) -> StatusPublished:
    (event,) = ledger.contracts.publish(LIST, positions, 5)
    assert isinstance(event, StatusPublished)
    return event


def lies(ledger: SimulatedLedger) -> dict[str, LedgerEvent]:
    honest = update(ledger, [1, 2])
    wrong_root = ledger.contracts.publish_raw(LIST, status_delta.encode([1, 2]), bytes(32), 5)[0]
    return {
        "a sequence number left out": honest._replace(seq=2),
        "a head that does not follow": honest._replace(head=bytes(32)),
        "a delta with one bit less": honest._replace(delta=status_delta.encode([1])),
        "another time": honest._replace(effective_at=6),
        "a root that is not that of the bits": wrong_root,
        "closed after updates that we were not told": StatusListClosed(honest.list_id, 3),
    }


LIES = [
    "a sequence number left out",
    "a head that does not follow",
    "a delta with one bit less",
    "another time",
    "a root that is not that of the bits",
    "closed after updates that we were not told",
]


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_makes_that_list_corrupt_and_no_other(ledger: SimulatedLedger, lie: str) -> None:
    other = "https://board.example/lists/2"
    ledger.mine(lambda it: it.create(1, other))
    before = project(ledger)
    (after_it,) = ledger.contracts.publish(other, [4], 5)
    state, told = forged(before, lies(ledger)[lie], update(ledger, [9]), after_it)
    assert told == [ChangeKind.LIST_CORRUPT, ChangeKind.STATUS]
    assert not state.status(LIST, 1, NOW).list.intact
    assert state.status(LIST, 9, NOW).value == 0  # nothing more is believed about it
    assert state.lists[state.list_ids[LIST]].bits.packed == bytes(32)
    assert state.status(LIST, 1, AsOf(block=STAMP.number - 1)).list.intact
    assert state.status(other, 4, NOW).value == 1
    assert state.status(other, 4, NOW).list.intact
    same(state.rewound(before.head), before)


def test_a_list_created_with_a_wrong_root_is_corrupt_from_the_start(ledger: SimulatedLedger) -> None:
    (event,) = ledger.contracts.create(1, "https://board.example/lists/2")
    assert isinstance(event, StatusListCreated)
    state, told = forged(project(ledger), replace(event, root=bytes(32)))
    assert told == [ChangeKind.LIST_CREATED, ChangeKind.LIST_CORRUPT]
    assert not state.status_list(event.uri, NOW).intact


def impossible(ledger: SimulatedLedger) -> list[LedgerEvent]:
    (created,) = ledger.contracts.create(1, "https://board.example/lists/2")
    assert isinstance(created, StatusListCreated)
    return [
        StandingChanged(9, Standing.SUSPENDED, ""),
        update(ledger, [1])._replace(list_id=bytes(32)),
        ledger.contracts.create(1, LIST)[0],
        ledger.contracts.create(9, "https://board.example/lists/9")[0],
        replace(created, uri="https://board.example/lists/3"),
        replace(created, size=1 << 31),
        replace(created, size=100),
        DidDocumentPinned(DID, 1, bytes(32), b"{}"),
        DidDocumentPinned(DID, 2, bytes(32), b"{}"),
        StatusListMoved(created.list_id, 1, 1),
        ledger.contracts.accredit(DID)[0],
    ]


@pytest.mark.parametrize("number", range(11))
def test_what_cannot_follow_at_all_is_not_taken(ledger: SimulatedLedger, number: int) -> None:
    before = project(ledger)
    with pytest.raises(InconsistentLedger):
        forged(before, impossible(ledger)[number])
    same(before, project(ledger))


def test_blocks_come_in_order(ledger: SimulatedLedger) -> None:
    with pytest.raises(InconsistentLedger, match="came after"):
        Projection(project(ledger)).apply(ledger.blocks[1].batch())
