"""Documents with a history: which version is asked for, and what a method that keeps one provides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from node.did.document import DidDocument
from registry.records import AsOf


@dataclass(frozen=True, slots=True)
class Version:
    """The version of a document that is asked for. All members empty: the present one."""

    id: str | None = None  # `versionId`, as the method writes it
    number: int | None = None  # `versionNumber`, from 1
    time: int | None = None  # `versionTime`, Unix seconds: the version that was in force then

    @classmethod
    def as_of(cls, at: AsOf) -> Version:
        """What a question about the past asks of a history that is no part of our ledger.

        Its blocks are not ours, so `block` says nothing about it; `valid_at` is about the credential, and the
        keys that may have signed are those known by now.
        """
        return cls(time=at.known_at)


PRESENT = Version()


class NoSuchVersion(LookupError):
    """The document has no such version, or had none yet at that time."""


class HistoryInvalid(ValueError):
    """What was served does not prove itself: nothing in it can be relied on."""


class Unavailable(Exception):
    """This node is not set up to look such a DID up."""

    def __init__(self, detail: str, *, unsupported: bool = False) -> None:
        super().__init__(detail)
        self.unsupported = unsupported  # True: no setting of policy will help, this node lacks the ledger


class History(Protocol):
    """Every version of one DID's document, checked."""

    @property
    def size(self) -> int:
        """About how many bytes keeping it takes."""
        ...

    @property
    def ttl(self) -> float | None:
        """Seconds its controller says it may be kept; None: no word on that."""
        ...

    @property
    def keeps_versions(self) -> bool:
        """False: only the present document is known (did:web)."""
        ...

    def at(self, version: Version) -> DidDocument:
        """Raises NoSuchVersion, MalformedDidDocument, Refused."""
        ...


class RemoteMethod(Protocol):
    """A DID method whose documents are elsewhere."""

    def admit(self, identifier: str) -> None:
        """Before anything is asked. Raises InvalidDid, or Unavailable."""
        ...

    async def fetch(self, did: str, identifier: str) -> History:
        """Raises InvalidDid, HistoryInvalid, MalformedDidDocument, Refused, FetchRefused, FetchFailed,
        LedgerError, LedgerUnavailable or WrongLedger."""
        ...
