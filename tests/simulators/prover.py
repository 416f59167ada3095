"""A board on a real ledger with a replica of its own, and a ledger that lies to whoever collects proofs."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.actions import AccreditIssuer, CreateStatusList, LedgerAction, PinDidDocument, PublishStatus
from registry.chain import BlockHeader, Ledger, LedgerError
from registry.follower import Follower
from registry.proofs.collect import ProofSource, collect
from registry.proofs.ledger_proof import LedgerProof
from registry.proofs.registries import Registries
from registry.publisher import tables as _tables  # noqa: F401 (registers its tables)
from registry.publisher.publisher import Publisher
from registry.publisher.signer import LocalSigner, Role
from registry.records import StatusPurpose, Terms
from registry.replica.expected_storage import Word
from registry.replica.provable import wanted
from registry.replica.replica import Replica
from registry.storage_audit import StorageFindings, StorageSource, audit_storage
from tests.simulators.database import sqlite_database
from tests.simulators.embedded_process import EmbeddedProcess

PATIENCE = 60.0  # seconds
NOBODY = "did:web:nobody.example"


@dataclass
class Prover:
    """A board with a replica of its own."""

    running: EmbeddedProcess
    ledger: Ledger
    replica: Replica
    publisher: Publisher
    follower: Follower
    did: str
    uri: str
    terms: Terms

    @property
    def registries(self) -> Registries:
        return Registries.of(self.running.network.contracts)

    async def done(self, *actions: LedgerAction) -> None:
        numbers = [self.publisher.submit(action) for action in actions]
        async with asyncio.timeout(PATIENCE):
            while not all(self.publisher.get(number).state in ("done", "failed") for number in numbers):
                if not await self.publisher.step():
                    await asyncio.sleep(0.01)
                await self.follower.catch_up()
        assert [self.publisher.get(number).error for number in numbers] == [None] * len(numbers)
        await self.follower.catch_up()

    async def proof(self, source: ProofSource | None = None) -> LedgerProof:
        entries = [(self.uri, 5), (self.uri, 6), (f"{self.uri}/none", 1)]
        asked = wanted(self.replica.state, [self.did, NOBODY], [self.did, NOBODY], entries)
        return await collect(source or self.ledger, self.registries, asked)

    async def audited(self, source: StorageSource, words: Iterable[Word]) -> StorageFindings:
        """At the replica's head."""
        head = self.replica.state.head
        assert head is not None
        header = await self.ledger.header(head.number)
        assert header is not None
        return await audit_storage(source, words, head, header.parent_hash, None)


@asynccontextmanager
async def proving(embedded: EmbeddedProcess, folder: Path) -> AsyncIterator[Prover]:
    """Accredited, with a pinned document and a list of which entry 5 is revoked; until the end of the block."""
    network = embedded.network
    engine = sqlite_database(folder)
    ledger = Ledger(
        embedded.url, chain_id=network.chain_id, genesis_hash=network.genesis_hash, ws_url=embedded.ws_url
    )
    replica = Replica(engine)
    replica.load()
    admin, operator = (LocalSigner(secrets.token_bytes(32)) for _ in range(2))
    signers = {Role.GOVERNOR: embedded.governor, Role.ADMIN: admin, Role.OPERATOR: operator}
    publisher = Publisher(engine, ledger, lambda: network.contracts, replica.queries, signers, time.time)
    follower = Follower(ledger, replica, network.contracts, first_block=network.first_block)
    host, now = secrets.token_hex(8), int(time.time())
    terms = Terms("Board of Nursing – Colorado", ("NursingLicence", "B"), ("US-CO",), now - 1000, now + 10**8)
    made = Prover(
        embedded,
        ledger,
        replica,
        publisher,
        follower,
        f"did:web:{host}.example",
        f"https://{host}.example/list",
        terms,
    )
    await follower.catch_up()
    await made.done(AccreditIssuer(made.did, admin.address, operator.address, terms))
    await made.done(
        CreateStatusList(made.did, made.uri, 131_072, StatusPurpose.REVOCATION, 1),
        PinDidDocument(made.did, b'{"id": "%s"}' % made.did.encode()),
    )
    await made.done(PublishStatus(made.uri, ((5, 1),)))
    yield made
    await ledger.close()
    engine.dispose()


class Liar:
    """Passes on what the ledger says, but for one thing."""

    def __init__(self, ledger: Ledger, lie: str) -> None:
        self._ledger = ledger
        self._lie = lie

    async def header_members(self, block_hash: bytes) -> Mapping[str, Any]:
        found = dict(await self._ledger.header_members(block_hash))
        if self._lie == "header":
            found["stateRoot"] = "0x" + "11" * 32
        if self._lie == "gap in header":
            del found["gasUsed"]
        return found

    async def headers_members_after(self, number: int, count: int) -> Sequence[Mapping[str, Any]]:
        return await self._ledger.headers_members_after(number, count)

    async def storage_proof(self, contract: str, slots: Sequence[int], block: int) -> Sequence[bytes]:
        if self._lie == "older state":
            block -= 1
        nodes = await self._ledger.storage_proof(contract, slots, block)
        if self._lie == "node":
            nodes[-1] = nodes[-1][:-1] + bytes([nodes[-1][-1] ^ 1])
        if self._lie == "left out":
            nodes = nodes[:-1]
        if self._lie == "flood":
            nodes += [b"%d" % number for number in range(600)]
        return nodes

    async def storage_words(self, contract: str, slots: Sequence[int], block: int) -> Sequence[int]:
        return await self._ledger.storage_words(contract, slots, block)

    async def chain_id(self) -> int:
        return await self._ledger.chain_id()

    async def header(self, block: int) -> BlockHeader | None:
        return await self._ledger.header(block)

    async def logs_of_block(self, block_hash: bytes, addresses: Sequence[str]) -> Sequence[Any]:
        return await self._ledger.logs_of_block(block_hash, addresses)


class NoProofs(Liar):
    """An address that has no eth_getProof."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger, "")

    async def storage_proof(self, contract: str, slots: Sequence[int], block: int) -> Sequence[bytes]:
        raise LedgerError(-32601, "the method eth_getProof does not exist")
