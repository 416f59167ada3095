"""A board on the shared ledger: an accredited issuer of its own, its outbox, and what restarting it means."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel, create_engine

from registry.actions import AccreditIssuer, CreateStatusList, LedgerAction
from registry.chain import Finality, Ledger
from registry.publisher import tables as _tables  # noqa: F401 (registers its tables)
from registry.publisher.publications import Publication
from registry.publisher.publisher import Publisher
from registry.publisher.signer import LocalSigner, Role, Signer
from registry.records import StatusPurpose, Terms
from tests.simulators.embedded_process import EmbeddedProcess
from tests.simulators.published_lists import PublishedLists

PATIENCE = 60.0  # seconds


class Board:
    """`restarted()` is what a new process would be: nothing carried over but database, keys and ledger."""

    def __init__(self, running: EmbeddedProcess, engine: Engine, finality: Finality) -> None:
        self.running = running
        self.engine = engine
        self.finality = finality
        name = secrets.token_hex(8)
        self.did = f"did:web:{name}.example"
        self.uri = f"https://{name}.example/lists/"
        self.admin, self.operator = (LocalSigner(secrets.token_bytes(32)) for _ in range(2))
        self.signers: dict[Role, Signer] = {
            Role.GOVERNOR: running.governor,
            Role.ADMIN: self.admin,
            Role.OPERATOR: self.operator,
        }
        self.ledger = self.new_ledger()
        self.lists = PublishedLists(self.ledger, running.network.contracts)
        self.publisher = self.restarted()
        self.numbers = itertools.count()

    def new_ledger(self) -> Ledger:
        network = self.running.network
        return Ledger(
            self.running.url,
            chain_id=network.chain_id,
            genesis_hash=network.genesis_hash,
            finality=self.finality,
            ws_url=self.running.ws_url,
        )

    def restarted(self, clock: Callable[[], float] = time.time) -> Publisher:
        contracts = self.running.network.contracts
        self.publisher = Publisher(self.engine, self.ledger, lambda: contracts, self.lists, self.signers, clock)
        return self.publisher

    def accreditation(self) -> AccreditIssuer:
        now = int(time.time())
        terms = Terms("Board of Nursing", ("NursingLicence",), ("US-CO",), now - 1000, now + 10**8)
        return AccreditIssuer(self.did, self.admin.address, self.operator.address, terms)

    def new_list(
        self, size: int = 1024, purpose: StatusPurpose = StatusPurpose.REVOCATION, bits: int = 1
    ) -> CreateStatusList:
        return CreateStatusList(self.did, f"{self.uri}{next(self.numbers)}", size, purpose, bits)

    async def step(self) -> None:
        """One step of the publisher, and one of the replica."""
        if not await self.publisher.step():
            await asyncio.sleep(0.01)
        await self.lists.catch_up()

    async def ended(self, *publication_ids: int) -> list[Publication]:
        """Steps until all have ended."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = [self.publisher.get(number) for number in publication_ids]
                if all(publication.state in ("done", "failed") for publication in found):
                    await self.lists.catch_up()
                    return found
                await self.step()

    async def done(self, *actions: LedgerAction) -> list[Publication]:
        """Submits all, then steps until all are done."""
        found = await self.ended(*[self.publisher.submit(action) for action in actions])
        assert [(p.state, p.error) for p in found] == [("done", None)] * len(actions)
        return found

    async def sent(self, signer: LocalSigner) -> int:
        """Transactions of this key on the ledger."""
        return await self.ledger.nonce(signer.address)


@pytest.fixture
def finality() -> Finality:
    return Finality.instant()


@pytest.fixture
async def board(embedded: EmbeddedProcess, tmp_path: Path, finality: Finality) -> AsyncIterator[Board]:
    """Not accredited yet."""
    engine = create_engine(f"sqlite:///{tmp_path / 'outbox.db'}")
    SQLModel.metadata.create_all(engine)
    found = Board(embedded, engine, finality)
    yield found
    await found.ledger.close()
    engine.dispose()


@pytest.fixture
async def accredited(board: Board) -> Board:
    await board.done(board.accreditation())
    return board
