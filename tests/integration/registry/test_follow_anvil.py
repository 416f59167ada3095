"""Contracts on a real ledger, through the real client, into the replica: live, reorganised, from far behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from random import Random

import pytest
from sqlalchemy import Engine

from registry import status_delta
from registry.audit import audit
from registry.bindings import deployment, did_registry, issuer_registry, status_registry
from registry.bindings.addresses import ContractAddresses
from registry.bindings.deployment import Founding
from registry.bindings.status_registry import StatusUpdate, list_id_of
from registry.chain import Ledger
from registry.changes import ChangeKind
from registry.follower import Follower
from registry.records import AsOf, Standing, StatusPurpose, Terms
from registry.replica.bitmaps import Bitmap
from registry.replica.empty_tree import empty_root
from registry.replica.replica import Replica
from tests.simulators.anvil import AnvilLedger
from tests.simulators.council import decision

DID = "did:web:board.example"
REVOCATION, SUSPENSION = "https://board.example/revocation", "https://board.example/suspension"
SIZE = 4096
GOVERNOR, ADMIN, OPERATOR = ("0x" + digit * 40 for digit in "345")
TERMS = Terms("Board of Nursing – Zürich", ("NursingLicence",), ("CH-ZH",), 0, 2**40 - 1)


class Board:
    """Publishes as a board does, and knows what it published."""

    def __init__(self, anvil: AnvilLedger, contracts: ContractAddresses) -> None:
        self.anvil, self.contracts = anvil, contracts
        self.bits = {REVOCATION: Bitmap(SIZE), SUSPENSION: Bitmap(SIZE)}
        self.seq = dict.fromkeys(self.bits, 0)

    def found(self) -> None:
        send, at = self.anvil.send, self.contracts
        accredit = issuer_registry.accredit(DID, ADMIN, OPERATOR, TERMS)
        self.decide(accredit)
        send(ADMIN, at.did_registry, did_registry.pin(DID, 1, b'{"id":"did:web:board.example"}'))
        for uri, purpose in ((REVOCATION, StatusPurpose.REVOCATION), (SUSPENSION, StatusPurpose.SUSPENSION)):
            data = status_registry.create(
                1, uri, size=SIZE, purpose=purpose, bits_per_entry=1, empty_root=empty_root(SIZE)
            )
            send(OPERATOR, at.status_registry, data)

    def decide(self, data: bytes) -> None:
        """By the council, of the registry of issuers."""
        at = self.contracts
        self.anvil.send(GOVERNOR, at.council, decision(at.issuer_registry, data, self.anvil.now()))

    def publish(self, uri: str, positions: list[int]) -> None:
        bits = self.bits[uri]
        for position in positions:
            if uri == SUSPENSION:
                bits.flip(position)
            else:
                bits.set(position)
        self.seq[uri] += 1
        update = StatusUpdate(
            list_id_of(uri),
            self.seq[uri],
            bits.root(),
            self.anvil.now(),
            status_delta.encode(positions),
        )
        self.anvil.send(OPERATOR, self.contracts.status_registry, status_registry.publish(update))

    def publish_something(self, random: Random) -> None:
        self.publish(
            random.choice([REVOCATION, SUSPENSION]), sorted(random.sample(range(SIZE), random.randrange(4)))
        )

    def remember(self) -> Callable[[], None]:
        """Takes the ledger and the board back to now when called."""
        snapshot, seq = self.anvil.ask("evm_snapshot"), dict(self.seq)
        bits = {uri: bitmap.copy() for uri, bitmap in self.bits.items()}

        def back() -> None:
            assert self.anvil.ask("evm_revert", snapshot) is True
            self.seq, self.bits = seq, bits

        return back


@pytest.fixture
def board(anvil: AnvilLedger) -> Board:
    plan = deployment.plan(GOVERNOR, 0, Founding.alone(GOVERNOR))
    for creation in plan.creations:
        anvil.send(GOVERNOR, None, creation)
    board = Board(anvil, plan.contracts)
    board.found()
    return board


@pytest.fixture
async def ledger(anvil: AnvilLedger) -> AsyncIterator[Ledger]:
    url = str(anvil._http.base_url)
    connected = await Ledger.connect(url, ws_url=url.replace("http", "ws", 1), poll=0.2)
    yield connected
    await connected.close()


def assert_replica_is(replica: Replica, board: Board) -> None:
    for uri, bits in board.bits.items():
        found = replica.queries.bits(uri)
        assert found is not None
        assert (found.seq, found.packed) == (board.seq[uri], bytes(bits.packed))


async def test_live_and_through_reorganisations(
    board: Board, anvil: AnvilLedger, ledger: Ledger, engine: Engine
) -> None:
    random, replica = Random(4), Replica(engine)
    replica.load()
    follower = Follower(ledger, replica, board.contracts)
    for _ in range(12):
        for _ in range(random.randrange(3)):
            board.publish_something(random)
        await follower.catch_up()
        back = board.remember()
        for _ in range(random.randrange(1, 4)):
            board.publish_something(random)
        await follower.catch_up()
        assert_replica_is(replica, board)
        lost = int(anvil.ask("eth_blockNumber"), 16)
        back()
        anvil.ask("evm_increaseTime", 1)
        while int(anvil.ask("eth_blockNumber"), 16) <= lost:
            board.publish_something(random)
        await follower.catch_up()
        assert_replica_is(replica, board)
    report = await audit(ledger, replica, board.contracts)
    assert (report.differences, report.unchecked) == ((), ())
    assert len(report.proven) == len(report.asked) == 1  # all words; that the block is the ledger's
    assert (report.issuers, report.documents, report.lists) == (1, 1, 2)
    again = Replica(engine)
    again.load()
    assert_replica_is(again, board)
    assert any(change.kind is ChangeKind.WITHDRAWN for change in again.feed.read(0))


async def test_from_far_behind_and_then_woken_by_the_ledger(
    board: Board, anvil: AnvilLedger, ledger: Ledger, engine: Engine
) -> None:
    random, replica = Random(5), Replica(engine)
    replica.load()
    for _ in range(20):
        board.publish_something(random)
    anvil.ask("anvil_mine", hex(300))
    anvil.ask("evm_increaseTime", 60)  # so that the list was there a second before
    board.publish(REVOCATION, [7])
    revoked_at = anvil.now()
    following = asyncio.create_task(Follower(ledger, replica, board.contracts).run())
    try:
        async with asyncio.timeout(30):
            while replica.queries.freshness().confirmed_at == 0:
                await asyncio.sleep(0.02)
            assert_replica_is(replica, board)
            assert replica.queries.status(REVOCATION, 7).value == 1
            assert replica.queries.status(REVOCATION, 7, AsOf(known_at=revoked_at - 1)).value == 0
            suspend = issuer_registry.change_standing(1, Standing.SUSPENDED, "heard")
            seen = replica.feed.last_seq()
            await asyncio.to_thread(board.decide, suspend)
            assert await replica.feed.wait(seen, timeout=20)
        accreditation = replica.queries.accreditation(DID)
        assert accreditation is not None
        assert (accreditation.standing, accreditation.terms) == (Standing.SUSPENDED, TERMS)
    finally:
        following.cancel()
    assert (await audit(ledger, replica, board.contracts)).differences == ()
