"""The three contracts as a plain model: what they accept, the events they emit, and all their past.

Written for being obviously right, not quick: bits are a list of integers, hashes go through eth_abi, and a
question about the past replays the updates.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from eth_abi.abi import encode
from sha3 import keccak_256

from registry import status_delta
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

ADMIN = "0x" + "11" * 20
OPERATOR = "0x" + "22" * 20
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
        self.versions: dict[str, tuple[int, bytes]] = {}  # DID → (version, head)
        self.lists: dict[str, ListModel] = {}

    def copy(self) -> ContractsModel:
        return copy.deepcopy(self)

    def accredit(self, did: str, terms: Terms = TERMS) -> list[LedgerEvent]:
        issuer_id = len(self.dids) + 1
        self.dids[issuer_id] = did
        self.standings[issuer_id] = Standing.ACTIVE
        return [IssuerAccredited(issuer_id, did, ADMIN, terms), OperatorChanged(issuer_id, OPERATOR, True)]

    def set_terms(self, issuer_id: int, terms: Terms) -> list[LedgerEvent]:
        return [TermsChanged(issuer_id, terms)]

    def change_standing(self, issuer_id: int, standing: Standing, reason: str = "") -> list[LedgerEvent]:
        self.standings[issuer_id] = standing
        return [StandingChanged(issuer_id, standing, reason)]

    def set_operator(self, issuer_id: int, operator: str, enabled: bool) -> list[LedgerEvent]:
        return [OperatorChanged(issuer_id, operator, enabled)]

    def change_admin(self, issuer_id: int, admin: str, recovered: bool = False) -> list[LedgerEvent]:
        return [AdminChanged(issuer_id, admin, recovered)]

    def pin(self, did: str, document: bytes) -> list[LedgerEvent]:
        version, head = self._next_version(did, document)
        return [DidDocumentPinned(did, version, head, document)]

    def deactivate(self, did: str) -> list[LedgerEvent]:
        version, head = self._next_version(did, b"")
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
