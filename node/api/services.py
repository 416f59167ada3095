"""What the faces need of a node: its parts by name, as `assembly` puts them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Protocol, cast

from fastapi import Depends, Request

from node.clock import Clock
from node.did.resolver import Resolver
from node.issuing.credentials import CredentialIssuer
from node.issuing.derivation import CredentialDeriver
from node.issuing.status_lists import StatusListCredentials
from node.monitoring.alerts import Alerts
from node.monitoring.roster import Roster
from node.services.gathered import GatheredApprovals
from node.services.governing import Governing
from node.services.proposals import Proposals
from node.services.proposing import Proposing
from node.services.receipts import ReceiptService
from node.services.registrar import Registrar
from node.services.verification import VerificationService
from node.settings import Settings
from node.verification.policy import Policy
from registry.audit import AuditReport
from registry.chain import AddressInUse
from registry.governance import DirectoryEntry, Membership, Proposal
from registry.publisher.publications import Publication
from registry.records import (
    NOW,
    Accreditation,
    AsOf,
    Freshness,
    ListEvent,
    PinnedDocument,
    StatusListRecord,
    StatusReading,
)


class Queries(Protocol):
    """The replica's answers, from memory."""

    def freshness(self) -> Freshness: ...

    def accreditation(self, did: str, at: AsOf = NOW) -> Accreditation | None: ...

    def issuers(self, at: AsOf = NOW) -> Sequence[Accreditation]: ...

    def issuer_history(self, did: str) -> Sequence[Accreditation]: ...

    def pinned_document(self, did: str, at: AsOf = NOW) -> PinnedDocument | None: ...

    def document_history(self, did: str) -> Sequence[PinnedDocument]: ...

    def status(self, uri: str, index: int, at: AsOf = NOW) -> StatusReading:
        """Raises UnknownStatusList, IndexOutOfRange."""
        ...

    def status_registry(self, at: AsOf = NOW) -> str: ...

    def list_uri(self, list_id: bytes) -> str | None: ...

    def list_history(self, uri: str) -> Sequence[ListEvent]: ...

    def status_list(self, uri: str, at: AsOf = NOW) -> StatusListRecord | None: ...

    def status_lists(self, at: AsOf = NOW) -> Sequence[StatusListRecord]: ...

    def membership(self, at: AsOf = NOW) -> Membership | None: ...

    def memberships(self) -> Sequence[Membership]: ...

    def proposals(self, at: AsOf = NOW) -> Sequence[Proposal]: ...

    def directory(self, at: AsOf = NOW) -> Sequence[DirectoryEntry]: ...


class ChangeFeed(Protocol):
    """The feed of changes, as far as enrolling needs it."""

    def last_seq(self) -> int: ...


class Publisher(Protocol):
    """`get` reads a database: call it from a thread."""

    def get(self, publication_id: int) -> Publication:
        """Raises UnknownPublication."""
        ...

    async def wait(self, publication_id: int, timeout: float) -> Publication:  # noqa: ASYNC109 # its own name
        ...


class Moments(Protocol):
    """When a block was, Unix seconds."""

    async def of_block(self, number: int) -> int:
        """Raises NotFound, Unavailable."""
        ...


class Replication(Protocol):
    """How the replica is being kept."""

    @property
    def failure(self) -> str | None:
        """Why it is not, at the moment; None: it is."""
        ...

    @property
    def rebuilding(self) -> bool: ...

    @property
    def block(self) -> int | None:
        """The block it has come to, or building it anew has."""
        ...

    @property
    def address(self) -> AddressInUse:
        """Which of the ledger's addresses this process asks."""
        ...

    def rebuild(self) -> None:
        """Raises Conflict."""
        ...


class Monitoring(Protocol):
    """Whether changes become alerts at the moment."""

    @property
    def failure(self) -> str | None:
        """Why it does not get on; None: it does."""
        ...


class Audit(Protocol):
    """Recomputes the replica from the ledger and compares. Raises LedgerUnavailable, LedgerError."""

    async def __call__(self) -> AuditReport: ...


class SlowPath(Protocol):
    """Where documents are read that the fast path leaves over."""

    @property
    def declined(self) -> Mapping[str, int]:
        """How many were, by why."""
        ...

    @property
    def ended(self) -> Mapping[str, int]:
        """How that went."""
        ...


class Node(Protocol):
    """One participant's node."""

    @property
    def settings(self) -> Settings: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def verification(self) -> VerificationService: ...
    @property
    def receipts(self) -> ReceiptService: ...
    @property
    def policies(self) -> Mapping[str, Policy]:
        """By name; "default" is applied where none is named."""
        ...

    @property
    def queries(self) -> Queries: ...
    @property
    def feed(self) -> ChangeFeed: ...
    @property
    def resolver(self) -> Resolver: ...
    @property
    def registrar(self) -> Registrar: ...
    @property
    def proposals(self) -> Proposals: ...
    @property
    def proposing(self) -> Proposing: ...
    @property
    def council(self) -> Governing: ...
    @property
    def gathered(self) -> GatheredApprovals: ...
    @property
    def publisher(self) -> Publisher: ...
    @property
    def issuer(self) -> CredentialIssuer | None: ...
    @property
    def deriver(self) -> CredentialDeriver: ...
    @property
    def status_list_credentials(self) -> StatusListCredentials | None: ...
    @property
    def did_document(self) -> Mapping[str, Any] | None:
        """This node's own DID document, if it has a did:web of its own."""
        ...

    @property
    def roster(self) -> Roster: ...
    @property
    def alerts(self) -> Alerts: ...
    @property
    def monitor(self) -> Monitoring: ...
    @property
    def slow_path(self) -> SlowPath: ...
    @property
    def replication(self) -> Replication: ...

    @property
    def moments(self) -> Moments: ...
    @property
    def audit(self) -> Audit: ...


def node_of(request: Request) -> Node:
    """The node this application is the face of."""
    return cast(Node, request.app.state.node)


async def _injected(request: Request) -> Node:
    # async, for FastAPI takes a plain function to a thread
    return node_of(request)


NodeDep = Annotated[Node, Depends(_injected)]
