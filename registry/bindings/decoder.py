"""Logs as JSON-RPC gives them → events.

Strict: a log is either exactly what our contracts emit, byte for byte, or it raises UndecodableEvent.
Whoever follows the ledger must stop at one of those: to go on would be to miss a change.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from struct import Struct
from typing import Any

from registry.bindings import event_builders as of
from registry.bindings.addresses import keccak256
from registry.bindings.event_data import WORD, UndecodableEvent, octets, uint, word
from registry.bindings.issuer_registry import TERMS
from registry.events import LedgerEvent, StatusPublished

__all__ = ["TOPICS", "RawLog", "UndecodableEvent", "decode"]

RawLog = dict[str, Any]
"""`address`, `topics` and `data` as `eth_getLogs` gives them: hexadecimal with 0x."""

# What happened, to which list, by which contract: the same few over and over. Nothing is kept but whole words,
# and contracts that somebody asked for.
_common_word = lru_cache(maxsize=4096)(word)
_contract = lru_cache(maxsize=16)(octets)


def decode(log: RawLog) -> LedgerEvent:
    """The event of one log. Raises UndecodableEvent."""
    try:
        texts = log["topics"]
        if not texts:
            raise UndecodableEvent("a log of ours has topics")
        topics = [*map(_common_word, texts[:2]), *map(word, texts[2:])]
        indexed, event_of = _EVENTS[topics[0]]
        if len(topics) != indexed + 1:
            raise UndecodableEvent(f"{len(topics)} topics, expected {indexed + 1}")
        return event_of(_contract(log["address"]), topics, octets(log["data"]))
    except KeyError as error:
        raise UndecodableEvent(f"no such event or member: {error}") from error
    except (TypeError, ValueError) as error:
        raise UndecodableEvent(str(error)) from error


def _status_published(_: bytes, topics: list[bytes], data: bytes) -> StatusPublished:
    """Nearly all events are of this kind: so what `Tail` does is written out for its one member."""
    if len(data) < _PUBLISHED.size:
        raise UndecodableEvent(f"{len(data)} bytes of data, expected {_PUBLISHED.size} or more")
    head, root, time_above, effective_at, offset, length_above, length = _PUBLISHED.unpack_from(data)
    start, padding = _PUBLISHED.size, -length % WORD
    stop = start + length
    if offset != _AFTER_FOUR_WORDS or length_above != _NOTHING or len(data) != stop + padding:
        raise UndecodableEvent("the delta is not where and as long as it should be")
    if data[stop:] != _ZEROS[:padding]:
        raise UndecodableEvent("the delta is not padded with zeros")
    if time_above != _NOTHING or effective_at >> 48:
        raise UndecodableEvent("the time does not fit 48 bits")
    return StatusPublished(topics[1], uint(topics[2], 64), head, root, effective_at, data[start:stop])


_PUBLISHED = Struct(">32s32s24sQ32s24sQ")  # head, root, effectiveAt, offset of the delta, its length
_AFTER_FOUR_WORDS = (4 * WORD).to_bytes(WORD, "big")
_NOTHING = bytes(24)  # above a number of 8 bytes
_ZEROS = bytes(WORD)


# --- which is which

_Builder = Callable[[bytes, list[bytes], bytes], LedgerEvent]

_SIGNATURES: dict[str, tuple[int, _Builder]] = {  # → how many members are indexed
    f"IssuerAccredited(uint32,bytes32,string,address,{TERMS})": (2, of.issuer_accredited),
    f"TermsChanged(uint32,{TERMS})": (1, of.terms_changed),
    "StandingChanged(uint32,uint8,string)": (2, of.standing_changed),
    "OperatorChanged(uint32,address,bool)": (2, of.operator_changed),
    "AdminChanged(uint32,address,bool)": (2, of.admin_changed),
    "DidDocumentPinned(bytes32,uint32,bytes32,string,bytes)": (2, of.did_document_pinned),
    "DidDeactivated(bytes32,uint32,bytes32,string)": (2, of.did_deactivated),
    "StatusListCreated(bytes32,uint32,uint32,uint8,uint8,bytes32,bytes32,string)": (
        2,
        of.status_list_created,
    ),
    "StatusPublished(bytes32,uint64,bytes32,bytes32,uint48,bytes)": (2, _status_published),
    "StatusListClosed(bytes32,uint64)": (1, of.status_list_closed),
    "StatusListMoved(bytes32,uint32,uint32)": (3, of.status_list_moved),
    "ProposalMade(bytes32,address,address,uint32,uint48,bytes32,bytes)": (3, of.proposal_made),
    "ProposalApproved(bytes32,address,uint16)": (2, of.proposal_approved),
    "ProposalRipening(bytes32,uint48)": (1, of.proposal_ripening),
    "ProposalExecuted(bytes32)": (1, of.proposal_executed),
    "ProposalCancelled(bytes32)": (1, of.proposal_cancelled),
    "MembersChanged(uint32,uint16,address[])": (1, of.members_changed),
    "RuleChanged(uint32,address,bytes4,uint16,uint32)": (3, of.rule_changed),
    "EntryChanged(bytes32,uint32,address,string)": (3, of.directory_entry_changed),
    "OwnershipTransferStarted(address,address)": (2, of.ownership_offered),
    "OwnershipTransferred(address,address)": (2, of.ownership_transferred),
}
TOPICS: dict[str, bytes] = {signature: keccak256(signature.encode()) for signature in _SIGNATURES}
"""The first topic of every event: its signature's hash."""

_EVENTS: dict[bytes, tuple[int, _Builder]] = {
    TOPICS[signature]: entry for signature, entry in _SIGNATURES.items()
}
