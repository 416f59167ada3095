"""What a board's node knows of the ledger, and what it is asked to send there."""

from __future__ import annotations

from dataclasses import dataclass, field

from node.services.registrar import Registrar
from registry.actions import LedgerAction
from registry.records import Accreditation, BlockStamp, PinnedDocument, StatusListRecord
from registry.replica.queries import StatusListBits

NOW = 1_800_000_000
DID = "did:web:board.example"
SCHEMA = "https://board.example/schemas/licence.json"
LIST = "https://board.example/status-lists/nursing"
ADDRESS = "0x" + "11" * 20
OPERATOR = "0x052DCb3E2a3898a4C8915C98126F00a52AD77928"
FIRST_REGISTRY, SUCCESSOR = "0x" + "a1" * 20, "0x" + "a2" * 20
STAMP = BlockStamp(7, bytes(32), NOW)
SIZE = 131_072


@dataclass
class Recorder:
    actions: list[LedgerAction] = field(default_factory=list)

    def submit(self, action: LedgerAction, idempotency_key: str | None = None) -> int:
        self.actions.append(action)
        return len(self.actions)


@dataclass
class Known:
    issuers: dict[str, Accreditation] = field(default_factory=dict)
    lists: dict[str, StatusListRecord] = field(default_factory=dict)
    revoked: frozenset[int] = frozenset()
    registry: str = FIRST_REGISTRY
    documents: dict[str, PinnedDocument] = field(default_factory=dict)

    def accreditation(self, did: str) -> Accreditation | None:
        return self.issuers.get(did)

    def pinned_document(self, did: str) -> PinnedDocument | None:
        return self.documents.get(did)

    def status_list(self, uri: str) -> StatusListRecord | None:
        return self.lists.get(uri)

    def status_registry(self) -> str:
        return self.registry

    def bits(self, uri: str) -> StatusListBits | None:
        packed = bytearray(SIZE // 8)
        for index in self.revoked:
            packed[index >> 3] |= 0x80 >> (index & 7)
        record = self.lists[uri]
        return StatusListBits(3, 1, record.purpose, 1, SIZE, bytes(packed)) if record.intact else None


def make(ledger: Known, sent: Recorder, own_did: str = DID) -> Registrar:
    return Registrar(
        publisher=sent,
        ledger=ledger,
        own_did=own_did,
        admin_address=ADDRESS,
        operator_address=ADDRESS,
        public_url="https://board.example",
        own_document=lambda: {"id": DID},
        clock=lambda: float(NOW),
    )
