"""What a ledger proof claims of an entry of a status list. As the other claims: whole, pure, and bounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from registry.bindings.addresses import keccak256
from registry.proofs import storage
from registry.proofs.errors import ProofInvalid
from registry.records import BlockStamp, StatusListRecord, StatusPurpose, StatusReading

LEAF = 32  # bytes


@dataclass(frozen=True, slots=True)
class Creation:
    """What the head of a list never updated is made of, besides its shape: who created it."""

    issuer_id: int


@dataclass(frozen=True, slots=True)
class LastUpdate:
    """What the head of an updated list is made of, besides its sequence number and root."""

    previous_head: bytes  # 32 bytes
    delta_hash: bytes  # 32 bytes; empty while it is not known yet
    effective_at: int  # Unix seconds


@dataclass(frozen=True, slots=True)
class ListClaim:
    """A status list, but for its bits."""

    issuer_id: int
    size: int
    seq: int
    purpose: StatusPurpose
    bits_per_entry: int
    closed: bool
    last: Creation | LastUpdate
    recorded: BlockStamp
    """When it was last updated: the word of whoever made the proof, as storage does not say."""

    def head(self, uri: str, root: bytes) -> bytes:
        """See `heads.genesis_head` and `heads.next_head`."""
        it = self.last
        if isinstance(it, Creation):
            numbers = (it.issuer_id, self.size, int(self.purpose), self.bits_per_entry)
            return keccak256(keccak256(uri.encode()) + b"".join(map(_word, numbers)) + root)
        return keccak256(it.previous_head + _word(self.seq) + it.delta_hash + root + _word(it.effective_at))


@dataclass(frozen=True, slots=True)
class EntryClaim:
    """The value of one entry of a status list. `list` None: the ledger knows no such list."""

    uri: str
    index: int
    list: ListClaim | None
    leaf: bytes  # the 256 bits that the entry is among; empty: the list has no such entry
    branch: tuple[bytes, ...]  # siblings, from the leaf up
    root: bytes  # of a list that has no such entry; else it follows from the branch, and this is empty

    def words(self) -> Mapping[int, int]:
        """Raises ProofInvalid; ValueError for what no word of storage can hold."""
        shape_slot, head_slot = storage.list_slots(self.uri)
        it = self.list
        if it is None:
            if self.leaf or self.branch or self.root:
                raise ProofInvalid(f"there is no list {self.uri}, and yet a branch of it")
            return {shape_slot: 0}
        return {
            shape_slot: storage.list_word(
                it.issuer_id, it.size, it.seq, it.purpose, it.bits_per_entry, it.closed
            ),
            head_slot: int.from_bytes(it.head(self.uri, self._root(it)), "big"),
        }

    def found(self, stamp: BlockStamp, registry: str, did_of: Callable[[int], str]) -> EntryFound:
        """As that contract had it at that block. Raises ProofInvalid."""
        it = self.list
        if it is None:
            return EntryFound(None, None)
        recorded, root = it.recorded, self._root(it)
        if recorded.number > stamp.number or recorded.time > stamp.time:
            raise ProofInvalid(f"{self.uri} was updated after the block")
        record = StatusListRecord(
            list_id=keccak256(self.uri.encode()),
            uri=self.uri,
            issuer_id=it.issuer_id,
            issuer_did=did_of(it.issuer_id),
            size=it.size,
            purpose=it.purpose,
            bits_per_entry=it.bits_per_entry,
            seq=it.seq,
            head=it.head(self.uri, root),
            root=root,
            closed=it.closed,
            intact=True,
            effective_at=recorded.time if isinstance(it.last, Creation) else it.last.effective_at,
            stamp=recorded,
            registry=registry,
        )
        if self.index >= it.size:
            return EntryFound(record, None)
        width = it.bits_per_entry
        start = self.index * width % (8 * LEAF)
        value = self.leaf[start >> 3] >> (8 - width - (start & 7)) & ((1 << width) - 1)
        return EntryFound(record, StatusReading(self.index, value, None, record))

    def _root(self, it: ListClaim) -> bytes:
        """Where the leaf and its branch lead (see `replica.bitmaps`). Raises ProofInvalid."""
        if self.index >= it.size:
            if self.leaf or self.branch or len(self.root) != LEAF:
                raise ProofInvalid(f"{self.uri} has no entry {self.index}, and yet a branch to it")
            return self.root
        width = it.bits_per_entry
        node = it.size * width // (8 * LEAF) + self.index * width // (8 * LEAF)
        if len(self.leaf) != LEAF or len(self.branch) != node.bit_length() - 1 or self.root:
            raise ProofInvalid(f"the branch of entry {self.index} has another length")
        digest = sha256(b"\0" + self.leaf).digest()
        for sibling in self.branch:
            pair = sibling + digest if node & 1 else digest + sibling
            digest, node = sha256(b"\1" + pair).digest(), node >> 1
        return digest


@dataclass(frozen=True, slots=True)
class EntryFound:
    """`record` None: no such list; `reading` None: the list has no such entry."""

    record: StatusListRecord | None
    reading: StatusReading | None


def _word(number: int) -> bytes:
    return number.to_bytes(32, "big")
