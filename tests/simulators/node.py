"""A node in memory: the faces talk to it as to a real one, and tests look at what they asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import orjson

from node.clock import Clock
from node.did.resolver import Resolver
from node.errors import Conflict, NotFound
from node.issuing.derivation import CredentialDeriver
from node.issuing.status_lists import ListForm, SignedList
from node.services.gathered import GatheredApprovals
from node.services.governing import Governing
from node.services.proposals import Proposals
from node.services.proposing import Proposing
from node.services.receipts import Answer
from node.settings import Settings, digest_of
from node.verification.given import NOTHING, Given
from node.verification.policy import Policy
from node.verification.skills import answer_skills
from node.verification.verdict import Verdict
from registry.actions import LedgerAction, PublishStatus
from registry.audit import AuditReport
from registry.bindings.status_registry import list_id_of
from registry.chain import AddressInUse
from registry.governance import DirectoryEntry, Membership, Proposal
from registry.publisher.outbox import Publication, State, UnknownPublication
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
from tests.simulators.issuer import DATA_INTEGRITY
from tests.simulators.ledger import CONTRACTS
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.receipts import ProvableBoard

KEY = "a-key-of-this-node"
BEARER = {"Authorization": f"Bearer {KEY}"}
PUBLIC_URL = "https://board.example"
GOVERNOR = "0x" + "33" * 20


class SimulatedVerification:
    """Gives the verdict that the document's `id` names; what is not JSON could not be read."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.fault: Exception | None = None

    async def verify(
        self,
        raw: bytes | str | dict[str, Any],
        *,
        policy: Policy,
        challenge: str | None = None,
        domain: str | None = None,
        at: AsOf = NOW,
        given: Given = NOTHING,
    ) -> Verdict:
        asked = {"raw": raw, "policy": policy, "challenge": challenge, "domain": domain, "at": at}
        self.asked.append(asked | {"given": given})
        if self.fault:
            raise self.fault
        try:
            document = raw if isinstance(raw, dict) else orjson.loads(raw)
            verdict = verdicts.BY_NAME[document["id"]]
            return verdict._replace(skills=answer_skills(given.skills, verdict.credentials))
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return verdicts.UNREADABLE


class SimulatedReceipts:
    """A receipt for every verdict, or the reason there is none."""

    def __init__(self, verification: SimulatedVerification) -> None:
        self._verification = verification
        self.problem = ""

    async def verify(self, document: dict[str, Any] | str, **asked: Any) -> Answer:
        verdict = await self._verification.verify(document, **asked)
        if self.problem:
            return Answer(verdict, None, self.problem)
        return Answer(verdict, ProvableBoard().receipt(document))


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


class SimulatedIssuer:
    def issue(
        self,
        credential: dict[str, Any],
        *,
        mechanism: str,
        disclose: Sequence[str] = (),
        holder: Any = None,
        decoys: int = 0,
        mandatory: Sequence[str] = (),
    ) -> dict[str, Any] | str:
        if mechanism == "dc+sd-jwt":
            return "~".join(("eyJhbGciOiJFZERTQSJ9.e30.c2ln", *["decoy"] * decoys, *disclose, str(holder)))
        if mechanism == "vc+jwt":
            return "eyJhbGciOiJFZERTQSJ9.e30.c2ln"
        return {
            **credential,
            "proof": {"cryptosuite": mechanism} | ({"shows": list(mandatory)} if mandatory else {}),
        }


class SimulatedLists:
    def __init__(self) -> None:
        self.asked: list[tuple[ListForm, int | None]] = []

    def signed(
        self, uri: str, form: ListForm = ListForm.EMBEDDED, *, moment: int | None = None
    ) -> SignedList | None:
        self.asked.append((form, moment))
        if uri != verdicts.LIST or moment == 0:
            return None
        embedded = {"id": uri, "credentialSubject": {"ttl": 300_000}}
        return SignedList(embedded if form is ListForm.EMBEDDED else f"eyJh.{form.name}.c2ln", None)


class SimulatedFeed:
    def last_seq(self) -> int:
        return 7


@dataclass
class SimulatedMonitor:
    failure: str | None = None


class SimulatedMoments:
    """Blocks five seconds apart, up to the head."""

    async def of_block(self, number: int) -> int:
        if number > verdicts.STAMP.number:
            raise NotFound(f"block {number} is not on record here")
        return verdicts.STAMP.time - 5 * (verdicts.STAMP.number - number)


class SimulatedSlowPath:
    """Three documents left over."""

    declined: ClassVar = {"number": 2, "json": 1}
    ended: ClassVar = {"answered": 1, "killed": 1, "turned_away": 1}


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


class SimulatedNode:
    """`settings`: what differs from the defaults."""

    def __init__(self, **settings: Any) -> None:
        now = float(verdicts.NOW)
        self.settings = Settings(**{"api_keys_sha256": digest_of(KEY), "public_url": PUBLIC_URL, **settings})
        self.clock: Clock = lambda: now
        self.policies = {"default": DEFAULT_POLICY}
        self.verification = SimulatedVerification()
        self.receipts = SimulatedReceipts(self.verification)
        self.queries = SimulatedQueries(now)
        self.feed = SimulatedFeed()
        self.resolver = Resolver(lambda did, at: None, None, self.clock)
        self.publisher = SimulatedPublisher()
        self.registrar: Any = SimulatedRegistrar(self.publisher)
        self.proposals = Proposals(ledger=self.queries, contracts=lambda: CONTRACTS, clock=self.clock)
        self.council = Governing(publisher=self.publisher, proposals=self.proposals, governor_address=GOVERNOR)
        self.proposing = Proposing(
            governing=self.council, ledger=self.queries, contracts=lambda: CONTRACTS, clock=self.clock
        )
        self.gathered = GatheredApprovals(
            publisher=self.publisher,
            proposals=self.proposals,
            ledger=self.queries,
            governor=None,
            chain_id=1,
            clock=self.clock,
        )
        self.issuer: SimulatedIssuer | None = SimulatedIssuer()
        self.deriver = CredentialDeriver(DATA_INTEGRITY)
        self.status_list_credentials: SimulatedLists | None = SimulatedLists()
        self.did_document: dict[str, Any] | None = {"id": verdicts.BOARD}
        self.roster: Any = None
        self.alerts: Any = None
        self.monitor = SimulatedMonitor()
        self.moments = SimulatedMoments()
        self.replication = SimulatedReplication()
        self.slow_path = SimulatedSlowPath()
        self.ledger_fault: Exception | None = None

    async def audit(self) -> AuditReport:
        if self.ledger_fault is not None:
            raise self.ledger_fault
        return AuditReport(verdicts.STAMP, 9, 1, 1, 1, ("memory: one bit",), ("4 words",), ("the block",))
