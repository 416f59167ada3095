"""Logs as JSON-RPC gives them → events. By hand: this is where a replica's time goes.

Strict: a log is either exactly what our contracts emit, byte for byte, or it raises UndecodableEvent.
Whoever follows the ledger must stop at one of those: to go on would be to miss a change.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from registry.bindings.addresses import checksummed, keccak256
from registry.bindings.issuer_registry import STANDINGS, TERMS
from registry.events import (
    AdminChanged,
    DidDeactivated,
    DidDocumentPinned,
    DirectoryEntryChanged,
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
    ProposalRipening,
    RuleChanged,
    StandingChanged,
    StatusListClosed,
    StatusListCreated,
    StatusListMoved,
    StatusPublished,
    TermsChanged,
)
from registry.records import StatusPurpose, Terms

RawLog = dict[str, Any]
"""`address`, `topics` and `data` as `eth_getLogs` gives them: hexadecimal with 0x."""

WORD = 32


class UndecodableEvent(ValueError):
    """The log is none that our contracts emit."""


def decode(log: RawLog) -> LedgerEvent:
    """The event of one log. Raises UndecodableEvent."""
    try:
        texts = log["topics"]
        if not texts:
            raise UndecodableEvent("a log of ours has topics")
        topics = [*map(_common_word, texts[:2]), *map(_word, texts[2:])]
        indexed, build = _EVENTS[topics[0]]
        if len(topics) != indexed + 1:
            raise UndecodableEvent(f"{len(topics)} topics, expected {indexed + 1}")
        return build(_contract(log["address"]), topics, _octets(log["data"]))
    except KeyError as error:
        raise UndecodableEvent(f"no such event or member: {error}") from error
    except (TypeError, ValueError) as error:
        raise UndecodableEvent(str(error)) from error


# --- one function an event: (contract address, topics, data) → event


def _issuer_accredited(_: bytes, topics: list[bytes], data: bytes) -> IssuerAccredited:
    body = _Tail(data, 3)
    did = body.text(0)
    terms = body.terms(2)
    body.finish()
    _named(topics[2], did)
    return IssuerAccredited(_uint(topics[1], 32), did, _address(data[32:64]), terms)


def _terms_changed(_: bytes, topics: list[bytes], data: bytes) -> TermsChanged:
    body = _Tail(data, 1)
    terms = body.terms(0)
    body.finish()
    return TermsChanged(_uint(topics[1], 32), terms)


def _standing_changed(_: bytes, topics: list[bytes], data: bytes) -> StandingChanged:
    body = _Tail(data, 1)
    reason = body.text(0)
    body.finish()
    standing = STANDINGS.get(_uint(topics[2], 8))
    if standing is None:
        raise UndecodableEvent("no such standing")
    return StandingChanged(_uint(topics[1], 32), standing, reason)


def _operator_changed(_: bytes, topics: list[bytes], data: bytes) -> OperatorChanged:
    return OperatorChanged(_uint(topics[1], 32), _address(topics[2]), _bool(_exactly(data, 1)))


def _admin_changed(_: bytes, topics: list[bytes], data: bytes) -> AdminChanged:
    return AdminChanged(_uint(topics[1], 32), _address(topics[2]), _bool(_exactly(data, 1)))


def _did_document_pinned(_: bytes, topics: list[bytes], data: bytes) -> DidDocumentPinned:
    body = _Tail(data, 3)
    did = body.text(1)
    document = body.octets(2)
    body.finish()
    _named(topics[1], did)
    return DidDocumentPinned(did, _uint(topics[2], 32), data[:32], document)


def _did_deactivated(_: bytes, topics: list[bytes], data: bytes) -> DidDeactivated:
    body = _Tail(data, 2)
    did = body.text(1)
    body.finish()
    _named(topics[1], did)
    return DidDeactivated(did, _uint(topics[2], 32), data[:32])


def _status_list_created(_: bytes, topics: list[bytes], data: bytes) -> StatusListCreated:
    body = _Tail(data, 6)
    uri = body.text(5)
    body.finish()
    _named(topics[1], uri)
    return StatusListCreated(
        list_id=topics[1],
        issuer_id=_uint(topics[2], 32),
        size=_uint(data[0:32], 32),
        purpose=StatusPurpose(_uint(data[32:64], 8)),
        bits_per_entry=_uint(data[64:96], 8),
        head=data[96:128],
        root=data[128:160],
        uri=uri,
    )


def _status_published(_: bytes, topics: list[bytes], data: bytes) -> StatusPublished:
    # Nearly all events are of this kind: what `_Tail` does, written out for its one member of variable length.
    length = int.from_bytes(data[128:160], "big")
    stop = 160 + length
    if len(data) != stop + -length % WORD or data[96:128] != _AFTER_FOUR_WORDS or any(data[stop:]):
        raise UndecodableEvent("the delta is not where and as long as it should be, or not padded with zeros")
    _, list_id, seq = topics
    return StatusPublished(
        list_id, _uint(seq, 64), data[0:32], data[32:64], _uint(data[64:96], 48), data[160:stop]
    )


_AFTER_FOUR_WORDS = (4 * WORD).to_bytes(WORD, "big")


def _status_list_closed(_: bytes, topics: list[bytes], data: bytes) -> StatusListClosed:
    return StatusListClosed(topics[1], _uint(_exactly(data, 1), 64))


def _status_list_moved(_: bytes, topics: list[bytes], data: bytes) -> StatusListMoved:
    _exactly(data, 0)
    return StatusListMoved(topics[1], _uint(topics[2], 32), _uint(topics[3], 32))


def _proposal_made(contract: bytes, topics: list[bytes], data: bytes) -> ProposalMade:
    body = _Tail(data, 4)
    call = body.octets(3)
    body.finish()
    return ProposalMade(
        proposal_id=topics[1],
        council=checksummed(contract),
        proposer=_address(topics[2]),
        target=_address(topics[3]),
        epoch=_uint(data[0:32], 32),
        expires_at=_uint(data[32:64], 48),
        salt=data[64:96],
        data=call,
    )


def _proposal_approved(_: bytes, topics: list[bytes], data: bytes) -> ProposalApproved:
    return ProposalApproved(topics[1], _address(topics[2]), _uint(_exactly(data, 1), 16))


def _proposal_ripening(_: bytes, topics: list[bytes], data: bytes) -> ProposalRipening:
    return ProposalRipening(topics[1], _uint(_exactly(data, 1), 48))


def _proposal_executed(_: bytes, topics: list[bytes], data: bytes) -> ProposalExecuted:
    _exactly(data, 0)
    return ProposalExecuted(topics[1])


def _proposal_cancelled(_: bytes, topics: list[bytes], data: bytes) -> ProposalCancelled:
    _exactly(data, 0)
    return ProposalCancelled(topics[1])


def _members_changed(contract: bytes, topics: list[bytes], data: bytes) -> MembersChanged:
    body = _Tail(data, 2)
    governors = body.addresses(1)
    body.finish()
    return MembersChanged(checksummed(contract), _uint(topics[1], 32), _uint(data[0:32], 16), governors)


def _rule_changed(contract: bytes, topics: list[bytes], data: bytes) -> RuleChanged:
    _exactly(data, 2)
    if any(topics[3][4:]):
        raise UndecodableEvent("not a selector")
    return RuleChanged(
        checksummed(contract),
        _uint(topics[1], 32),
        _address(topics[2]),
        topics[3][:4],
        _uint(data[0:32], 16),
        _uint(data[32:64], 32),
    )


def _directory_entry_changed(_: bytes, topics: list[bytes], data: bytes) -> DirectoryEntryChanged:
    body = _Tail(data, 1)
    name = body.text(0)
    body.finish()
    _named(topics[1], name)
    return DirectoryEntryChanged(name, _uint(topics[2], 32), _address(topics[3]))


def _ownership_offered(contract: bytes, topics: list[bytes], data: bytes) -> OwnershipOffered:
    _exactly(data, 0)
    _address(topics[1])
    return OwnershipOffered(checksummed(contract), _address(topics[2]))


def _ownership_transferred(contract: bytes, topics: list[bytes], data: bytes) -> OwnershipTransferred:
    _exactly(data, 0)
    _address(topics[1])
    return OwnershipTransferred(checksummed(contract), _address(topics[2]))


# --- the members that have a place of their own


def _octets(hexadecimal: str) -> bytes:
    octets = bytes.fromhex(hexadecimal[2:])
    if hexadecimal[:2] != "0x" or len(hexadecimal) != 2 + 2 * len(octets):  # fromhex skips white space
        raise UndecodableEvent("not hexadecimal with 0x")
    return octets


# Of few contracts over and over: and whoever asks for logs names those.
_contract = lru_cache(maxsize=16)(_octets)


def _word(hexadecimal: str) -> bytes:
    octets = _octets(hexadecimal)
    if len(octets) != WORD:
        raise UndecodableEvent("a topic is one word")
    return octets


# What happened, and to which list: the same few over and over. Nothing but whole words is kept.
_common_word = lru_cache(maxsize=4096)(_word)


def _exactly(data: bytes, words: int) -> bytes:
    if len(data) != words * WORD:
        raise UndecodableEvent(f"{len(data)} bytes of data, expected {words * WORD}")
    return data


def _uint(word: bytes, bits: int) -> int:
    value = int.from_bytes(word, "big")
    if value >> bits:
        raise UndecodableEvent(f"{value} does not fit {bits} bits")
    return value


def _bool(word: bytes) -> bool:
    return _uint(word, 1) == 1


def _address(word: bytes) -> str:
    if any(word[:12]):
        raise UndecodableEvent("not an address")
    return checksummed(word[12:])


def _named(topic: bytes, name: str) -> None:
    """A list is indexed by the hash of its URL, an issuer by that of its DID."""
    if keccak256(name.encode()) != topic:
        raise UndecodableEvent(f"{name!r} is not what the topic names")


class _Tail:
    """The members of variable length. They follow the words of the head one after another, without gaps.

    So `end` is at once where the next member begins and the proof that it does: an offset that points
    elsewhere (back, ahead, into another member) is refused, and no byte is read twice.
    """

    __slots__ = ("data", "end")

    def __init__(self, data: bytes, head_words: int) -> None:
        self.data = data
        self.end = head_words * WORD
        if len(data) < self.end:
            raise UndecodableEvent(f"{len(data)} bytes of data, expected {self.end} or more")

    def finish(self) -> None:
        """Nothing may follow the last member."""
        if self.end != len(self.data):
            raise UndecodableEvent(f"{len(self.data) - self.end} bytes after the last member")

    def octets(self, word: int, base: int = 0) -> bytes:
        """The `bytes` whose offset from `base` stands in that word after `base`."""
        length = self._begin(word, base)
        start = self.end
        stop = start + length
        self.end = stop + -length % WORD
        if self.end > len(self.data) or any(self.data[stop : self.end]):
            raise UndecodableEvent("a member runs past the end, or is not padded with zeros")
        return self.data[start:stop]

    def text(self, word: int, base: int = 0) -> str:
        return self.octets(word, base).decode()

    def texts(self, word: int, base: int = 0) -> tuple[str, ...]:
        count = self._begin(word, base)
        start = self.end
        if count > (len(self.data) - start) // WORD:
            raise UndecodableEvent("an array runs past the end")
        self.end += count * WORD
        return tuple(self.text(index, start) for index in range(count))

    def addresses(self, word: int) -> tuple[str, ...]:
        count = self._begin(word, 0)
        start = self.end
        if count > (len(self.data) - start) // WORD:
            raise UndecodableEvent("an array runs past the end")
        self.end += count * WORD
        return tuple(_address(self.data[at : at + WORD]) for at in range(start, self.end, WORD))

    def terms(self, word: int) -> Terms:
        """struct Terms: three offsets from its own beginning, two numbers, then the members."""
        self._expect(word, 0)
        base = self.end
        self.end += 5 * WORD
        if self.end > len(self.data):
            raise UndecodableEvent("the terms run past the end")
        return Terms(
            name=self.text(0, base),
            credential_types=self.texts(1, base),
            jurisdictions=self.texts(2, base),
            valid_from=_uint(self.data[base + 96 : base + 128], 40),
            valid_until=_uint(self.data[base + 128 : base + 160], 40),
        )

    def _expect(self, word: int, base: int) -> None:
        at = base + word * WORD
        if int.from_bytes(self.data[at : at + WORD], "big") != self.end - base:
            raise UndecodableEvent("an offset does not point to where its member is")

    def _begin(self, word: int, base: int) -> int:
        """Moves to just after the length of the member, and returns the length."""
        self._expect(word, base)
        start = self.end
        self.end += WORD
        if self.end > len(self.data):
            raise UndecodableEvent("a member runs past the end")
        return int.from_bytes(self.data[start : self.end], "big")


# --- which is which

_Builder = Callable[[bytes, list[bytes], bytes], LedgerEvent]

_SIGNATURES: dict[str, tuple[int, _Builder]] = {  # → how many members are indexed
    f"IssuerAccredited(uint32,bytes32,string,address,{TERMS})": (2, _issuer_accredited),
    f"TermsChanged(uint32,{TERMS})": (1, _terms_changed),
    "StandingChanged(uint32,uint8,string)": (2, _standing_changed),
    "OperatorChanged(uint32,address,bool)": (2, _operator_changed),
    "AdminChanged(uint32,address,bool)": (2, _admin_changed),
    "DidDocumentPinned(bytes32,uint32,bytes32,string,bytes)": (2, _did_document_pinned),
    "DidDeactivated(bytes32,uint32,bytes32,string)": (2, _did_deactivated),
    "StatusListCreated(bytes32,uint32,uint32,uint8,uint8,bytes32,bytes32,string)": (2, _status_list_created),
    "StatusPublished(bytes32,uint64,bytes32,bytes32,uint48,bytes)": (2, _status_published),
    "StatusListClosed(bytes32,uint64)": (1, _status_list_closed),
    "StatusListMoved(bytes32,uint32,uint32)": (3, _status_list_moved),
    "ProposalMade(bytes32,address,address,uint32,uint48,bytes32,bytes)": (3, _proposal_made),
    "ProposalApproved(bytes32,address,uint16)": (2, _proposal_approved),
    "ProposalRipening(bytes32,uint48)": (1, _proposal_ripening),
    "ProposalExecuted(bytes32)": (1, _proposal_executed),
    "ProposalCancelled(bytes32)": (1, _proposal_cancelled),
    "MembersChanged(uint32,uint16,address[])": (1, _members_changed),
    "RuleChanged(uint32,address,bytes4,uint16,uint32)": (3, _rule_changed),
    "EntryChanged(bytes32,uint32,address,string)": (3, _directory_entry_changed),
    "OwnershipTransferStarted(address,address)": (2, _ownership_offered),
    "OwnershipTransferred(address,address)": (2, _ownership_transferred),
}
TOPICS: dict[str, bytes] = {signature: keccak256(signature.encode()) for signature in _SIGNATURES}
"""The first topic of every event: its signature's hash."""

_EVENTS: dict[bytes, tuple[int, _Builder]] = {
    TOPICS[signature]: entry for signature, entry in _SIGNATURES.items()
}
