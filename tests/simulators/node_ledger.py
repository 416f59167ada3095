"""What a node in memory knows of the ledger, and what it has published there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from node.errors import Conflict, NotFound
from registry.actions import LedgerAction, PublishStatus
from registry.bindings.status_registry import list_id_of
from registry.chain import AddressInUse
from registry.governance import DirectoryEntry, Membership, Proposal
from registry.publisher.publications import Publication, State, UnknownPublication
from registry.records import (
    NOW,
    Accreditation,
    AsOf,
    BlockStamp,
    Freshness,
    PinnedDocument,
    Standing,
    StatusListRecord,
    StatusPurpose,
    Terms,
)
from registry.replica.bitmaps import Bitmap
from registry.replica.council import Governance
from registry.replica.queries import StatusListBits
from tests.simulators import verdicts
from tests.simulators.ledger import CONTRACTS

PUBLIC_URL = "https://board.example"


@dataclass
class SimulatedQueries:
    now: float
    head: BlockStamp | None = verdicts.STAMP
    confirmed_at: float = 0.0
    halted: str | None = None
    standing: Standing = Standing.ACTIVE
    successor: str = CONTRACTS.status_registry

    def freshness(self) -> Freshness:
        return Freshness(self.head, self.confirmed_at or self.now, self.halted)

    def accreditation(self, did: str, at: AsOf = NOW) -> Accreditation | None:
        return next((one for one in self.issuers() if one.did == did), None)

    def issuers(self, at: AsOf = NOW) -> list[Accreditation]:
        terms = Terms("Colorado Board of Nursing", ("NursingLicence",), ("US-CO",), 0, 2_000_000_000)
        operators = frozenset({"0x" + "22" * 20})
        return [
            Accreditation(1, verdicts.BOARD, terms, self.standing, "0x" + "11" * 20, operators, verdicts.STAMP)
        ]

    governance: Governance = field(default_factory=Governance)

    def membership(self, at: AsOf = NOW) -> Membership | None:
        return self.governance.membership(at)

    def memberships(self) -> Sequence[Membership]:
        return self.governance.memberships

    def proposal(self, proposal_id: bytes, at: AsOf = NOW) -> Proposal | None:
        return self.governance.proposal(proposal_id, at)

    def proposals(self, at: AsOf = NOW) -> list[Proposal]:
        return [versions[-1] for versions in self.governance.proposals.values()]

    def directory(self, at: AsOf = NOW) -> list[DirectoryEntry]:
        return [entries[-1] for entries in self.governance.directory.values()]

    def issuer_id(self, did: str) -> int | None:
        return 1 if did == verdicts.BOARD else None

    def status_registry(self, at: AsOf = NOW) -> str:
        return self.successor

    def list_uri(self, list_id: bytes) -> str | None:
        return verdicts.LIST if list_id == list_id_of(verdicts.LIST) else None

    def bits(self, uri: str) -> StatusListBits | None:
        """Entry 4711 is revoked."""
        if uri != verdicts.LIST:
            return None
        bits = Bitmap(131072)
        bits.flip(4711)
        return StatusListBits(3, 1, StatusPurpose.REVOCATION, 1, 131072, bytes(bits.packed))

    def did_of(self, issuer_id: int) -> str:
        return {1: verdicts.BOARD}[issuer_id]

    def pinned_document(self, did: str, at: AsOf = NOW) -> PinnedDocument | None:
        return None

    def status_list(self, uri: str, at: AsOf = NOW) -> StatusListRecord | None:
        return next((one for one in self.status_lists() if one.uri == uri), None)

    def status_lists(self, at: AsOf = NOW) -> list[StatusListRecord]:
        return [
            StatusListRecord(
                list_id=list_id_of(verdicts.LIST),
                uri=verdicts.LIST,
                issuer_id=1,
                issuer_did=verdicts.BOARD,
                size=131072,
                purpose=StatusPurpose.REVOCATION,
                bits_per_entry=1,
                seq=3,
                head=bytes(32),
                root=bytes(32),
                closed=False,
                intact=True,
                effective_at=verdicts.NOW,
                stamp=verdicts.STAMP,
                registry=CONTRACTS.status_registry,
            )
        ]


@dataclass
class SimulatedPublisher:
    publications: dict[int, Publication] = field(default_factory=dict)
    next_state: State = State.DONE

    def submit(self, action: LedgerAction, idempotency_key: str | None = None) -> int:
        number = len(self.publications) + 1
        self.publications[number] = Publication(
            number, action, self.next_state, bytes(32), verdicts.STAMP, None, verdicts.NOW
        )
        return number

    def get(self, publication_id: int) -> Publication:
        try:
            return self.publications[publication_id]
        except KeyError as error:
            raise UnknownPublication from error

    async def wait(self, publication_id: int, timeout: float) -> Publication:
        return self.get(publication_id)


class SimulatedRegistrar:
    """Takes every act but a revocation taken back."""

    def __init__(self, publisher: SimulatedPublisher) -> None:
        self._publisher = publisher
        self.acts: list[tuple[str, dict[str, Any]]] = []

    def _take(self, name: str, /, **members: Any) -> int:
        self.acts.append((name, members))
        return self._publisher.submit(PublishStatus(verdicts.LIST, ()))

    def pin(self, **members: Any) -> int:
        return self._take("pin", **members)

    def anchor_schema(self, **members: Any) -> int:
        return self._take("anchor_schema", **members)

    def rotate(self, **members: Any) -> int:
        return self._take("rotate", **members)

    def close_list(self, **members: Any) -> int:
        return self._take("close_list", **members)

    def continue_list(self, **members: Any) -> int:
        return self._take("continue_list", **members)

    def create_list(self, **members: Any) -> int:
        return self._take("create_list", **members)

    def publish(self, **members: Any) -> int:
        if any(value == 0 for _, value in members["entries"]):
            raise Conflict("a revocation cannot be taken back")
        return self._take("publish", **members)

    def list_uri(self, name: str) -> str:
        return name if "://" in name else f"{PUBLIC_URL}/status-lists/{name}"


class SimulatedMoments:
    """Blocks five seconds apart, up to the head."""

    async def of_block(self, number: int) -> int:
        if number > verdicts.STAMP.number:
            raise NotFound(f"block {number} is not on record here")
        return verdicts.STAMP.time - 5 * (verdicts.STAMP.number - number)


@dataclass
class SimulatedReplication:
    failure: str | None = None
    rebuilding: bool = False
    block: int | None = verdicts.STAMP.number
    follows: bool = True
    address: AddressInUse = field(default_factory=lambda: AddressInUse(2, 3, 4))

    def rebuild(self) -> None:
        if not self.follows:
            raise Conflict("another process of this node follows the ledger: ask that one")
        self.rebuilding = True
