"""A sealed ledger in memory that holds issuers, documents and lists, and proves them as `collect` would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from registry import status_delta
from registry.bindings.addresses import checksummed, keccak256
from registry.bindings.did_registry import next_head as next_document_head
from registry.bindings.issuer_registry import STANDINGS, terms_hash
from registry.proofs import storage
from registry.proofs.assembly import assembled
from registry.proofs.claims import Accredited, DocumentClaim, IssuerClaim
from registry.proofs.entry_claims import Creation, EntryClaim, LastUpdate, ListClaim
from registry.proofs.headers import Header
from registry.proofs.ledger_proof import LedgerProof, words_claimed
from registry.proofs.registries import Registries
from registry.proofs.seals import Consensus, Validators, block_hash
from registry.records import BlockStamp, Standing, StatusPurpose, Terms
from registry.replica.bitmaps import Bitmap
from tests.simulators.state_trie import Sealers, SimulatedState

CONTRACTS = Registries(*(f"0x{n:040x}" for n in (0xA1, 0xA2, 0xA3)))
TIME = 1_800_000_000


@dataclass
class _List:
    bits: Bitmap
    bits_per_entry: int
    size: int
    issuer: int
    purpose: StatusPurpose
    head: bytes
    last: Creation | LastUpdate
    seq: int = 0


@dataclass
class ProvableLedger:
    """`consensus` seals its blocks; `time` is the block's."""

    consensus: Consensus = Consensus.QBFT
    validators: int = 4
    bystanders: int = 20
    time: int = TIME
    state: SimulatedState = field(init=False)
    issuers: dict[str, Accredited] = field(default_factory=dict)
    documents: dict[str, tuple[int, bytes, bytes]] = field(default_factory=dict)  # version, head before, text
    lists: dict[str, _List] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sealers = Sealers(self.consensus, self.validators)
        self.state = SimulatedState(CONTRACTS, bystanders=self.bystanders)

    @property
    def trusted(self) -> Validators:
        return Validators(self.consensus, frozenset(self.sealers.addresses))

    # --- what the contracts would do

    def accredit(self, did: str, terms: Terms, standing: Standing = Standing.ACTIVE) -> int:
        number = len(self.issuers) + 1
        admin = checksummed(keccak256(did.encode())[:20])
        self.issuers[did] = Accredited(number, admin, standing, terms)
        code = next(code for code, one in STANDINGS.items() if one is standing)
        first, third = storage.issuer_slots(number)
        validity = terms.valid_from << 160 | terms.valid_until << 200
        self.state.issuers[storage.id_of_did_slot(did)] = number
        self.state.issuers[first] = int(admin, 16) | validity | code << 240
        self.state.issuers[third] = int.from_bytes(terms_hash(terms), "big")
        return number

    def pin(self, did: str, *documents: bytes) -> None:
        """Versions in order; an empty one deactivates."""
        head = previous = keccak256(did.encode())
        for version, document in enumerate(documents, 1):
            previous, head = head, next_document_head(head, version, document)
        version_slot, head_slot = storage.did_slots(did)
        self.state.documents[version_slot] = len(documents) | (not documents[-1]) << 32
        self.state.documents[head_slot] = int.from_bytes(head, "big")
        self.documents[did] = len(documents), previous, documents[-1]

    def create(
        self,
        uri: str,
        issuer: int,
        *,
        size: int = 1024,
        purpose: StatusPurpose = StatusPurpose.REVOCATION,
        bits: int = 1,
        updates: Iterable[Iterable[int]] = (),
    ) -> None:
        """A list, and its updates: positions to set or flip."""
        bitmap = Bitmap(size * bits)
        words = [keccak256(uri.encode()), *map(_word, (issuer, size, int(purpose), bits)), bitmap.root()]
        it = _List(bitmap, bits, size, issuer, purpose, keccak256(b"".join(words)), Creation(issuer))
        for positions in updates:
            for position in positions:
                it.bits.flip(position)
            it.seq += 1
            delta = keccak256(status_delta.encode(sorted(positions)))
            effective_at = self.time - 60
            it.last = LastUpdate(it.head, delta, effective_at)
            words = [it.head, _word(it.seq), delta, it.bits.root(), _word(effective_at)]
            it.head = keccak256(b"".join(words))
        self.lists[uri] = it
        shape_slot, head_slot = storage.list_slots(uri)
        self.state.lists[shape_slot] = issuer | size << 32 | it.seq << 64 | int(purpose) << 128 | bits << 136
        self.state.lists[head_slot] = int.from_bytes(it.head, "big")

    # --- what proves it

    def stamp(self) -> BlockStamp:
        header = Header.decode(self._headers()[0])
        return BlockStamp(header.number, block_hash(header, self.consensus), header.time)

    def proof(
        self,
        issuers: Iterable[str] = (),
        documents: Iterable[str] = (),
        entries: Iterable[tuple[str, int]] = (),
    ) -> LedgerProof:
        """Of these, whether the ledger has them or not."""
        self.state.build()
        claims = {
            "issuers": [IssuerClaim(did, self.issuers.get(did)) for did in issuers],
            "documents": [DocumentClaim(did, *self.documents.get(did, (0, b"", b""))) for did in documents],
            "entries": [self._entry(uri, index) for uri, index in entries],
        }
        nodes: list[bytes] = []
        for contract, words in words_claimed(CONTRACTS, **claims):
            nodes += self.state.proof(contract, list(words)) if words else []
        return assembled(self._headers(), nodes, CONTRACTS, **claims)

    def _headers(self) -> list[bytes]:
        length = self.trusted.quorum if self.consensus is Consensus.CLIQUE else 1
        return self.sealers.chain(self.state.root, length=length, time=self.time)

    def _entry(self, uri: str, index: int) -> EntryClaim:
        it = self.lists.get(uri)
        if it is None:
            return EntryClaim(uri, index, None, b"", (), b"")
        recorded = BlockStamp(3, bytes(32), self.time - 50)
        its_list = ListClaim(
            it.issuer, it.size, it.seq, it.purpose, it.bits_per_entry, False, it.last, recorded
        )
        if index >= it.size:
            return EntryClaim(uri, index, its_list, b"", (), it.bits.root())
        return EntryClaim(uri, index, its_list, *it.bits.branch(index * it.bits_per_entry), b"")


def _word(number: int) -> bytes:
    return number.to_bytes(32, "big")
