"""A contract is replaced while nodes run: they follow its successor without a restart, and lose nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine

from registry import status_delta
from registry.audit import audit
from registry.bindings import council, deployment, directory, issuer_registry, status_registry
from registry.bindings.abi import encoded
from registry.bindings.addresses import ContractAddresses, checksummed, parsed
from registry.bindings.compiled import artifact
from registry.bindings.deployment import Founding
from registry.bindings.status_registry import StatusUpdate, list_id_of
from registry.chain import Ledger
from registry.follower import Follower
from registry.records import AsOf, StatusPurpose, Terms
from registry.replica.bitmaps import Bitmap
from registry.replica.replica import Replica
from tests.simulators.anvil import AnvilLedger
from tests.simulators.council import decision

DID, URI, NEW_URI = "did:web:board.example", "https://board.example/1", "https://board.example/2"
SIZE = 4096
GOVERNOR, ADMIN, OPERATOR, HEIR = ("0x" + digit * 40 for digit in "3456")
TERMS = Terms("Board of Nursing", ("NursingLicence",), ("US-CO",), 0, 2**40 - 1)


@dataclass
class Network:
    """A council of one, a board, and a replica that follows."""

    anvil: AnvilLedger
    contracts: ContractAddresses
    ledger: Ledger
    replica: Replica
    follower: Follower
    bits: Bitmap

    def decide(self, target: str, data: bytes) -> None:
        self.anvil.send(GOVERNOR, self.contracts.council, decision(target, data, self.anvil.now()))

    def create(self, registry: str, uri: str, bits: Bitmap) -> None:
        data = status_registry.create(
            1, uri, size=SIZE, purpose=StatusPurpose.REVOCATION, bits_per_entry=1, empty_root=bits.root()
        )
        self.anvil.send(OPERATOR, registry, data)

    def revoke(self, registry: str, uri: str, seq: int, bits: Bitmap, position: int) -> None:
        bits.set(position)
        update = StatusUpdate(
            list_id_of(uri), seq, bits.root(), self.anvil.now(), status_delta.encode([position])
        )
        self.anvil.send(OPERATOR, registry, status_registry.publish(update))

    def new_registry(self) -> str:
        arguments = encoded(
            ("address", "address"), (parsed(self.contracts.issuer_registry), parsed(self.contracts.council))
        )
        mined = self.anvil.send(GOVERNOR, None, artifact("StatusRegistry").bytecode + arguments)
        assert mined.contract
        return checksummed(parsed(mined.contract))


@pytest.fixture
async def network(anvil: AnvilLedger, engine: Engine) -> AsyncIterator[Network]:
    plan = deployment.plan(GOVERNOR, 0, Founding.alone(GOVERNOR))
    for creation in plan.creations:
        anvil.send(GOVERNOR, None, creation)
    ledger = await Ledger.connect(str(anvil._http.base_url), poll=0.05)
    replica = Replica(engine)
    replica.load()
    made = Network(
        anvil, plan.contracts, ledger, replica, Follower(ledger, replica, plan.contracts), Bitmap(SIZE)
    )
    made.decide(plan.contracts.issuer_registry, issuer_registry.accredit(DID, ADMIN, OPERATOR, TERMS))
    made.create(plan.contracts.status_registry, URI, made.bits)
    made.revoke(plan.contracts.status_registry, URI, 1, made.bits, 5)
    yield made
    await ledger.close()


async def test_a_status_registry_is_replaced_while_a_replica_runs(network: Network, engine: Engine) -> None:
    it, old = network, network.contracts.status_registry
    following = asyncio.create_task(it.follower.run())
    new = it.new_registry()
    it.create(new, URI, it.bits)  # prepared before anybody follows it
    fresh = Bitmap(SIZE)
    it.create(new, NEW_URI, fresh)
    it.decide(it.contracts.directory, directory.set_entry("StatusRegistry", new))
    switched = it.anvil.ask("eth_blockNumber")
    it.revoke(old, URI, 2, it.bits.copy(), 99)  # the old contract is nobody any more
    it.revoke(new, URI, 1, it.bits, 6)
    it.revoke(new, NEW_URI, 1, fresh, 7)
    head = int(it.anvil.ask("eth_blockNumber"), 16)
    async with asyncio.timeout(20):
        while (cursor := it.replica.cursor) is None or cursor.number < head:
            await asyncio.sleep(0.02)
    following.cancel()

    assert it.replica.queries.contracts(it.contracts).status_registry == new
    values = {index: it.replica.queries.status(URI, index).value for index in (5, 6, 99)}
    assert values == {5: 1, 6: 1, 99: 0}
    before = it.replica.queries.status(URI, 6, AsOf(block=int(switched, 16) - 1))
    assert (before.value, before.list.intact) == (0, True)
    assert it.replica.queries.status(NEW_URI, 7).value == 1
    assert it.replica.queries.bits(URI).seq == 1  # type: ignore[union-attr] # it is there: read above

    # One that comes later, or has to start anew, sees the same.
    report = await audit(it.ledger, it.replica, it.contracts)
    assert report.differences == ()
    again = Replica(engine)
    again.load()
    assert again.state.governance == it.replica.state.governance
    assert again.queries.status(URI, 6).value == 1
    await asyncio.to_thread(again.rewind, int(switched, 16) - 1)
    assert again.queries.contracts(it.contracts).status_registry == old


async def test_a_council_hands_over_to_another(network: Network) -> None:
    """Its successor's members were named before it was: they are known from the block that names it."""
    it, at = network, network.contracts
    founding = encoded(council.CONSTRUCTOR, ([parsed(HEIR)], 1, []))
    mined = it.anvil.send(GOVERNOR, None, artifact("Council").bytecode + founding)
    assert mined.contract
    heir = checksummed(parsed(mined.contract))
    it.decide(at.directory, directory.set_entry("Council", heir))
    await it.follower.catch_up()
    membership = it.replica.queries.membership()
    assert membership and (membership.council, membership.governors) == (heir, (checksummed(parsed(HEIR)),))
    assert it.replica.queries.proposals()[-1].council == at.council
    assert (await audit(it.ledger, it.replica, at)).differences == ()
