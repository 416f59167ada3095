"""What verification may rely on, of every implementation of `LedgerView`: the replica, and its simulator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import pytest

from node.verification.evidence import LedgerView
from registry.records import (
    AsOf,
    BlockStamp,
    IndexOutOfRange,
    PinnedDocument,
    Standing,
    StatusPurpose,
    Terms,
    UnknownStatusList,
)
from registry.replica.replica import Replica
from tests.simulators.clock import SimulatedClock
from tests.simulators.fixture_ledger import replica_of
from tests.simulators.ledger import SimulatedLedger
from tests.simulators.ledger_view import LedgerViewSimulator

BOARD, OTHER = "did:web:board.example", "did:web:other.example"
LIST = "https://board.example/status/1"


class PinnedDocuments(LedgerView, Protocol):
    def pinned_document(self, did: str, at: AsOf = ...) -> PinnedDocument | None: ...


class Script(Protocol):
    """What is done to a ledger: each call is one block, some time after the one before."""

    @property
    def view(self) -> PinnedDocuments: ...

    def accredit(self, did: str) -> BlockStamp: ...

    def change_standing(self, did: str, standing: Standing) -> BlockStamp: ...

    def pin(self, did: str, document: bytes | None) -> BlockStamp: ...

    def create_list(self, uri: str, did: str, purpose: StatusPurpose, bits: int = 1) -> BlockStamp: ...

    def publish(self, uri: str, values: Mapping[int, int], earlier: int = 0) -> BlockStamp:
        """In effect `earlier` seconds before it is recorded."""
        ...


class SimulatorScript:
    def __init__(self) -> None:
        self._clock = SimulatedClock()
        self.view = LedgerViewSimulator(self._clock)

    def _after(self, act: Callable[[], None]) -> BlockStamp:
        self._clock.advance(100)
        act()
        stamp = self.view.freshness().head
        assert stamp is not None
        return stamp

    def accredit(self, did: str) -> BlockStamp:
        return self._after(lambda: self.view.accredit(did))

    def change_standing(self, did: str, standing: Standing) -> BlockStamp:
        return self._after(lambda: self.view.change_standing(did, standing))

    def pin(self, did: str, document: bytes | None) -> BlockStamp:
        return self._after(lambda: self.view.pin(did, document))

    def create_list(self, uri: str, did: str, purpose: StatusPurpose, bits: int = 1) -> BlockStamp:
        return self._after(lambda: self.view.create_list(uri, did, purpose, size=512, bits=bits))

    def publish(self, uri: str, values: Mapping[int, int], earlier: int = 0) -> BlockStamp:
        return self._after(lambda: self.view.publish(uri, values, self._clock.now - earlier))


class ReplicaScript:
    def __init__(self) -> None:
        self._ledger = SimulatedLedger()
        self._replica: Replica = replica_of(self._ledger)
        self.view = self._replica.queries

    def _mined(self, stamp: BlockStamp) -> BlockStamp:
        self._replica.apply(self._ledger.batches(stamp.number - 1))
        self._replica.confirm(stamp.time)
        return stamp

    def _id(self, did: str) -> int:
        return next(number for number, known in self._ledger.contracts.dids.items() if known == did)

    def accredit(self, did: str) -> BlockStamp:
        terms = Terms("Example Board", ("NursingLicenceCredential",), (), 0, 4_000_000_000)
        return self._mined(self._ledger.mine(lambda it: it.accredit(did, terms)))

    def change_standing(self, did: str, standing: Standing) -> BlockStamp:
        return self._mined(self._ledger.mine(lambda it: it.change_standing(self._id(did), standing)))

    def pin(self, did: str, document: bytes | None) -> BlockStamp:
        return self._mined(
            self._ledger.mine(lambda it: it.deactivate(did) if document is None else it.pin(did, document))
        )

    def create_list(self, uri: str, did: str, purpose: StatusPurpose, bits: int = 1) -> BlockStamp:
        return self._mined(self._ledger.mine(lambda it: it.create(self._id(did), uri, 512, purpose, bits)))

    def publish(self, uri: str, values: Mapping[int, int], earlier: int = 0) -> BlockStamp:
        held = self._ledger.contracts.lists[uri]
        width = held.bits_per_entry
        positions = [
            index * width + place
            for index, value in sorted(values.items())
            for place in range(width)
            if (value ^ held.value(index)[0]) >> (width - 1 - place) & 1
        ]
        effective = self._ledger.time - earlier
        return self._mined(self._ledger.mine(lambda it: it.publish(uri, positions, effective)))


@pytest.fixture(params=[SimulatorScript, ReplicaScript])
def script(request: pytest.FixtureRequest) -> Script:
    made: Script = request.param()
    return made


def value(script: Script, index: int = 7, **at: int) -> int:
    return script.view.status(LIST, index, AsOf(**at)).value


def test_what_was_never_recorded(script: Script) -> None:
    assert script.view.accreditation(BOARD) is None
    assert script.view.pinned_document(BOARD) is None
    with pytest.raises(UnknownStatusList):
        script.view.status(LIST, 0)


def test_an_accreditation_and_its_standing_over_time(script: Script) -> None:
    accredited = script.accredit(BOARD)
    suspended = script.change_standing(BOARD, Standing.SUSPENDED)
    script.change_standing(BOARD, Standing.ACTIVE)

    def standing(at: AsOf) -> Standing | None:
        found = script.view.accreditation(BOARD, at)
        return found.standing if found else None

    assert standing(AsOf(block=accredited.number - 1)) is None
    assert standing(AsOf(known_at=accredited.time - 1)) is None
    assert standing(AsOf(known_at=accredited.time)) is Standing.ACTIVE
    assert standing(AsOf(block=suspended.number)) is Standing.SUSPENDED
    assert standing(AsOf(known_at=suspended.time)) is Standing.SUSPENDED
    assert standing(AsOf(valid_at=suspended.time)) is Standing.SUSPENDED
    assert standing(AsOf()) is Standing.ACTIVE
    # Recorded only later, it is given all the same: its terms say from when it holds.
    assert standing(AsOf(valid_at=accredited.time - 1)) is Standing.ACTIVE
    assert script.view.accreditation(OTHER) is None


def test_documents_over_time(script: Script) -> None:
    script.accredit(BOARD)
    first = script.pin(BOARD, b'{"v":1}')
    second = script.pin(BOARD, b'{"v":2}')
    script.pin(BOARD, None)

    def document(at: AsOf) -> tuple[int, bytes, bool] | None:
        found = script.view.pinned_document(BOARD, at)
        return (found.version, found.document, found.deactivated) if found else None

    assert document(AsOf(block=first.number - 1)) is None
    assert document(AsOf(block=first.number)) == (1, b'{"v":1}', False)
    assert document(AsOf(known_at=second.time)) == (2, b'{"v":2}', False)
    assert document(AsOf()) == (3, b"", True)
    assert document(AsOf(valid_at=first.time)) == (1, b'{"v":1}', False)
    assert document(AsOf(valid_at=second.time)) == (2, b'{"v":2}', False)
    assert document(AsOf(known_at=first.time, valid_at=second.time)) == (1, b'{"v":1}', False)
    # Pinned only later, it is given all the same: no other keys are known of that time.
    assert document(AsOf(valid_at=first.time - 1)) == (1, b'{"v":1}', False)


def test_a_revocation(script: Script) -> None:
    script.accredit(BOARD)
    created = script.create_list(LIST, BOARD, StatusPurpose.REVOCATION)
    assert value(script) == 0
    assert script.view.status(LIST, 7).changed is None
    revoked = script.publish(LIST, {7: 1}, earlier=2)
    reading = script.view.status(LIST, 7)
    assert (reading.index, reading.value) == (7, 1)
    assert reading.changed is not None
    assert (reading.changed.seq, reading.changed.effective_at) == (1, revoked.time - 2)
    assert reading.changed.stamp == revoked
    assert (reading.list.uri, reading.list.issuer_did, reading.list.seq) == (LIST, BOARD, 1)
    assert (reading.list.size, reading.list.bits_per_entry, reading.list.intact) == (512, 1, True)
    assert value(script, 6) == value(script, 8) == 0
    assert value(script, block=created.number) == 0
    assert value(script, known_at=revoked.time - 1) == 0
    assert value(script, known_at=revoked.time) == 1
    assert value(script, valid_at=revoked.time - 3) == 0
    assert value(script, valid_at=revoked.time - 2) == 1
    with pytest.raises(UnknownStatusList):
        value(script, block=created.number - 1)


def test_a_suspension_comes_and_goes(script: Script) -> None:
    script.accredit(BOARD)
    script.create_list(LIST, BOARD, StatusPurpose.SUSPENSION)
    on = script.publish(LIST, {7: 1})
    off = script.publish(LIST, {7: 0})
    assert [value(script, block=stamp.number) for stamp in (on, off)] == [1, 0]
    changed = script.view.status(LIST, 7).changed
    assert changed is not None
    assert changed.stamp == off


def test_a_message_of_several_bits(script: Script) -> None:
    script.accredit(BOARD)
    script.create_list(LIST, BOARD, StatusPurpose.MESSAGE, bits=4)
    first = script.publish(LIST, {7: 0b1010, 8: 0b0001})
    script.publish(LIST, {7: 0b0110})
    assert (value(script), value(script, 8), value(script, 6)) == (0b0110, 0b0001, 0)
    assert value(script, block=first.number) == 0b1010


def test_a_heartbeat_changes_no_entry_but_is_seen(script: Script) -> None:
    script.accredit(BOARD)
    script.create_list(LIST, BOARD, StatusPurpose.REVOCATION)
    script.publish(LIST, {7: 1})
    beat = script.publish(LIST, {})
    reading = script.view.status(LIST, 7)
    assert reading.changed is not None
    assert (reading.changed.seq, reading.list.seq, reading.list.stamp) == (1, 2, beat)


@pytest.mark.parametrize("index", [512, 10**9, -1])
def test_an_index_out_of_range(script: Script, index: int) -> None:
    script.accredit(BOARD)
    script.create_list(LIST, BOARD, StatusPurpose.REVOCATION)
    with pytest.raises(IndexOutOfRange):
        script.view.status(LIST, index)


def test_freshness_names_the_head(script: Script) -> None:
    head = script.accredit(BOARD)
    freshness = script.view.freshness()
    assert (freshness.head, freshness.halted) == (head, None)
    assert freshness.confirmed_at >= head.time
