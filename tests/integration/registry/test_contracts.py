"""Every function of the contracts through the bindings, on a real ledger; every event from its raw log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import coincurve
import pytest

from registry import status_delta
from registry.bindings import deployment, did_registry, issuer_registry, ownership, signing, status_registry
from registry.bindings.addresses import ContractAddresses, checksummed, keccak256
from registry.bindings.decoder import TOPICS, decode
from registry.bindings.deployment import Founding
from registry.bindings.did_registry import DidRegistry, DidState
from registry.bindings.errors import refusal
from registry.bindings.issuer_registry import IssuerRegistry
from registry.bindings.status_registry import ListState, StatusRegistry, StatusUpdate, list_id_of
from registry.events import (
    AdminChanged,
    DidDeactivated,
    DidDocumentPinned,
    IssuerAccredited,
    LedgerEvent,
    OperatorChanged,
    OwnershipOffered,
    OwnershipTransferred,
    StandingChanged,
    StatusListClosed,
    StatusListCreated,
    StatusListMoved,
    StatusPublished,
    TermsChanged,
)
from registry.records import Standing, StatusPurpose, Terms
from tests.simulators.anvil import AnvilLedger, Mined, Reverted, running_anvil
from tests.simulators.council import decision, outcome

DID = "did:web:board.example"
OTHER_DID = "did:web:other.example"
URI = "https://board.example/status/revocation"
MESSAGES = "https://board.example/status/messages"
SIZE = 131_072
TERMS = Terms("Board of Nursing – Zürich 🩺", ("NursingLicense", "x"), ("US-CO", "CH-ZH"), 0, 2**40 - 1)
LEFT_TO_THE_COUNCIL = {  # what a council of one does not emit: see test_council.py
    "ProposalRipening(bytes32,uint48)",
    "ProposalCancelled(bytes32)",
    "RuleChanged(uint32,address,bytes4,uint16,uint32)",
}
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


def events(mined: Mined) -> list[LedgerEvent]:
    return [decode(log) for log in mined.logs]


@pytest.fixture(scope="module")
def ledger(anvil_binary: Path) -> Iterator[AnvilLedger]:
    with running_anvil(anvil_binary) as running:
        yield running


@pytest.fixture
def registries(ledger: AnvilLedger) -> Registries:
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


def refused(name: str, registry_call: object) -> None:
    """The call (a closure) must revert with that error."""
    assert callable(registry_call)
    with pytest.raises(Reverted) as caught:
        registry_call()
    assert refusal(caught.value.data).name == name


# --- IssuerRegistry


async def test_accreditation(registries: Registries) -> None:
    did = "did:web:third.example"
    found = registries.issuers(GOVERNOR, issuer_registry.accredit(did, ANYONE.address, FRESH.address, TERMS))
    assert found == [
        IssuerAccredited(3, did, ANYONE.address, TERMS),
        OperatorChanged(3, FRESH.address, True),
    ]
    registry = registries.issuer_registry
    state = await registry.issuer(3, "latest")
    assert state is not None
    assert (state.admin, state.standing, state.pending_admin) == (ANYONE.address, Standing.ACTIVE, None)
    assert (state.valid_from, state.valid_until) == (TERMS.valid_from, TERMS.valid_until)
    assert state.terms_hash == issuer_registry.terms_hash(TERMS)
    assert await registry.issuer(9, "latest") is None
    assert await registry.issuer_id_of_did(did, "latest") == 3
    assert await registry.issuer_id_of_did("did:web:nobody", "latest") == 0
    assert await registry.issuer_id_of_operator(FRESH.address, "latest") == 3
    assert await registry.issuer_id_of_operator(ANYONE.address, "latest") == 0


async def test_reads_name_their_block(registries: Registries) -> None:
    before = int(registries.ledger.ask("eth_blockNumber"), 16)
    registries.issuers(GOVERNOR, issuer_registry.change_standing(1, Standing.SUSPENDED, ""))
    then = await registries.issuer_registry.issuer(1, before)
    now = await registries.issuer_registry.issuer(1, "latest")
    assert then and now
    assert (then.standing, now.standing) == (Standing.ACTIVE, Standing.SUSPENDED)


def test_terms_and_standing(registries: Registries) -> None:
    terms = replace(TERMS, name="Renamed", jurisdictions=())
    assert registries.issuers(GOVERNOR, issuer_registry.set_terms(1, terms)) == [TermsChanged(1, terms)]
    for standing, reason in [
        (Standing.SUSPENDED, "audit – ongoing"),
        (Standing.ACTIVE, ""),
        (Standing.WITHDRAWN, "merged"),
    ]:
        data = issuer_registry.change_standing(1, standing, reason)
        assert registries.issuers(GOVERNOR, data) == [StandingChanged(1, standing, reason)]
    back = issuer_registry.change_standing(1, Standing.ACTIVE, "")
    refused("InvalidStandingChange", lambda: registries.issuers(GOVERNOR, back))


async def test_operators(registries: Registries) -> None:
    registry = registries.issuer_registry
    found = registries.issuers(ADMIN, issuer_registry.set_operator(1, FRESH.address, True))
    assert found == [OperatorChanged(1, FRESH.address, True)]
    await registry.require_operator(1, FRESH.address, "latest")
    await registry.require_admin(DID, ADMIN.address, "latest")
    await registry.require_admin_of(1, ADMIN.address, "latest")
    with pytest.raises(Reverted) as caught:
        await registry.require_operator(2, FRESH.address, "latest")
    assert refusal(caught.value.data).arguments == (2, FRESH.address.lower())

    found = registries.issuers(ADMIN, issuer_registry.rotate_operator(1, FRESH.address, ANYONE.address))
    assert found == [OperatorChanged(1, FRESH.address, False), OperatorChanged(1, ANYONE.address, True)]


async def test_signed_rotation_once(registries: Registries) -> None:
    state = await registries.issuer_registry.issuer(1, "latest")
    assert state
    deadline = registries.ledger.now() + 3600
    digest = signing.rotate_operator(
        1,
        OPERATOR.address,
        FRESH.address,
        nonce=state.nonce,
        deadline=deadline,
        chain_id=registries.chain_id,
        contract=registries.contracts.issuer_registry,
    )
    data = issuer_registry.rotate_operator_signed(
        1, OPERATOR.address, FRESH.address, deadline=deadline, signature=ADMIN.sign(digest)
    )
    assert registries.issuers(ANYONE, data) == [
        OperatorChanged(1, OPERATOR.address, False),
        OperatorChanged(1, FRESH.address, True),
    ]
    refused("InvalidSignature", lambda: registries.issuers(ANYONE, data))


async def test_admin_handed_over_and_recovered(registries: Registries) -> None:
    assert registries.issuers(ADMIN, issuer_registry.offer_admin(1, FRESH.address)) == []
    state = await registries.issuer_registry.issuer(1, "latest")
    assert state and state.pending_admin == FRESH.address
    found = registries.issuers(FRESH, issuer_registry.accept_admin(1))
    assert found == [AdminChanged(1, FRESH.address, False)]
    found = registries.issuers(GOVERNOR, issuer_registry.recover_admin(1, ANYONE.address))
    assert found == [AdminChanged(1, ANYONE.address, True)]


# --- DidRegistry


async def test_documents_are_chained(registries: Registries) -> None:
    registry, document = registries.did_registry, b'{"id":"did:web:board.example"}'
    assert await registry.did(DID, "latest") == DidState(0, False)
    start = keccak256(DID.encode())
    assert await registry.head(DID, "latest") == start

    first = did_registry.next_head(start, 1, document)
    found = registries.dids(ADMIN, did_registry.pin(DID, 1, document))
    assert found == [DidDocumentPinned(DID, 1, first, document)]

    deadline = registries.ledger.now() + 3600
    digest = signing.pin_did_document(
        DID,
        2,
        b"{}",
        prev_head=first,
        deadline=deadline,
        chain_id=registries.chain_id,
        contract=registries.contracts.did_registry,
    )
    signed = did_registry.pin_signed(
        DID, 2, b"{}", deadline=deadline, signer=ADMIN.address, signature=ADMIN.sign(digest)
    )
    second = did_registry.next_head(first, 2, b"{}")
    assert registries.dids(ANYONE, signed) == [DidDocumentPinned(DID, 2, second, b"{}")]
    refused("InvalidSignature", lambda: registries.dids(ANYONE, signed))

    last = did_registry.next_head(second, 3, b"")
    assert registries.dids(ADMIN, did_registry.deactivate(DID, 3)) == [DidDeactivated(DID, 3, last)]
    assert await registry.did(DID, "latest") == DidState(3, True)
    assert await registry.head(DID, "latest") == last


def test_a_document_of_the_largest_size_comes_back_whole(registries: Registries) -> None:
    document = bytes(range(256)) * (did_registry.MAX_DOCUMENT // 256)
    (found,) = registries.dids(ADMIN, did_registry.pin(DID, 1, document))
    assert isinstance(found, DidDocumentPinned)
    assert found.document == document
    too_long = did_registry.pin(DID, 2, document + b"x")
    refused("InvalidDocument", lambda: registries.dids(ADMIN, too_long))


# --- StatusRegistry


async def test_a_list_from_creation_to_close(registries: Registries) -> None:
    registry, list_id = registries.status_registry, list_id_of(URI)
    assert await registry.list(list_id, "latest") is None
    assert await registry.head(list_id, "latest") is None
    created = registries.statuses(
        OPERATOR,
        status_registry.create(
            1, URI, size=SIZE, purpose=StatusPurpose.REVOCATION, bits_per_entry=1, empty_root=EMPTY
        ),
    )
    genesis = await registry.head(list_id, "latest")
    assert genesis
    assert created == [StatusListCreated(list_id, 1, SIZE, StatusPurpose.REVOCATION, 1, genesis, EMPTY, URI)]

    update = registries.update(1, 5, 131_071)
    published = registries.statuses(OPERATOR, status_registry.publish(update))
    head = await registry.head(list_id, "latest")
    assert published == [StatusPublished(list_id, 1, head or b"", ROOT, update.effective_at, update.delta)]

    heartbeat = registries.update(2)
    (found,) = registries.statuses(OPERATOR, status_registry.publish(heartbeat))
    assert isinstance(found, StatusPublished) and found.delta == b""

    many = [registries.update(3, 6), registries.update(4, 7)]
    found_many = registries.statuses(OPERATOR, status_registry.publish_many(many))
    assert [event.seq for event in found_many if isinstance(event, StatusPublished)] == [3, 4]

    (emergency,) = registries.statuses(GOVERNOR, status_registry.publish_emergency(registries.update(5, 9)))
    assert isinstance(emergency, StatusPublished) and emergency.seq == 5
    assert await registry.list(list_id, "latest") == ListState(1, SIZE, 5, StatusPurpose.REVOCATION, 1, False)

    assert registries.statuses(ADMIN, status_registry.close(list_id)) == [StatusListClosed(list_id, 5)]
    after = status_registry.publish(registries.update(6, 1))
    refused("ListIsClosed", lambda: registries.statuses(OPERATOR, after))


async def test_a_signed_update_once(registries: Registries) -> None:
    registries.create()
    update, deadline = registries.update(1, 5), registries.ledger.now() + 3600
    head = await registries.status_registry.head(update.list_id, "latest")
    digest = signing.status_update(
        update,
        prev_head=head or b"",
        deadline=deadline,
        chain_id=registries.chain_id,
        contract=registries.contracts.status_registry,
    )
    data = status_registry.publish_signed(
        update, deadline=deadline, signer=OPERATOR.address, signature=OPERATOR.sign(digest)
    )
    (found,) = registries.statuses(ANYONE, data)
    assert isinstance(found, StatusPublished)
    refused("InvalidSignature", lambda: registries.statuses(ANYONE, data))


def test_a_list_moves_to_the_successor(registries: Registries) -> None:
    registries.create(MESSAGES, StatusPurpose.MESSAGE, bits=8)
    list_id = list_id_of(MESSAGES)
    assert registries.statuses(GOVERNOR, status_registry.move(list_id, 2)) == [StatusListMoved(list_id, 1, 2)]
    last = SIZE * 8 - 1
    registries.statuses(OTHER_OPERATOR, status_registry.publish(registries.update(1, last, uri=MESSAGES)))
    beyond = status_registry.publish(registries.update(2, last + 1, uri=MESSAGES))
    refused("InvalidDelta", lambda: registries.statuses(OTHER_OPERATOR, beyond))


def test_refusals_are_named(registries: Registries) -> None:
    registries.create()
    update = registries.update(1, 5)
    refused("NotOperator", lambda: registries.statuses(OTHER_OPERATOR, status_registry.publish(update)))
    skipped = status_registry.publish(replace(update, seq=2))
    refused("WrongSequence", lambda: registries.statuses(OPERATOR, skipped))
    future = status_registry.publish(replace(update, effective_at=2**48 - 1))
    refused("EffectiveInFuture", lambda: registries.statuses(OPERATOR, future))
    refused(
        "OwnableUnauthorizedAccount", lambda: registries.statuses(OPERATOR, status_registry.move(b"\1" * 32, 2))
    )


# --- ownership, and what only a hostile caller sends


async def test_ownership_moves_in_two_steps(registries: Registries) -> None:
    contract = registries.contracts.status_registry
    offered = registries.statuses(GOVERNOR, ownership.transfer_ownership(FRESH.address))
    assert offered == [OwnershipOffered(contract, FRESH.address)]
    assert await ownership.owner_of(contract, registries.ledger.call, "latest") == registries.contracts.council
    accepted = registries.statuses(FRESH, ownership.accept_ownership())
    assert accepted == [OwnershipTransferred(contract, FRESH.address)]
    assert await ownership.owner_of(contract, registries.ledger.call, "latest") == FRESH.address


def test_unusual_call_data_still_gives_a_log_we_can_read(registries: Registries) -> None:
    """One event that cannot be decoded would stop every replica, so no caller may be able to cause one.

    Offsets out of order, members apart from each other, padding that is not zero: the contract takes it,
    and writes the log in order all the same.
    """
    registries.create()
    usual = status_registry.publish(registries.update(1, 5))
    offset = 4 + 4 * 32
    moved = bytearray(usual[:offset] + (7 * 32).to_bytes(32, "big") + b"\xff" * 64 + usual[offset + 32 :])
    moved[-1] = 0xFF  # padding after the one byte of the delta
    (found,) = registries.statuses(OPERATOR, bytes(moved))
    assert isinstance(found, StatusPublished)
    assert found.delta == status_delta.encode([5])


@pytest.mark.parametrize("uri", [b"\xff\xfe", b"https://b\xc3", b"a b", b"\x00", b"", b"x" * 2049])
def test_an_address_that_is_no_text_never_reaches_the_log(registries: Registries, uri: bytes) -> None:
    """As above: an operator could otherwise stop every replica with one status list."""
    usual = status_registry.create(
        1, "", size=256, purpose=StatusPurpose.REVOCATION, bits_per_entry=1, empty_root=EMPTY
    )
    data = usual[:-32] + len(uri).to_bytes(32, "big") + uri + bytes(-len(uri) % 32)
    refused("InvalidUri", lambda: registries.statuses(OPERATOR, data))


def test_every_log_of_the_ledger_was_one_of_ours(ledger: AnvilLedger, registries: Registries) -> None:
    """All that the tests above have left behind decodes, and every kind of event has occurred."""
    logs = ledger.logs()
    assert all(decode(log) for log in logs)
    if len(logs) > 100:  # the whole module ran
        elsewhere = {f"0x{TOPICS[name].hex()}" for name in LEFT_TO_THE_COUNCIL}
        expected = {f"0x{topic.hex()}" for topic in TOPICS.values()} - elsewhere
        assert {log["topics"][0] for log in logs} - elsewhere == expected
