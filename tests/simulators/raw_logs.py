"""Events as the raw logs a ledger gives of them."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from eth_abi.abi import encode

from registry.bindings.addresses import ContractAddresses
from registry.bindings.decoder import TOPICS
from registry.chain import RawLog
from registry.events import (
    AdminChanged,
    DidDeactivated,
    DidDocumentPinned,
    IssuerAccredited,
    LedgerEvent,
    MembersChanged,
    OperatorChanged,
    OwnershipOffered,
    OwnershipTransferred,
    ProposalApproved,
    ProposalCancelled,
    ProposalExecuted,
    ProposalMade,
    RuleChanged,
    StandingChanged,
    StatusListClosed,
    StatusListCreated,
    StatusListMoved,
    StatusPublished,
    TermsChanged,
)
from registry.records import BlockStamp
from tests.simulators.contracts import STANDINGS, TERMS_TYPE, ZERO, as_tuple, keccak

CONTRACTS = ContractAddresses(*(f"0x{place * 20}" for place in ("a0", "a1", "a2", "a3", "a4", "a5")))


def _parts(e: LedgerEvent) -> tuple[str, str, list[tuple[str, Any]], list[tuple[str, Any]]]:
    """(contract, event name, indexed members, other members), each member as (type, value)."""
    issuers, dids, lists = CONTRACTS.issuer_registry, CONTRACTS.did_registry, CONTRACTS.status_registry
    match e:
        case IssuerAccredited():
            return (
                issuers,
                "IssuerAccredited",
                [("uint32", e.issuer_id), ("bytes32", keccak(e.did.encode()))],
                [("string", e.did), ("address", e.admin), (TERMS_TYPE, as_tuple(e.terms))],
            )
        case TermsChanged():
            return issuers, "TermsChanged", [("uint32", e.issuer_id)], [(TERMS_TYPE, as_tuple(e.terms))]
        case StandingChanged():
            standing = STANDINGS[e.standing]
            return (
                issuers,
                "StandingChanged",
                [("uint32", e.issuer_id), ("uint8", standing)],
                [("string", e.reason)],
            )
        case OperatorChanged():
            indexed = [("uint32", e.issuer_id), ("address", e.operator)]
            return issuers, "OperatorChanged", indexed, [("bool", e.enabled)]
        case AdminChanged():
            indexed = [("uint32", e.issuer_id), ("address", e.admin)]
            return issuers, "AdminChanged", indexed, [("bool", e.recovered)]
        case DidDocumentPinned():
            indexed = [("bytes32", keccak(e.did.encode())), ("uint32", e.version)]
            members = [("bytes32", e.head), ("string", e.did), ("bytes", e.document)]
            return dids, "DidDocumentPinned", indexed, members
        case DidDeactivated():
            indexed = [("bytes32", keccak(e.did.encode())), ("uint32", e.version)]
            return dids, "DidDeactivated", indexed, [("bytes32", e.head), ("string", e.did)]
        case StatusListCreated():
            members = [
                ("uint32", e.size),
                ("uint8", int(e.purpose)),
                ("uint8", e.bits_per_entry),
                ("bytes32", e.head),
                ("bytes32", e.root),
                ("string", e.uri),
            ]
            return lists, "StatusListCreated", [("bytes32", e.list_id), ("uint32", e.issuer_id)], members
        case StatusPublished():
            members = [
                ("bytes32", e.head),
                ("bytes32", e.root),
                ("uint48", e.effective_at),
                ("bytes", e.delta),
            ]
            return lists, "StatusPublished", [("bytes32", e.list_id), ("uint64", e.seq)], members
        case StatusListClosed():
            return lists, "StatusListClosed", [("bytes32", e.list_id)], [("uint64", e.seq)]
        case StatusListMoved():
            indexed = [("bytes32", e.list_id), ("uint32", e.from_issuer), ("uint32", e.to_issuer)]
            return lists, "StatusListMoved", indexed, []
        case MembersChanged():
            members = [("uint16", e.quorum), ("address[]", e.governors)]
            return e.council, "MembersChanged", [("uint32", e.epoch)], members
        case RuleChanged():
            indexed = [("uint32", e.epoch), ("address", e.target), ("bytes4", e.selector)]
            return e.council, "RuleChanged", indexed, [("uint16", e.quorum), ("uint32", e.delay)]
        case ProposalMade():
            indexed = [("bytes32", e.proposal_id), ("address", e.proposer), ("address", e.target)]
            members = [("uint32", e.epoch), ("uint48", e.expires_at), ("bytes32", e.salt), ("bytes", e.data)]
            return e.council, "ProposalMade", indexed, members
        case ProposalApproved():
            indexed = [("bytes32", e.proposal_id), ("address", e.governor)]
            return CONTRACTS.council, "ProposalApproved", indexed, [("uint16", e.approvals)]
        case ProposalExecuted() | ProposalCancelled():
            return CONTRACTS.council, type(e).__name__, [("bytes32", e.proposal_id)], []
        case OwnershipOffered():
            indexed = [("address", ZERO), ("address", e.owner)]
            return e.contract, "OwnershipTransferStarted", indexed, []
        case OwnershipTransferred():
            return e.contract, "OwnershipTransferred", [("address", ZERO), ("address", e.owner)], []
    raise NotImplementedError(type(e).__name__)


def raw_log(event: LedgerEvent, stamp: BlockStamp, index: int) -> RawLog:
    """The log of an event as `eth_getLogs` would give it."""
    contract, name, indexed, members = _parts(event)
    topic = next(it for signature, it in TOPICS.items() if signature.startswith(name + "("))
    return {
        "address": contract.lower(),
        "topics": ["0x" + it.hex() for it in (topic, *(encode([t], [v]) for t, v in indexed))],
        "data": "0x" + encode([t for t, _ in members], [v for _, v in members]).hex(),
        "blockNumber": hex(stamp.number),
        "blockHash": "0x" + stamp.hash.hex(),
        "transactionHash": "0x" + tx_hash(stamp).hex(),
        "logIndex": hex(index),
        "removed": False,
    }


def tx_hash(stamp: BlockStamp) -> bytes:
    return sha256(b"tx" + stamp.hash).digest()
