"""Step 2: all the evidence a verification needs, gathered before any of it is judged.

The ports stand here; the adapters that do I/O live outside this package. What `gather_local` could not answer
the service asks of the network, all at once; the judging steps ask for nothing.
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
    """A DID that gave no document, and why. `definite` is False when another try may succeed.

    `error` is the name DID Resolution gives the problem (`https://www.w3.org/ns/did#…`).
    """

    did: str
    reason: Reason
    detail: str
    definite: bool
    error: str = "NOT_FOUND"


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

    def resolve_local(self, did: str, at: AsOf = NOW) -> DidDocument | Unresolved | None:
        """Without I/O: pinned on the ledger or computed. None: only the network could tell, or has told."""
        ...

    async def resolve(self, did: str, at: AsOf = NOW) -> DidDocument | Unresolved:
        """With I/O where needed."""
        ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was gathered; the judging steps read nothing else."""

    documents: Mapping[str, DidDocument | Unresolved]
    ledger: LedgerView


def gather_local(
    dids: Iterable[str], source: DidSource, at: AsOf = NOW
) -> tuple[dict[str, DidDocument | Unresolved], list[str]]:
    """What is known without I/O, and the DIDs that only the network could tell more about."""
    documents: dict[str, DidDocument | Unresolved] = {}
    remaining: list[str] = []
    for did in dict.fromkeys(dids):
        found = source.resolve_local(did, at)
        if found is None:
            remaining.append(did)
        else:
            documents[did] = found
    return documents, remaining
