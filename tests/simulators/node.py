"""A node in memory: the faces talk to it as to a real one, and tests look at what they asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from node.clock import Clock
from node.did.resolver import Resolver
from node.issuing.derivation import CredentialDeriver
from node.services.gathered import GatheredApprovals
from node.services.governing import Governing
from node.services.proposals import Proposals
from node.services.proposing import Proposing
from node.settings import Settings, digest_of
from registry.audit import AuditReport
from tests.simulators import verdicts
from tests.simulators.issuer import DATA_INTEGRITY
from tests.simulators.ledger import CONTRACTS
from tests.simulators.node_credentials import (
    SimulatedIssuer,
    SimulatedLists,
    SimulatedReceipts,
    SimulatedVerification,
)
from tests.simulators.node_ledger import (
    PUBLIC_URL,
    SimulatedMoments,
    SimulatedPublisher,
    SimulatedQueries,
    SimulatedRegistrar,
    SimulatedReplication,
)
from tests.simulators.policies import DEFAULT_POLICY

KEY = "a-key-of-this-node"
BEARER = {"Authorization": f"Bearer {KEY}"}

GOVERNOR = "0x" + "33" * 20


class SimulatedFeed:
    def last_seq(self) -> int:
        return 7


@dataclass
class SimulatedMonitor:
    failure: str | None = None


class SimulatedSlowPath:
    """Three documents left over."""

    declined: ClassVar = {"number": 2, "json": 1}
    ended: ClassVar = {"answered": 1, "killed": 1, "turned_away": 1}


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
