"""The ledger as verification sees it, in memory: each call records one block at the clock's time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TypeVar

from registry.records import (
    NOW,
    Accreditation,
    AsOf,
    BlockStamp,
    Freshness,
    IndexOutOfRange,
    PinnedDocument,
    Standing,
    StatusChange,
    StatusListRecord,
    StatusPurpose,
    StatusReading,
    Terms,
    UnknownStatusList,
)
from tests.simulators.clock import SimulatedClock

Recorded = TypeVar("Recorded", Accreditation, PinnedDocument)
FOREVER = 253_402_300_799


@dataclass
class _List:
    record: StatusListRecord  # as created
    updates: list[tuple[StatusChange, Mapping[int, int]]] = field(default_factory=list)  # entry → its new value


class LedgerViewSimulator:
    """Implements `LedgerView`, and `pinned_document` for the resolver."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock = clock
        self._blocks: list[BlockStamp] = []
        self._issuers: dict[str, list[Accreditation]] = {}
        self._documents: dict[str, list[PinnedDocument]] = {}
        self._lists: dict[str, _List] = {}
        self._corrupt: set[str] = set()
        self._down_since: int | None = None
        self._halted: str | None = None
        self.first: BlockStamp | None = None  # of the replica's records; None: not known

    # --- what a test does to the ledger

    def block(self) -> BlockStamp:
        number = len(self._blocks) + 1
        self._blocks.append(BlockStamp(number, sha256(b"%d" % number).digest(), self._clock.now))
        return self._blocks[-1]

    def accredit(
        self,
        did: str,
        *,
        name: str = "Example Board",
        types: tuple[str, ...] = ("NursingLicenceCredential",),
        jurisdictions: tuple[str, ...] = (),
        valid_from: int = 0,
        valid_until: int = FOREVER,
    ) -> None:
        terms = Terms(name, types, jurisdictions, valid_from, valid_until)
        number = len(self._issuers) + 1
        admin = "0x" + "a1" * 20
        self._issuers[did] = [
            Accreditation(number, did, terms, Standing.ACTIVE, admin, frozenset(), self.block())
        ]

    def change_standing(self, did: str, standing: Standing) -> None:
        versions = self._issuers[did]
        versions.append(replace(versions[-1], standing=standing, stamp=self.block()))

    def pin(self, did: str, document: bytes | None) -> None:
        """None deactivates."""
        versions = self._documents.setdefault(did, [])
        version, gone = len(versions) + 1, document is None
        versions.append(PinnedDocument(did, version, document or b"", gone, bytes(32), self.block()))

    def create_list(
        self,
        uri: str,
        did: str,
        purpose: StatusPurpose = StatusPurpose.REVOCATION,
        *,
        size: int = 131_072,
        bits: int = 1,
    ) -> None:
        stamp = self.block()
        self._lists[uri] = _List(
            StatusListRecord(
                list_id=sha256(uri.encode()).digest(),
                uri=uri,
                issuer_id=self._issuers[did][0].issuer_id,
                issuer_did=did,
                size=size,
                purpose=purpose,
                bits_per_entry=bits,
                seq=0,
                head=bytes(32),
                root=bytes(32),
                closed=False,
                intact=True,
                effective_at=stamp.time,
                stamp=stamp,
            )
        )

    def publish(self, uri: str, values: Mapping[int, int], effective_at: int | None = None) -> None:
        """New values of entries; no values: a heartbeat."""
        held, stamp = self._lists[uri], self.block()
        effective = stamp.time if effective_at is None else effective_at
        held.updates.append((StatusChange(len(held.updates) + 1, effective, stamp), dict(values)))

    def corrupt(self, uri: str) -> None:
        self._corrupt.add(uri)

    def go_down(self) -> None:
        """From now on no ledger answers."""
        self._down_since = self._clock.now

    def halt(self, why: str) -> None:
        self._halted = why

    # --- LedgerView

    def freshness(self) -> Freshness:
        confirmed = self._clock.now if self._down_since is None else self._down_since
        head = self._blocks[-1] if self._blocks else None
        return Freshness(head, float(confirmed), self._halted, self.first)

    def accreditation(self, did: str, at: AsOf = NOW) -> Accreditation | None:
        known = _known(self._issuers.get(did, []), at)
        return _in_force(known, at)

    def pinned_document(self, did: str, at: AsOf = NOW) -> PinnedDocument | None:
        return _in_force(_known(self._documents.get(did, []), at), at)

    def status(self, uri: str, index: int, at: AsOf = NOW) -> StatusReading:
        held = self._lists.get(uri)
        if held is None or not _recorded(held.record.stamp, at):
            raise UnknownStatusList(uri)
        if not 0 <= index < held.record.size:
            raise IndexOutOfRange(index)
        known = [one for one in held.updates if _recorded(one[0].stamp, at)]
        record = replace(held.record, intact=uri not in self._corrupt)
        if known:
            last = known[-1][0]
            record = replace(record, seq=last.seq, effective_at=last.effective_at, stamp=last.stamp)
        value, changed = 0, None
        for change, values in known:
            in_effect = at.valid_at is None or change.effective_at <= at.valid_at
            if in_effect and values.get(index, value) != value:
                value, changed = values[index], change
        return StatusReading(index, value, changed, record)


def _known(versions: list[Recorded], at: AsOf) -> list[Recorded]:
    return [one for one in versions if _recorded(one.stamp, at)]


def _in_force(known: list[Recorded], at: AsOf) -> Recorded | None:
    if at.valid_at is not None:
        by_then = [one for one in known if one.stamp.time <= at.valid_at]
        known = by_then or known[:1]
    return known[-1] if known else None


def _recorded(stamp: BlockStamp, at: AsOf) -> bool:
    return (at.block is None or stamp.number <= at.block) and (at.known_at is None or stamp.time <= at.known_at)
