"""What a ledger proof shows, one thing at a time: an accreditation, a DID document, an entry of a status list.

Storage holds hashes; a claim brings what was hashed. Pure, and bounded before any work is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from registry.bindings.addresses import keccak256
from registry.bindings.did_registry import MAX_DOCUMENT, next_head
from registry.bindings.issuer_registry import terms_hash
from registry.proofs import storage
from registry.proofs.errors import ProofInvalid
from registry.records import (
    Accreditation,
    BlockStamp,
    PinnedDocument,
    StatusListRecord,
    StatusReading,
    Terms,
)

Word = Callable[[int], int]
"""The word in a contract's storage at a slot, as proved; 0: nothing was ever written."""

MAX_TEXT = 2048  # characters of a DID or an address
LEAF = 32  # bytes


@dataclass(frozen=True, slots=True)
class IssuerClaim:
    """What an issuer is accredited for; `terms` None: it never was."""

    did: str
    terms: Terms | None

    def check(self, word: Word, stamp: BlockStamp) -> Accreditation | None:
        """The accreditation at that block. Raises ProofInvalid."""
        issuer_id = word(storage.id_of_did_slot(self.did))
        if (issuer_id == 0) != (self.terms is None):
            raise ProofInvalid(f"whether {self.did} is accredited is not as claimed")
        if self.terms is None:
            return None
        first, third = storage.issuer_slots(issuer_id)
        found = storage.IssuerWord.read(word(first))
        if word(third) != int.from_bytes(terms_hash(self.terms), "big"):
            raise ProofInvalid(f"the terms of {self.did} are not those on the ledger")
        if (found.valid_from, found.valid_until) != (self.terms.valid_from, self.terms.valid_until):
            raise ProofInvalid(f"the validity of {self.did} is not the one on the ledger")
        return Accreditation(issuer_id, self.did, self.terms, found.standing, found.admin, frozenset(), stamp)


@dataclass(frozen=True, slots=True)
class DocumentClaim:
    """The DID document pinned last; `previous_head` None: nothing was ever pinned."""

    did: str
    previous_head: bytes | None  # 32 bytes
    document: bytes  # empty: deactivated, or nothing pinned

    def check(self, word: Word, stamp: BlockStamp) -> PinnedDocument | None:
        """The document at that block. Raises ProofInvalid."""
        version_slot, head_slot = storage.did_slots(self.did)
        found = storage.DidWord.read(word(version_slot))
        if (found.version == 0) != (self.previous_head is None):
            raise ProofInvalid(f"whether a document of {self.did} is pinned is not as claimed")
        if self.previous_head is None:
            return None
        if len(self.document) > MAX_DOCUMENT or found.deactivated != (not self.document):
            raise ProofInvalid(f"the document of {self.did} is not the one pinned")
        head = next_head(self.previous_head, found.version, self.document)
        if word(head_slot) != int.from_bytes(head, "big"):
            raise ProofInvalid(f"the document of {self.did} is not the one pinned")
        return PinnedDocument(self.did, found.version, self.document, found.deactivated, head, stamp)


@dataclass(frozen=True, slots=True)
class EntryClaim:
    """The value of one entry of a status list. `head_preimage` empty: the ledger knows no such list."""

    uri: str
    index: int
    head_preimage: bytes  # what the head is the hash of: 6 words of a new list, 5 of an updated one
    leaf: bytes  # the 256 bits that the entry is among; empty: the list has no such entry
    branch: tuple[bytes, ...]  # siblings, from the leaf up
    recorded: BlockStamp | None
    """When the list was last updated: the word of whoever made the proof, as storage does not say."""

    def check(self, word: Word, stamp: BlockStamp, did_of: Callable[[int], str]) -> EntryFound:
        """The entry at that block. Raises ProofInvalid."""
        shape_slot, head_slot = storage.list_slots(self.uri)
        shape, head = word(shape_slot), word(head_slot)
        if not shape or not self.head_preimage:
            if shape or self.head_preimage:
                raise ProofInvalid(f"whether there is a status list {self.uri} is not as claimed")
            return EntryFound(None, None)
        found = storage.ListWord.read(shape)
        if keccak256(self.head_preimage) != head.to_bytes(32, "big"):
            raise ProofInvalid(f"the head of {self.uri} is not the one on the ledger")
        root, effective_at = self._bound(found.seq)
        recorded = self.recorded
        if recorded is None or recorded.number > stamp.number or recorded.time > stamp.time:
            raise ProofInvalid(f"{self.uri} was updated after the block")
        record = StatusListRecord(
            list_id=keccak256(self.uri.encode()),
            uri=self.uri,
            issuer_id=found.issuer_id,
            issuer_did=did_of(found.issuer_id),
            size=found.size,
            purpose=found.purpose,
            bits_per_entry=found.bits_per_entry,
            seq=found.seq,
            head=head.to_bytes(32, "big"),
            root=root,
            closed=found.closed,
            intact=True,
            effective_at=recorded.time if effective_at is None else effective_at,
            stamp=recorded,
        )
        if self.index >= found.size:
            return EntryFound(record, None)
        return EntryFound(record, StatusReading(self.index, self._value(found, root), None, record))

    def _bound(self, seq: int) -> tuple[bytes, int | None]:
        """The root that the head binds, and since when its update holds."""
        words = [self.head_preimage[i : i + 32] for i in range(0, len(self.head_preimage), 32)]
        if seq == 0 and len(self.head_preimage) == 6 * 32:  # listId, issuerId, size, purpose, bits, root
            return words[5], None
        if seq and len(self.head_preimage) == 5 * 32 and int.from_bytes(words[1], "big") == seq:
            # previous head, seq, hash of the delta, root, effectiveAt
            return words[3], int.from_bytes(words[4], "big")
        raise ProofInvalid(f"the head of {self.uri} is not of its last update")

    def _value(self, shape: storage.ListWord, root: bytes) -> int:
        """The entry's value, from its leaf and the Merkle branch up to the root (see `replica.bitmaps`)."""
        position, width = self.index * shape.bits_per_entry, shape.bits_per_entry
        node = shape.size * width // (8 * LEAF) + position // (8 * LEAF)
        if len(self.leaf) != LEAF or len(self.branch) != node.bit_length() - 1:
            raise ProofInvalid(f"the branch of entry {self.index} has another length")
        digest = sha256(b"\0" + self.leaf).digest()
        for sibling in self.branch:
            pair = sibling + digest if node & 1 else digest + sibling
            digest, node = sha256(b"\1" + pair).digest(), node >> 1
        if digest != root:
            raise ProofInvalid(f"the branch of entry {self.index} does not lead to the root on the ledger")
        start = position % (8 * LEAF)
        return self.leaf[start >> 3] >> (8 - width - (start & 7)) & ((1 << width) - 1)


@dataclass(frozen=True, slots=True)
class EntryFound:
    """`record` None: no such list; `reading` None: the list has no such entry."""

    record: StatusListRecord | None
    reading: StatusReading | None
