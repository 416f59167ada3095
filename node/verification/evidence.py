"""Step 2: all the evidence a verification needs, gathered before any of it is judged.

The ports stand here; the adapters that do I/O live outside this package. `gather` is what makes the
rest of the pipeline pure: it leaves nothing to ask for later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from node.did.document import DidDocument
from node.verification.reasons import Reason
from registry.records import NOW, Accreditation, AsOf, Freshness, StatusReading


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A DID that gave no document, and why. `definite` is False when another try may succeed."""

    did: str
    reason: Reason
    detail: str
    definite: bool


class LedgerView(Protocol):
    """The replica, as verification sees it. Answers from memory, in microseconds."""

    def freshness(self) -> Freshness:
        """How far the replica has come."""
        ...

    def accreditation(self, did: str, at: AsOf = NOW) -> Accreditation | None:
        """The issuer's accreditation, None if it never had one."""
        ...

    def status(self, uri: str, index: int, at: AsOf = NOW) -> StatusReading:
        """One entry of a list. Raises UnknownStatusList or IndexOutOfRange."""
        ...


class DidSource(Protocol):
    """Where documents come from."""

    def resolve_local(self, did: str) -> DidDocument | Unresolved | None:
        """Without I/O: pinned on the ledger, computed, or cached. None: only the network could tell."""
        ...

    async def resolve(self, did: str) -> DidDocument | Unresolved:
        """With I/O where needed."""
        ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """What `gather` found; the judging steps read nothing else."""

    documents: Mapping[str, DidDocument | Unresolved]
    ledger: LedgerView


async def gather(dids: Iterable[str], source: DidSource, ledger: LedgerView) -> Evidence:
    """Resolve every DID once. No I/O of its own: the source awaits the network only where it must."""
    documents: dict[str, DidDocument | Unresolved] = {}
    for did in dict.fromkeys(dids):
        found = source.resolve_local(did)
        documents[did] = found if found is not None else await source.resolve(did)
    return Evidence(documents, ledger)
