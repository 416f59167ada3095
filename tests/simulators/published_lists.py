"""A replica of the status lists alone, fed from a real ledger's logs: what the publisher needs to know."""

from __future__ import annotations

from dataclasses import dataclass

from registry.bindings.addresses import ContractAddresses
from registry.bindings.decoder import decode
from registry.bindings.status_registry import list_id_of
from registry.chain import Ledger
from registry.events import StatusListCreated, StatusPublished
from registry.records import StatusPurpose
from registry.replica.bitmaps import Bitmap
from registry.replica.heads import genesis_head, next_head
from registry.status_delta import decode as decode_delta


@dataclass
class ReplicatedList:
    seq: int
    purpose: StatusPurpose
    bits_per_entry: int
    size: int
    bitmap: Bitmap
    head: bytes
    effective_at: list[int]
    deltas: list[bytes]

    @property
    def packed(self) -> bytes:
        return bytes(self.bitmap.packed)

    def values(self) -> dict[int, int]:
        """Entries that are not 0."""
        found = {e: self.bitmap.value(e, self.bits_per_entry) for e in range(self.size)}
        return {entry: value for entry, value in found.items() if value}


class PublishedLists:
    """`catch_up` reads on; every head and root is recomputed and compared."""

    def __init__(self, ledger: Ledger, contracts: ContractAddresses) -> None:
        self._ledger = ledger
        self._contracts = contracts
        self._next = 0
        self._lists: dict[bytes, ReplicatedList] = {}

    def bits(self, uri: str) -> ReplicatedList | None:
        return self._lists.get(list_id_of(uri))

    async def catch_up(self) -> None:
        head = (await self._ledger.head()).stamp.number
        if head < self._next:
            return
        for log in await self._ledger.logs_in_range(self._next, head, [self._contracts.status_registry]):
            match decode(log):
                case StatusListCreated() as e:
                    bitmap = Bitmap(e.size * e.bits_per_entry)
                    assert bitmap.root() == e.root
                    assert e.head == genesis_head(
                        e.list_id, e.issuer_id, e.size, e.purpose, e.bits_per_entry, e.root
                    )
                    self._lists[e.list_id] = ReplicatedList(
                        0, e.purpose, e.bits_per_entry, e.size, bitmap, e.head, [], []
                    )
                case StatusPublished() as e:
                    found = self._lists[e.list_id]
                    change = (
                        found.bitmap.set if found.purpose is StatusPurpose.REVOCATION else found.bitmap.flip
                    )
                    for position in decode_delta(e.delta, found.bitmap.size_bits):
                        change(position)
                    assert e.seq == found.seq + 1
                    assert found.bitmap.root() == e.root
                    assert next_head(found.head, e.seq, e.delta, e.root, e.effective_at) == e.head
                    found.seq, found.head = e.seq, e.head
                    found.effective_at.append(e.effective_at)
                    found.deltas.append(e.delta)
        self._next = head + 1
