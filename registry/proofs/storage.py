"""Where our contracts keep things (contracts/src), and what a word of storage is made of.

Slots follow from the order of declaration: two of ownership, two of EIP-712's fallback texts, then the
contract's own (the Council has no owner, the Directory signs nothing). A mapping's entry stands at
keccak256(key ‖ slot of the mapping). Members that share a word fill it from its low end.
"""

from __future__ import annotations

from registry.bindings.addresses import keccak256, parsed
from registry.bindings.issuer_registry import STANDINGS
from registry.governance import ProposalState
from registry.records import Standing, StatusPurpose

ISSUER_COUNT, _ISSUERS, _ID_OF_DID, _ID_OF_OPERATOR = 4, 5, 6, 7  # IssuerRegistry
_DIDS, _DID_HEADS = 4, 5  # DidRegistry
_LISTS, _LIST_HEADS = 4, 5  # StatusRegistry
COUNCIL, GOVERNORS, _IS_GOVERNOR, _RULES, _PROPOSALS, _APPROVED = 2, 3, 4, 5, 6, 7  # Council
_ENTRIES = 2  # Directory

_STANDING_CODES = {standing: code for code, standing in STANDINGS.items()}
_PROPOSAL_CODES = {
    ProposalState.OPEN: 1,
    ProposalState.EXECUTED: 2,
    ProposalState.CANCELLED: 3,
    ProposalState.VOIDED: 1,  # its epoch is over, which storage says once, of the council
}


def _entry(key: bytes, mapping: int) -> int:
    return int.from_bytes(keccak256(key + mapping.to_bytes(32, "big")), "big")


def _word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def _padded(address: str) -> bytes:
    return bytes(12) + parsed(address)


def _packed(*members: tuple[int, int]) -> int:
    """Numbers, each with its bits, from the low end on. Raises ValueError for one that does not fit."""
    word = place = 0
    for number, bits in members:
        if not 0 <= number < 1 << bits:
            raise ValueError(f"{number} does not fit into {bits} bits")
        word |= number << place
        place += bits
    return word


def _address(address: str) -> tuple[int, int]:
    return int.from_bytes(parsed(address), "big"), 160


# --- IssuerRegistry


def id_of_did_slot(did: str) -> int:
    return _entry(keccak256(did.encode()), _ID_OF_DID)


def id_of_operator_slot(operator: str) -> int:
    return _entry(_padded(operator), _ID_OF_OPERATOR)


def issuer_slots(issuer_id: int) -> tuple[int, int]:
    """Of the admin, validity and standing; of the hash of the terms."""
    first = _entry(_word(issuer_id), _ISSUERS)
    return first, (first + 2) % 2**256


def issuer_word(admin: str, valid_from: int, valid_until: int, standing: Standing) -> int:
    return _packed(_address(admin), (valid_from, 40), (valid_until, 40), (_STANDING_CODES[standing], 8))


# --- DidRegistry


def did_slots(did: str) -> tuple[int, int]:
    """Of the version; of the head, which binds the version too."""
    key = keccak256(did.encode())
    return _entry(key, _DIDS), _entry(key, _DID_HEADS)


def did_word(version: int, deactivated: bool) -> int:
    return _packed((version, 32), (deactivated, 8))


# --- StatusRegistry


def list_slots(uri: str) -> tuple[int, int]:
    """Of the list's shape; of its head."""
    key = keccak256(uri.encode())
    return _entry(key, _LISTS), _entry(key, _LIST_HEADS)


def list_word(  # noqa: PLR0917 - in the order they are stored
    issuer_id: int, size: int, seq: int, purpose: StatusPurpose, bits_per_entry: int, closed: bool
) -> int:
    return _packed((issuer_id, 32), (size, 32), (seq, 64), (int(purpose), 8), (bits_per_entry, 8), (closed, 8))


# --- Council


def council_word(epoch: int, quorum: int) -> int:
    return _packed((epoch, 32), (quorum, 16))


def governor_slot(place: int) -> int:
    return (int.from_bytes(keccak256(_word(GOVERNORS)), "big") + place) % 2**256


def is_governor_slot(account: str) -> int:
    return _entry(_padded(account), _IS_GOVERNOR)


def rule_slot(target: str, selector: bytes | None) -> int:
    """`selector` None: of all functions without a rule of their own."""
    return _entry((selector or bytes(4)).ljust(32, b"\0"), _entry(_padded(target), _RULES))


def rule_word(quorum: int, delay: int) -> int:
    return _packed((True, 8), (quorum, 16), (delay, 32))


def proposal_slot(proposal_id: bytes) -> int:
    return _entry(proposal_id, _PROPOSALS)


def proposal_word(proposer: str, approvals: int, ripe_at: int | None, state: ProposalState) -> int:
    return _packed(_address(proposer), (approvals, 16), (ripe_at or 0, 48), (_PROPOSAL_CODES[state], 8))


def approval_slot(proposal_id: bytes, governor: str) -> int:
    return _entry(_padded(governor), _entry(proposal_id, _APPROVED))


# --- Directory


def entry_slot(name: str) -> int:
    return _entry(keccak256(name.encode()), _ENTRIES)


def entry_word(target: str, version: int) -> int:
    return _packed(_address(target), (version, 32))
