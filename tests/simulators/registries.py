"""The contracts, freshly deployed on a bare ledger, and who may call them."""

from __future__ import annotations

from dataclasses import dataclass

import coincurve
import pytest

from registry import status_delta
from registry.bindings import deployment, issuer_registry, status_registry
from registry.bindings.addresses import ContractAddresses, checksummed, keccak256
from registry.bindings.decoder import decode
from registry.bindings.deployment import Founding
from registry.bindings.did_registry import DidRegistry
from registry.bindings.errors import refusal
from registry.bindings.issuer_registry import IssuerRegistry
from registry.bindings.status_registry import StatusRegistry, StatusUpdate, list_id_of
from registry.events import LedgerEvent, OwnershipTransferred
from registry.records import StatusPurpose, Terms
from tests.simulators.anvil import AnvilLedger, Mined, Reverted
from tests.simulators.council import decision, outcome

DID = "did:web:board.example"
OTHER_DID = "did:web:other.example"
URI = "https://board.example/status/revocation"

SIZE = 131_072
TERMS = Terms("Board of Nursing – Zürich 🩺", ("NursingLicense", "x"), ("US-CO", "CH-ZH"), 0, 2**40 - 1)

ROOT, EMPTY = b"\x01" * 32, b"\x02" * 32


class Key:
    """A secp256k1 key that signs digests."""

    def __init__(self, secret: int) -> None:
        self._key = coincurve.PrivateKey.from_int(secret)
        self.address = checksummed(keccak256(self._key.public_key.format(compressed=False)[1:])[12:])

    def sign(self, digest: bytes) -> bytes:
        signature = self._key.sign_recoverable(digest, hasher=None)
        return signature[:64] + bytes([27 + signature[64]])


GOVERNOR, ADMIN, OPERATOR, OTHER_ADMIN, OTHER_OPERATOR, FRESH, ANYONE = (Key(number) for number in range(1, 8))


@dataclass(frozen=True)
class Registries:
    """Freshly deployed, with two accredited boards (1 and 2)."""

    ledger: AnvilLedger
    contracts: ContractAddresses

    def send(self, sender: Key, contract: str, data: bytes) -> list[LedgerEvent]:
        """What the governor sends goes through its council, where it is alone."""
        if sender is not GOVERNOR:
            return events(self.ledger.send(sender.address, contract, data))
        proposal = decision(contract, data, self.ledger.now())
        return outcome(events(self.ledger.send(sender.address, self.contracts.council, proposal)))

    def issuers(self, sender: Key, data: bytes) -> list[LedgerEvent]:
        return self.send(sender, self.contracts.issuer_registry, data)

    def dids(self, sender: Key, data: bytes) -> list[LedgerEvent]:
        return self.send(sender, self.contracts.did_registry, data)

    def statuses(self, sender: Key, data: bytes) -> list[LedgerEvent]:
        return self.send(sender, self.contracts.status_registry, data)

    @property
    def issuer_registry(self) -> IssuerRegistry:
        return IssuerRegistry(self.contracts.issuer_registry, self.ledger.call)

    @property
    def did_registry(self) -> DidRegistry:
        return DidRegistry(self.contracts.did_registry, self.ledger.call)

    @property
    def status_registry(self) -> StatusRegistry:
        return StatusRegistry(self.contracts.status_registry, self.ledger.call)

    @property
    def chain_id(self) -> int:
        return int(self.ledger.ask("eth_chainId"), 16)

    def update(self, seq: int, *positions: int, uri: str = URI) -> StatusUpdate:
        return StatusUpdate(list_id_of(uri), seq, ROOT, self.ledger.now(), status_delta.encode(positions))

    def create(self, uri: str = URI, purpose: StatusPurpose = StatusPurpose.REVOCATION, bits: int = 1) -> None:
        data = status_registry.create(1, uri, size=SIZE, purpose=purpose, bits_per_entry=bits, empty_root=EMPTY)
        self.statuses(OPERATOR, data)


def deployed(ledger: AnvilLedger) -> Registries:
    """By the governor; the boards' keys are ADMIN and OPERATOR, OTHER_ADMIN and OTHER_OPERATOR."""
    nonce = int(ledger.ask("eth_getTransactionCount", GOVERNOR.address, "latest"), 16)
    plan = deployment.plan(GOVERNOR.address, nonce, Founding.alone(GOVERNOR.address))
    created = [ledger.send(GOVERNOR.address, None, creation) for creation in plan.creations]
    assert [mined.contract and mined.contract.lower() for mined in created] == [
        address.lower() for address in plan.contracts.all()
    ]
    told = {address: events(mined) for mined, address in zip(created, plan.contracts.all(), strict=True)}
    at = plan.contracts
    for address in (at.issuer_registry, at.did_registry, at.status_registry, at.directory):
        assert OwnershipTransferred(address, at.council) in told[address]
    made = Registries(ledger, plan.contracts)
    accredit = issuer_registry.accredit
    made.issuers(GOVERNOR, accredit(DID, ADMIN.address, OPERATOR.address, TERMS))
    made.issuers(GOVERNOR, accredit(OTHER_DID, OTHER_ADMIN.address, OTHER_OPERATOR.address, TERMS))
    return made


def events(mined: Mined) -> list[LedgerEvent]:
    return [decode(log) for log in mined.logs]


def refused(name: str, registry_call: object) -> None:
    """The call (a closure) must revert with that error."""
    assert callable(registry_call)
    with pytest.raises(Reverted) as caught:
        registry_call()
    assert refusal(caught.value.data).name == name
