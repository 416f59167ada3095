"""Every function of the contracts through the bindings, on a real ledger; every event from its raw log."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.bindings import did_registry, issuer_registry, ownership, signing, status_registry
from registry.bindings.addresses import keccak256
from registry.bindings.decoder import TOPICS, decode
from registry.bindings.did_registry import DidState
from registry.bindings.errors import refusal
from registry.bindings.status_registry import ListState, list_id_of
from registry.events import (
    AdminChanged,
    DidDeactivated,
    DidDocumentPinned,
    IssuerAccredited,
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
from registry.records import Standing, StatusPurpose
from tests.simulators.anvil import AnvilLedger, Reverted
from tests.simulators.registries import (
    ADMIN,
    ANYONE,
    DID,
    EMPTY,
    FRESH,
    GOVERNOR,
    OPERATOR,
    OTHER_OPERATOR,
    ROOT,
    SIZE,
    TERMS,
    URI,
    Registries,
    refused,
)

MESSAGES = "https://board.example/status/messages"

LEFT_TO_THE_COUNCIL = {  # what a council of one does not emit: see test_council.py
    "ProposalRipening(bytes32,uint48)",
    "ProposalCancelled(bytes32)",
    "RuleChanged(uint32,address,bytes4,uint16,uint32)",
}


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


async def test_ownership_moves_in_two_steps(registries: Registries) -> None:
    contract = registries.contracts.status_registry
    offered = registries.statuses(GOVERNOR, ownership.transfer_ownership(FRESH.address))
    assert offered == [OwnershipOffered(contract, FRESH.address)]
    assert await ownership.owner_of(contract, registries.ledger.call, "latest") == registries.contracts.council
    accepted = registries.statuses(FRESH, ownership.accept_ownership())
    assert accepted == [OwnershipTransferred(contract, FRESH.address)]
    assert await ownership.owner_of(contract, registries.ledger.call, "latest") == FRESH.address


def test_every_log_of_the_ledger_was_one_of_ours(ledger: AnvilLedger, registries: Registries) -> None:
    """All that the tests above have left behind decodes, and every kind of event has occurred."""
    logs = ledger.logs()
    assert all(decode(log) for log in logs)
    if len(logs) > 100:  # the whole module ran
        elsewhere = {f"0x{TOPICS[name].hex()}" for name in LEFT_TO_THE_COUNCIL}
        expected = {f"0x{topic.hex()}" for topic in TOPICS.values()} - elsewhere
        assert {log["topics"][0] for log in logs} - elsewhere == expected
