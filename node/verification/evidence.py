"""Step 2: all the evidence a verification needs, gathered before any of it is judged.

The ports stand here; the adapters that do I/O live outside this package. What `gather_local` could not answer
the service asks of the network, all at once; the judging steps ask for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from node.did.document import DidDocument
from node.verification.packed_list import PackedList
from node.verification.policy import Question
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


class WantedList(NamedTuple):
    """A status list that is not on the ledger, named by a credential whose proof holds."""

    uri: str
    issuer: str  # of that credential, who must stand for the list too


@dataclass(frozen=True, slots=True)
class ListContent:
    """What a status list says, whatever its form. Times are Unix seconds."""

    entry_type: str  # of the status entries it answers for
    purposes: frozenset[str]  # labels; empty for a Token Status List
    entry_bits: int | None  # None: as the entry says
    bits: PackedList
    issued_at: int | None
    expires: int | None
    ttl: float | None  # s that it may be kept, as it says; None: no word on that


@dataclass(frozen=True, slots=True)
class FetchedList:
    """A list as its host served it, every rule of `fetched_list.py` held."""

    uri: str
    content: ListContent
    fetched_at: int  # Unix seconds
    digest: str  # SHA-256 of what was served, hex


@dataclass(frozen=True, slots=True)
class UnusableList:
    """A list that could not be had, or not be relied on; and why."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was gathered; the judging steps read nothing else."""

    documents: Mapping[str, DidDocument | Unresolved]
    ledger: LedgerView
    lists: Mapping[WantedList, FetchedList | UnusableList] = field(default_factory=dict)


class StatusListSource(Protocol):
    """Where lists come from that are not on the ledger. Asked only where the policy allows it."""

    async def fetch(
        self, wanted: Iterable[WantedList], evidence: Evidence, question: Question
    ) -> Mapping[WantedList, FetchedList | UnusableList]:
        """With I/O where needed. Never raises for what is served."""
        ...


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
