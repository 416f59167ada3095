"""What a ledger proof claims, one thing at a time: an accreditation, a DID document (and `entry_claims`).

A claim is the whole of what it says, and names the words that storage holds if it is true (0: nothing was ever
written there). That storage does hold them is what the tries of the proof show. Pure, and bounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registry.bindings.did_registry import MAX_DOCUMENT, next_head
from registry.bindings.issuer_registry import terms_hash
from registry.proofs import storage
from registry.proofs.errors import ProofInvalid
from registry.records import Accreditation, BlockStamp, PinnedDocument, Standing, Terms


@dataclass(frozen=True, slots=True)
class Accredited:
    """What an issuer is accredited for."""

    issuer_id: int
    admin: str  # checksummed
    standing: Standing
    terms: Terms


@dataclass(frozen=True, slots=True)
class IssuerClaim:
    """`found` None: it never was accredited."""

    did: str
    found: Accredited | None

    def words(self) -> Mapping[int, int]:
        """Raises ValueError for what no word of storage can hold."""
        it = self.found
        if it is None:
            return {storage.id_of_did_slot(self.did): 0}
        first, third = storage.issuer_slots(it.issuer_id)
        return {
            storage.id_of_did_slot(self.did): it.issuer_id,
            first: storage.issuer_word(it.admin, it.terms.valid_from, it.terms.valid_until, it.standing),
            third: int.from_bytes(terms_hash(it.terms), "big"),
        }

    def accreditation(self, stamp: BlockStamp) -> Accreditation | None:
        """As it was at that block."""
        it = self.found
        if it is None:
            return None
        return Accreditation(it.issuer_id, self.did, it.terms, it.standing, it.admin, frozenset(), stamp)


@dataclass(frozen=True, slots=True)
class DocumentClaim:
    """The DID document pinned last. One word shows it: the head binds version and document."""

    did: str
    version: int  # 0: nothing was ever pinned
    previous_head: bytes  # 32 bytes; empty if nothing was ever pinned
    document: bytes  # empty: deactivated, or nothing pinned

    def words(self) -> Mapping[int, int]:
        """Raises ProofInvalid."""
        _, head_slot = storage.did_slots(self.did)
        if not self.version:
            return {head_slot: 0}
        if len(self.document) > MAX_DOCUMENT:
            raise ProofInvalid(f"the document of {self.did} is longer than any")
        return {head_slot: int.from_bytes(self._head(), "big")}

    def pinned(self, stamp: BlockStamp) -> PinnedDocument | None:
        """As it was at that block."""
        if not self.version:
            return None
        return PinnedDocument(self.did, self.version, self.document, not self.document, self._head(), stamp)

    def _head(self) -> bytes:
        return next_head(self.previous_head, self.version, self.document)
