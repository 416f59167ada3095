"""Participants of a consortium, each with a follower, a replica, a publisher and a verifier of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2

from node.did.resolver import Resolver
from node.services.receipts import ReceiptService
from node.services.verification import VerificationService
from node.verification.policy import Policy
from node.verification.verdict import Decision, Verdict
from registry.actions import AccreditIssuer, CreateStatusList, LedgerAction, PinDidDocument, PublishStatus
from registry.chain import Finality, Ledger
from registry.follower import Follower
from registry.network_file import NetworkFile
from registry.proofs.registries import Registries
from registry.proofs.seals import Consensus, Validators
from registry.proofs.validators_file import TrustedLedger
from registry.publisher import tables as _tables  # noqa: F401 (registers its tables)
from registry.publisher.publisher import Publisher
from registry.publisher.signer import LocalSigner, Role
from registry.records import StatusPurpose, Terms
from registry.replica.replica import Replica
from scripts.devnet.network import Devnet
from scripts.devnet.node import GethNode
from tests.simulators.database import sqlite_database
from tests.simulators.issuer import SimulatedIssuer, status_entry
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.receipts import NODE_KEY, VERIFIER

BOARDS = 24  # pairs of keys that can pay for gas
PATIENCE = 90.0  # seconds
CONFIRMATIONS = 2  # of four signers: with them a majority stands for a block
REVOKED, CLEAR = 5, 6
POLICY = replace(DEFAULT_POLICY, max_replica_age=60)


@dataclass
class Consortium:
    """`keys`: an admin's and an operator's for whoever comes next."""

    devnet: Devnet
    governor: LocalSigner
    network: NetworkFile
    keys: Iterator[tuple[LocalSigner, LocalSigner]]

    @property
    def trusted(self) -> TrustedLedger:
        addresses = frozenset(bytes.fromhex(address[2:]) for address in self.devnet.signer_addresses)
        return TrustedLedger(Validators(Consensus.CLIQUE, addresses), Registries.of(self.network.contracts))

    @asynccontextmanager
    async def participant(
        self,
        follower: GethNode,
        folder: Path,
        *,
        finality: Finality | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> AsyncIterator[Participant]:
        """With its loops running, until the end of the block."""
        folder.mkdir(parents=True, exist_ok=True)
        engine = sqlite_database(folder)
        ledger = Ledger(
            follower.url,
            chain_id=self.network.chain_id,
            genesis_hash=self.network.genesis_hash,
            finality=finality or Finality.confirmations(CONFIRMATIONS),
            poll=0.2,
            transport=transport,
        )
        replica = Replica(engine)
        replica.load()
        admin, operator = next(self.keys)
        signers = {Role.GOVERNOR: self.governor, Role.ADMIN: admin, Role.OPERATOR: operator}
        contracts = self.network.contracts
        publisher = Publisher(engine, ledger, lambda: contracts, replica.queries, signers, time.time)
        reader = Follower(ledger, replica, contracts, first_block=self.network.first_block)
        loops = [
            asyncio.create_task(reader.run()),
            asyncio.create_task(publisher.run()),
        ]
        try:
            yield Participant(self, ledger, replica, publisher, admin, operator)
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            await ledger.close()
            engine.dispose()

    def mend(self) -> None:
        """Everything runs, everybody knows everybody, and blocks come."""
        for node in self.devnet.nodes:
            if not node.running:
                node.start()
        self.devnet.link(self.devnet.nodes)
        self.advance(2)

    def advance(self, blocks: int, *, at: GethNode | None = None) -> None:
        """Until every node, or this one, has so many more."""
        nodes = [at] if at else self.devnet.nodes
        target = max(node.block() for node in nodes) + blocks
        self.devnet.wait_until(
            f"block {target}", lambda: all(node.block() >= target for node in nodes), PATIENCE
        )


@dataclass
class Participant:
    consortium: Consortium
    ledger: Ledger
    replica: Replica
    publisher: Publisher
    admin: LocalSigner
    operator: LocalSigner

    async def done(self, *actions: LedgerAction) -> None:
        numbers = [self.publisher.submit(action) for action in actions]
        for number in numbers:
            ended = await self.publisher.wait(number, PATIENCE)
            assert (ended.state, ended.error) == ("done", None)

    async def found_board(self, name: str) -> Board:
        """Accredited, its document pinned, a list with one licence revoked."""
        board = Board(SimulatedIssuer(name), f"https://{name}.example/list")
        now = int(time.time())
        terms = Terms("Board of Nursing", ("NursingLicenceCredential",), ("US-CO",), now - 1000, now + 10**8)
        await self.done(AccreditIssuer(board.issuer.did, self.admin.address, self.operator.address, terms))
        await self.done(
            PinDidDocument(board.issuer.did, board.issuer.document_bytes()),
            CreateStatusList(board.issuer.did, board.uri, 131_072, StatusPurpose.REVOCATION),
        )
        await self.done(PublishStatus(board.uri, ((REVOKED, 1),)))
        return board

    def verify(self, licence: dict[str, Any], policy: Policy = POLICY) -> Verdict:
        queries = self.replica.queries
        resolver = Resolver(queries.pinned_document, None, time.time)
        service = VerificationService(VERIFIER, resolver, queries, time.time)
        verdict = service.verify_if_local(licence, policy=policy)
        assert verdict is not None
        return verdict

    def receipts(self) -> ReceiptService:
        return ReceiptService(
            verifier=VERIFIER,
            queries=self.replica.queries,
            ledger=self.ledger,
            contracts=self.consortium.network.contracts,
            key=NODE_KEY,
            clock=time.time,
        )

    async def decides(self, decision: Decision, licence: dict[str, Any], policy: Policy = POLICY) -> Verdict:
        """Sooner or later."""
        await until(lambda: self.verify(licence, policy).decision is decision)
        return self.verify(licence, policy)

    @property
    def head(self) -> int:
        head = self.replica.state.head
        return -1 if head is None else head.number


@dataclass(frozen=True)
class Board:
    issuer: SimulatedIssuer
    uri: str

    def licence(self, index: int) -> dict[str, Any]:
        return self.issuer.sign(self.issuer.licence(credentialStatus=status_entry(index, self.uri)))


async def until(ready: Callable[[], bool], patience: float = PATIENCE) -> None:
    async with asyncio.timeout(patience):
        while not ready():
            await asyncio.sleep(0.1)


async def agree(*participants: Participant) -> None:
    """Whatever their finality: at the latest block that all have reached, their replicas say the same."""
    target = max(one.head for one in participants)
    await until(lambda: all(one.head >= target for one in participants))
    states = [one.replica.state for one in participants]
    low = min((state.head for state in states if state.head), key=lambda stamp: stamp.number)
    first, *others = [state.rewound(low) for state in states]
    for other in others:
        assert first.issuers == other.issuers
        assert first.documents == other.documents
        assert {key: one.past() for key, one in first.lists.items()} == {
            key: one.past() for key, one in other.lists.items()
        }
