"""A change feed in memory, and the accreditations that its ISSUER changes speak of."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from registry.changes import Change, ChangeKind
from registry.records import (
    NOW,
    Accreditation,
    AsOf,
    BlockStamp,
    Freshness,
    Standing,
    StatusReading,
    Terms,
    UnknownStatusList,
)


def stamp(number: int, fork: int = 0) -> BlockStamp:
    return BlockStamp(number, bytes([fork]) * 28 + number.to_bytes(4, "big"), 1_700_000_000 + number)


@dataclass
class SimulatedFeed:
    """Says what it is told to; every change is in a block of its own unless told otherwise."""

    changes: list[Change] = field(default_factory=list)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(
        self,
        kind: ChangeKind,
        key: str,
        values: Mapping[int, int] | None = None,
        *,
        block: BlockStamp | None = None,
        effective_at: int | None = None,
        withdraws: int | None = None,
    ) -> Change:
        seq = len(self.changes) + 1
        entries = tuple(sorted((values or {}).items()))
        change = Change(seq, kind, key, block or stamp(seq), entries, effective_at, withdraws)
        self.changes.append(change)
        self._woken.set()
        return change

    def status(self, uri: str, values: Mapping[int, int], *, effective_at: int | None = None) -> Change:
        return self.tell(ChangeKind.STATUS, uri, values, effective_at=effective_at)

    def withdraw(self, change: Change) -> Change:
        return self.tell(ChangeKind.WITHDRAWN, change.key, block=change.stamp, withdraws=change.seq)

    def read(self, after: int, limit: int) -> list[Change]:
        return self.changes[after : after + limit]

    def last_seq(self) -> int:
        return len(self.changes)

    async def wait(self, after: int, timeout: float) -> bool:
        while len(self.changes) <= after:
            self._woken.clear()
            try:
                await asyncio.wait_for(self._woken.wait(), timeout)
            except TimeoutError:
                return False
        return True


@dataclass
class SimulatedLedger:
    """Accreditations by block; knows no status lists."""

    history: dict[str, list[Accreditation]] = field(default_factory=dict)

    def accredit(self, did: str, at: BlockStamp, **terms: object) -> None:
        plain = Terms("Board of Nursing", ("LicenceCredential",), (), 0, 2**40)
        version = Accreditation(1, did, replace(plain, **terms), Standing.ACTIVE, "0x0", frozenset(), at)  # type: ignore[arg-type] # a test's own
        self.history.setdefault(did, []).append(version)

    def change_standing(self, did: str, standing: Standing, at: BlockStamp) -> None:
        self.history[did].append(replace(self.history[did][-1], standing=standing, stamp=at))

    def change_terms(self, did: str, terms: Terms, at: BlockStamp) -> None:
        self.history[did].append(replace(self.history[did][-1], terms=terms, stamp=at))

    def accreditation(self, did: str, at: AsOf = NOW) -> Accreditation | None:
        known = [one for one in self.history.get(did, []) if at.block is None or one.stamp.number <= at.block]
        return known[-1] if known else None

    def freshness(self) -> Freshness:
        return Freshness(None, 0.0)

    def status(self, uri: str, index: int, at: AsOf = NOW) -> StatusReading:
        raise UnknownStatusList(uri)
