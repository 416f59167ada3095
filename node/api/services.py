"""What the faces need of a node: its parts by name, as the wiring puts them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Protocol, cast

from fastapi import Depends, Request

from node.clock import Clock
from node.did.resolution import ResolutionResult
from node.monitoring.alerts import Alerts
from node.monitoring.roster import Roster
from node.services.registrar import Registrar
from node.settings import Settings
from node.verification.policy import Policy
from node.verification.verdict import Verdict
from registry.actions import LedgerAction
from registry.records import NOW, Accreditation, AsOf, BlockStamp, Freshness, PinnedDocument, StatusListRecord


class Verification(Protocol):
    """Answers one question about one credential or presentation. What it is given never makes it raise."""

    async def verify(
        self,
        raw: bytes | str | dict[str, Any],
        *,
        policy: Policy,
        challenge: str | None = None,
        domain: str | None = None,
        at: AsOf = NOW,
    ) -> Verdict: ...


class Queries(Protocol):
    """The replica's answers, from memory."""

    def freshness(self) -> Freshness: ...

    def accreditation(self, did: str, at: AsOf = NOW) -> Accreditation | None: ...

    def issuers(self) -> Sequence[Accreditation]: ...

    def pinned_document(self, did: str, at: AsOf = NOW) -> PinnedDocument | None: ...

    def status_list(self, uri: str, at: AsOf = NOW) -> StatusListRecord | None: ...

    def status_lists(self) -> Sequence[StatusListRecord]: ...


class ChangeFeed(Protocol):
    """The feed of changes, as far as enrolling needs it."""

    def last_seq(self) -> int: ...


class Publication(Protocol):
    """Something asked to be put on the ledger, and how far it has come."""

    @property
    def id(self) -> int: ...
    @property
    def action(self) -> LedgerAction: ...
    @property
    def state(self) -> str: ...
    @property
    def tx_hash(self) -> bytes | None: ...
    @property
    def stamp(self) -> BlockStamp | None: ...
    @property
    def error(self) -> str | None: ...
    @property
    def created_at(self) -> int | float: ...


class Publisher(Protocol):
    """`get` reads a database: call it from a thread."""

    def get(self, publication_id: int) -> Publication | None: ...

    async def wait(self, publication_id: int, timeout: float) -> Publication:  # noqa: ASYNC109 # its own name
        ...


class CredentialIssuer(Protocol):
    """Signs as this node's own DID."""

    def issue(self, credential: dict[str, Any], *, mechanism: str) -> dict[str, Any] | str: ...


class StatusListCredentials(Protocol):
    """The signed status list credentials of this node's lists."""

    def credential(self, uri: str) -> dict[str, Any] | str | None: ...


class Audit(Protocol):
    """Recomputes the replica from the ledger and compares."""

    async def __call__(self) -> object: ...


class Resolver(Protocol):
    """DID resolution for others."""

    async def resolution(self, did: str) -> ResolutionResult: ...


class Node(Protocol):
    """One participant's node."""

    @property
    def settings(self) -> Settings: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def verification(self) -> Verification: ...
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
    def publisher(self) -> Publisher: ...
    @property
    def issuer(self) -> CredentialIssuer | None: ...
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
    def audit(self) -> Audit: ...


def node_of(request: Request) -> Node:
    """The node this application is the face of."""
    return cast(Node, request.app.state.node)


NodeDep = Annotated[Node, Depends(node_of)]
