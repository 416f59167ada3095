"""The contracts as a plain model: what they accept, the events they emit, and all their past.

Written for being obviously right, not quick: bits are a list of integers, hashes go through eth_abi, and a
question about the past replays the updates.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from eth_abi.abi import encode
from sha3 import keccak_256

from registry import status_delta
from registry.bindings.addresses import checksummed
from registry.events import (
    AdminChanged,
    DidDeactivated,
    DidDocumentPinned,
    IssuerAccredited,
    LedgerEvent,
    OperatorChanged,
    StandingChanged,
    StatusListClosed,
    StatusListCreated,
    StatusListMoved,
    StatusPublished,
    TermsChanged,
)
from registry.records import Standing, StatusPurpose, Terms
from tests.simulators.council_model import CouncilModel

ZERO = "0x" + "00" * 20
TERMS_TYPE = "(string,string[],string[],uint40,uint40)"
STANDINGS = {Standing.ACTIVE: 1, Standing.SUSPENDED: 2, Standing.WITHDRAWN: 3}
ADMIN = "0x" + "11" * 20
TERMS = Terms("Colorado Board of Nursing", ("NursingLicence",), ("US-CO",), 0, 4_000_000_000)


def keccak(data: bytes) -> bytes:
    digest: bytes = keccak_256(data).digest()
    return digest


def merkle_root(bits: Sequence[int]) -> bytes:
    packed = int("".join(map(str, bits)), 2).to_bytes(len(bits) // 8, "big")
    words = len(packed) // 32
    nodes = [b""] * words + [sha256(b"\0" + packed[32 * w : 32 * w + 32]).digest() for w in range(words)]
    for node in range(words - 1, 0, -1):
        nodes[node] = sha256(b"\1" + nodes[2 * node] + nodes[2 * node + 1]).digest()
    return nodes[1]


@dataclass
class ListModel:
    uri: str
    issuer_id: int
    size: int
    purpose: StatusPurpose
    bits_per_entry: int
    head: bytes
    bits: list[int]
    updates: list[tuple[list[int], int]] = field(default_factory=list)  # (positions, effective at)
    closed: bool = False

    @property
    def list_id(self) -> bytes:
        return keccak(self.uri.encode())

    def bits_after(self, positions: Sequence[int]) -> list[int]:
        bits = list(self.bits)
        for position in positions:
            bits[position] = 1 if self.purpose is StatusPurpose.REVOCATION else 1 - bits[position]
        return bits

    def value(self, index: int, *, valid_at: int | None = None) -> tuple[int, int]:
        """(value, number of the update that gave it) by replaying the updates in effect by then."""
        width = self.bits_per_entry
        span = range(index * width, (index + 1) * width)
        value, changed = [0] * width, 0
        for seq, (positions, effective_at) in enumerate(self.updates, 1):
            if valid_at is not None and effective_at > valid_at:
                continue
            before = list(value)
            for position in positions:
                if position in span:
                    at = position - span.start
                    value[at] = 1 if self.purpose is StatusPurpose.REVOCATION else 1 - value[at]
            changed = seq if value != before else changed
        return int("".join(map(str, value)), 2), changed


class ContractsModel:
    """Each method does what the call of that name does, and returns the events it emits."""

    def __init__(self) -> None:
        self.dids: dict[int, str] = {}
        self.standings: dict[int, Standing] = {}
        self.admins: dict[int, str] = {}
        self.terms: dict[int, Terms] = {}
        self.operators: dict[str, int] = {}
        self.versions: dict[str, tuple[int, bytes]] = {}  # DID → (version, head)
        self.deactivated: set[str] = set()
        self.lists: dict[str, ListModel] = {}
        self.council = CouncilModel(checksummed(b"\xa0" * 20))

    def copy(self) -> ContractsModel:
        return copy.deepcopy(self)

    def accredit(self, did: str, terms: Terms = TERMS) -> list[LedgerEvent]:
        issuer_id = len(self.dids) + 1
        self.dids[issuer_id] = did
        self.standings[issuer_id] = Standing.ACTIVE
        self.admins[issuer_id] = ADMIN
        self.terms[issuer_id] = terms
        operator = f"0x{issuer_id:040d}"
        return [IssuerAccredited(issuer_id, did, ADMIN, terms), *self.set_operator(issuer_id, operator, True)]

    def set_terms(self, issuer_id: int, terms: Terms) -> list[LedgerEvent]:
        self.terms[issuer_id] = terms
        return [TermsChanged(issuer_id, terms)]

    def change_standing(self, issuer_id: int, standing: Standing, reason: str = "") -> list[LedgerEvent]:
        self.standings[issuer_id] = standing
        return [StandingChanged(issuer_id, standing, reason)]

    def set_operator(self, issuer_id: int, operator: str, enabled: bool) -> list[LedgerEvent]:
        """Enabling takes a key that acts for nobody, disabling one of the issuer's own."""
        if enabled:
            assert operator not in self.operators
            self.operators[operator] = issuer_id
        else:
            assert self.operators.pop(operator) == issuer_id
        return [OperatorChanged(issuer_id, operator, enabled)]

    def change_admin(self, issuer_id: int, admin: str, recovered: bool = False) -> list[LedgerEvent]:
        self.admins[issuer_id] = admin
        return [AdminChanged(issuer_id, admin, recovered)]

    def pin(self, did: str, document: bytes) -> list[LedgerEvent]:
        version, head = self._next_version(did, document)
        return [DidDocumentPinned(did, version, head, document)]

    def deactivate(self, did: str) -> list[LedgerEvent]:
        version, head = self._next_version(did, b"")
        self.deactivated.add(did)
        return [DidDeactivated(did, version, head)]

    def create(
        self,
        issuer_id: int,
        uri: str,
        size: int = 256,
        purpose: StatusPurpose = StatusPurpose.REVOCATION,
        bits_per_entry: int = 1,
    ) -> list[LedgerEvent]:
        bits = [0] * (size * bits_per_entry)
        root, list_id = merkle_root(bits), keccak(uri.encode())
        head = keccak(
            encode(
                ["bytes32", "uint32", "uint32", "uint8", "uint8", "bytes32"],
                [list_id, issuer_id, size, int(purpose), bits_per_entry, root],
            )
        )
        self.lists[uri] = ListModel(uri, issuer_id, size, purpose, bits_per_entry, head, bits)
        return [StatusListCreated(list_id, issuer_id, size, purpose, bits_per_entry, head, root, uri)]

    def publish(self, uri: str, positions: Sequence[int], effective_at: int) -> list[LedgerEvent]:
        """Bit positions, ascending; none: a heartbeat."""
        it = self.lists[uri]
        bits = it.bits_after(positions)
        return self.publish_raw(uri, status_delta.encode(positions), merkle_root(bits), effective_at)

    def publish_raw(self, uri: str, delta: bytes, root: bytes, effective_at: int) -> list[LedgerEvent]:
        """As the contract does it: the root is the publisher's word, nobody checks it."""
        it = self.lists[uri]
        positions = status_delta.decode(delta, len(it.bits))
        it.bits = it.bits_after(positions)
        it.updates.append((positions, effective_at))
        seq = len(it.updates)
        it.head = keccak(
            encode(
                ["bytes32", "uint64", "bytes32", "bytes32", "uint48"],
                [it.head, seq, keccak(delta), root, effective_at],
            )
        )
        return [StatusPublished(it.list_id, seq, it.head, root, effective_at, delta)]

    def close(self, uri: str) -> list[LedgerEvent]:
        it = self.lists[uri]
        it.closed = True
        return [StatusListClosed(it.list_id, len(it.updates))]

    def move(self, uri: str, to_issuer: int) -> list[LedgerEvent]:
        it = self.lists[uri]
        from_issuer, it.issuer_id = it.issuer_id, to_issuer
        return [StatusListMoved(it.list_id, from_issuer, to_issuer)]

    def _next_version(self, did: str, document: bytes) -> tuple[int, bytes]:
        version, head = self.versions.get(did, (0, keccak(did.encode())))
        version += 1
        head = keccak(encode(["bytes32", "uint32", "bytes32"], [head, version, keccak(document)]))
        self.versions[did] = version, head
        return version, head

    # --- storage, as view functions return it

    def view(self, contract: str, name: str, argument: Any) -> tuple[tuple[str, ...], tuple[Any, ...]]:
        """(types, values) that a function of a contract ("issuers", "dids" or "lists") returns."""
        dids = {keccak(did.encode()): version for did, version in self.versions.items()}
        lists = {it.list_id: it for it in self.lists.values()}
        match contract, name:
            case "issuers", "issuer":
                types = ("(address,uint40,uint40,uint8,address,uint64,bytes32)",)
                if argument not in self.dids:
                    return types, ((ZERO, 0, 0, 0, ZERO, 0, bytes(32)),)
                terms = self.terms[argument]
                digest = keccak(encode([TERMS_TYPE], [as_tuple(terms)]))
                standing = STANDINGS[self.standings[argument]]
                until = terms.valid_until
                return types, ((self.admins[argument], terms.valid_from, until, standing, ZERO, 0, digest),)
            case "issuers", "issuerIdOfOperator":
                return ("uint32",), (self.operators.get(argument, 0),)
            case "dids", "head":
                return ("bytes32",), (dids[argument][1],)
            case "lists", "head":
                return ("bytes32",), (lists[argument].head if argument in lists else bytes(32),)
            case "lists", "list":
                types = ("(uint32,uint32,uint64,uint8,uint8,bool)",)
                it = lists.get(argument)
                if it is None:
                    return types, ((0, 0, 0, 0, 0, False),)
                seq, purpose = len(it.updates), int(it.purpose)
                return types, ((it.issuer_id, it.size, seq, purpose, it.bits_per_entry, it.closed),)
        raise NotImplementedError(contract, name)


def as_tuple(it: Terms) -> tuple[Any, ...]:
    return it.name, it.credential_types, it.jurisdictions, it.valid_from, it.valid_until
