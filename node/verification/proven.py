"""The ledger as verification sees it, twice: with a note of what was asked, and as a proof shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from node.verification.evidence import LedgerView
from registry.proofs.ledger_proof import Proven
from registry.records import (
    NOW,
    Accreditation,
    AsOf,
    Freshness,
    IndexOutOfRange,
    PinnedDocument,
    StatusReading,
    UnknownStatusList,
)


@dataclass(slots=True)
class NotedLedger:
    """Another view, and everything that was asked of it: what a receipt has to prove."""

    ledger: LedgerView
    pinned: Callable[[str, AsOf], PinnedDocument | None]
    issuers: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    entries: list[tuple[str, int]] = field(default_factory=list)

    def freshness(self) -> Freshness:
        return self.ledger.freshness()

    def accreditation(self, did: str, at: AsOf = NOW) -> Accreditation | None:
        self.issuers.append(did)
        return self.ledger.accreditation(did, at)

    def status(self, uri: str, index: int, at: AsOf = NOW) -> StatusReading:
        """Raises UnknownStatusList, IndexOutOfRange."""
        self.entries.append((uri, index))
        return self.ledger.status(uri, index, at)

    def pinned_document(self, did: str, at: AsOf = NOW) -> PinnedDocument | None:
        self.documents.append(did)
        return self.pinned(did, at)


@dataclass(frozen=True, slots=True)
class ProvenLedger:
    """What a proof shows, at its one block. Asked for anything else, it raises NotProven."""

    proven: Proven
    confirmed_at: float  # Unix seconds: when the node last heard from the ledger, by its own word
    halted: str | None = None  # why its replication had stopped, by its own word

    def freshness(self) -> Freshness:
        return Freshness(self.proven.stamp, self.confirmed_at, self.halted)

    def accreditation(self, did: str, at: AsOf = NOW) -> Accreditation | None:
        return self.proven.issuer(did)

    def status(self, uri: str, index: int, at: AsOf = NOW) -> StatusReading:
        """Raises UnknownStatusList, IndexOutOfRange."""
        found = self.proven.entry(uri, index)
        if found.record is None:
            raise UnknownStatusList(f"the ledger knows no status list {uri}")
        if found.reading is None:
            raise IndexOutOfRange(f"{uri} has {found.record.size} entries, no entry {index}")
        return found.reading

    def pinned_document(self, did: str, at: AsOf = NOW) -> PinnedDocument | None:
        return self.proven.document(did)

    def document_history(self, did: str) -> Sequence[PinnedDocument]:
        """A proof shows the version pinned last, and no other."""
        return ()
