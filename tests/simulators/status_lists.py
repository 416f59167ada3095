"""Status lists in memory, as the replica tells of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from registry.records import NOW, AsOf, BlockStamp, Freshness, ListEvent, StatusListRecord, StatusPurpose

DAY = 1_767_225_600  # 2026-01-01


@dataclass(frozen=True)
class Bits:
    seq: int
    packed: bytes


@dataclass
class SimulatedLists:
    """Lists of one issuer or of several; every update is a block of its own."""

    records: dict[str, StatusListRecord] = field(default_factory=dict)
    packed: dict[str, bytearray] = field(default_factory=dict)
    reaches: int = DAY

    def create(
        self,
        uri: str,
        issuer_did: str,
        *,
        size: int = 131_072,
        purpose: StatusPurpose = StatusPurpose.REVOCATION,
        bits: int = 1,
    ) -> None:
        self.packed[uri] = bytearray(size * bits // 8)
        digest = hashlib.sha256(uri.encode()).digest()
        made = BlockStamp(1, bytes(32), DAY)
        self.records[uri] = StatusListRecord(
            digest, uri, 1, issuer_did, size, purpose, bits, 0, digest, digest, False, True, DAY, made
        )

    def revoke(self, uri: str, index: int) -> None:
        self.packed[uri][index >> 3] |= 0x80 >> (index & 7)
        record = self.records[uri]
        stamp = BlockStamp(record.stamp.number + 1, bytes(32), record.stamp.time + 60)
        self.change(uri, seq=record.seq + 1, head=hashlib.sha256(record.head).digest(), stamp=stamp)

    def change(self, uri: str, **members: object) -> None:
        self.records[uri] = replace(self.records[uri], **members)  # type: ignore[arg-type] # a test's own

    def freshness(self) -> Freshness:
        return Freshness(BlockStamp(99, bytes(32), self.reaches), float(self.reaches))

    def status_list(self, uri: str, at: AsOf = NOW) -> StatusListRecord | None:
        return self.records.get(uri)

    def list_history(self, uri: str) -> list[ListEvent]:
        return []

    def bits(self, uri: str, at: AsOf = NOW) -> Bits | None:
        record = self.records.get(uri)
        return Bits(record.seq, bytes(self.packed[uri])) if record is not None and record.intact else None
