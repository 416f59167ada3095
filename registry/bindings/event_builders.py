"""One function for each kind of event: (contract address, topics, data) → event."""

from __future__ import annotations

from registry.bindings.addresses import checksummed
from registry.bindings.event_data import Tail, UndecodableEvent, address, boolean, exactly, named, uint
from registry.bindings.issuer_registry import STANDINGS
from registry.events import (
    AdminChanged,
    DidDeactivated,
    DidDocumentPinned,
    DirectoryEntryChanged,
    IssuerAccredited,
    MembersChanged,
    OperatorChanged,
    OwnershipOffered,
    OwnershipTransferred,
    ProposalApproved,
    ProposalCancelled,
    ProposalExecuted,
    ProposalMade,
    ProposalRipening,
    RuleChanged,
    StandingChanged,
    StatusListClosed,
    StatusListCreated,
    StatusListMoved,
    TermsChanged,
)
from registry.records import StatusPurpose


def issuer_accredited(_: bytes, topics: list[bytes], data: bytes) -> IssuerAccredited:
    body = Tail(data, 3)
    did = body.text(0)
    terms = body.terms(2)
    body.finish()
    named(topics[2], did)
    return IssuerAccredited(uint(topics[1], 32), did, address(data[32:64]), terms)


def terms_changed(_: bytes, topics: list[bytes], data: bytes) -> TermsChanged:
    body = Tail(data, 1)
    terms = body.terms(0)
    body.finish()
    return TermsChanged(uint(topics[1], 32), terms)


def standing_changed(_: bytes, topics: list[bytes], data: bytes) -> StandingChanged:
    body = Tail(data, 1)
    reason = body.text(0)
    body.finish()
    standing = STANDINGS.get(uint(topics[2], 8))
    if standing is None:
        raise UndecodableEvent("no such standing")
    return StandingChanged(uint(topics[1], 32), standing, reason)


def operator_changed(_: bytes, topics: list[bytes], data: bytes) -> OperatorChanged:
    return OperatorChanged(uint(topics[1], 32), address(topics[2]), boolean(exactly(data, 1)))


def admin_changed(_: bytes, topics: list[bytes], data: bytes) -> AdminChanged:
    return AdminChanged(uint(topics[1], 32), address(topics[2]), boolean(exactly(data, 1)))


def did_document_pinned(_: bytes, topics: list[bytes], data: bytes) -> DidDocumentPinned:
    body = Tail(data, 3)
    did = body.text(1)
    document = body.octets(2)
    body.finish()
    named(topics[1], did)
    return DidDocumentPinned(did, uint(topics[2], 32), data[:32], document)


def did_deactivated(_: bytes, topics: list[bytes], data: bytes) -> DidDeactivated:
    body = Tail(data, 2)
    did = body.text(1)
    body.finish()
    named(topics[1], did)
    return DidDeactivated(did, uint(topics[2], 32), data[:32])


def status_list_created(_: bytes, topics: list[bytes], data: bytes) -> StatusListCreated:
    body = Tail(data, 6)
    uri = body.text(5)
    body.finish()
    named(topics[1], uri)
    return StatusListCreated(
        list_id=topics[1],
        issuer_id=uint(topics[2], 32),
        size=uint(data[0:32], 32),
        purpose=StatusPurpose(uint(data[32:64], 8)),
        bits_per_entry=uint(data[64:96], 8),
        head=data[96:128],
        root=data[128:160],
        uri=uri,
    )


def status_list_closed(_: bytes, topics: list[bytes], data: bytes) -> StatusListClosed:
    return StatusListClosed(topics[1], uint(exactly(data, 1), 64))


def status_list_moved(_: bytes, topics: list[bytes], data: bytes) -> StatusListMoved:
    exactly(data, 0)
    return StatusListMoved(topics[1], uint(topics[2], 32), uint(topics[3], 32))


def proposal_made(contract: bytes, topics: list[bytes], data: bytes) -> ProposalMade:
    body = Tail(data, 4)
    call = body.octets(3)
    body.finish()
    return ProposalMade(
        proposal_id=topics[1],
        council=checksummed(contract),
        proposer=address(topics[2]),
        target=address(topics[3]),
        epoch=uint(data[0:32], 32),
        expires_at=uint(data[32:64], 48),
        salt=data[64:96],
        data=call,
    )


def proposal_approved(_: bytes, topics: list[bytes], data: bytes) -> ProposalApproved:
    return ProposalApproved(topics[1], address(topics[2]), uint(exactly(data, 1), 16))


def proposal_ripening(_: bytes, topics: list[bytes], data: bytes) -> ProposalRipening:
    return ProposalRipening(topics[1], uint(exactly(data, 1), 48))


def proposal_executed(_: bytes, topics: list[bytes], data: bytes) -> ProposalExecuted:
    exactly(data, 0)
    return ProposalExecuted(topics[1])


def proposal_cancelled(_: bytes, topics: list[bytes], data: bytes) -> ProposalCancelled:
    exactly(data, 0)
    return ProposalCancelled(topics[1])


def members_changed(contract: bytes, topics: list[bytes], data: bytes) -> MembersChanged:
    body = Tail(data, 2)
    governors = body.addresses(1)
    body.finish()
    return MembersChanged(checksummed(contract), uint(topics[1], 32), uint(data[0:32], 16), governors)


def rule_changed(contract: bytes, topics: list[bytes], data: bytes) -> RuleChanged:
    exactly(data, 2)
    if any(topics[3][4:]):
        raise UndecodableEvent("not a selector")
    return RuleChanged(
        checksummed(contract),
        uint(topics[1], 32),
        address(topics[2]),
        topics[3][:4],
        uint(data[0:32], 16),
        uint(data[32:64], 32),
    )


def directory_entry_changed(_: bytes, topics: list[bytes], data: bytes) -> DirectoryEntryChanged:
    body = Tail(data, 1)
    name = body.text(0)
    body.finish()
    named(topics[1], name)
    return DirectoryEntryChanged(name, uint(topics[2], 32), address(topics[3]))


def ownership_offered(contract: bytes, topics: list[bytes], data: bytes) -> OwnershipOffered:
    exactly(data, 0)
    address(topics[1])
    return OwnershipOffered(checksummed(contract), address(topics[2]))


def ownership_transferred(contract: bytes, topics: list[bytes], data: bytes) -> OwnershipTransferred:
    exactly(data, 0)
    address(topics[1])
    return OwnershipTransferred(checksummed(contract), address(topics[2]))
