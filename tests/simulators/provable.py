"""A sealed ledger in memory that holds issuers, documents and lists, and proves them as `collect` would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from registry import status_delta
from registry.bindings.addresses import keccak256
from registry.bindings.did_registry import next_head as next_document_head
from registry.bindings.issuer_registry import STANDINGS, terms_hash
from registry.proofs import storage
from registry.proofs.claims import DocumentClaim, EntryClaim, IssuerClaim
from registry.proofs.headers import Header
from registry.proofs.ledger_proof import LedgerProof
from registry.proofs.registries import Registries
from registry.proofs.seals import Consensus, Validators, block_hash
from registry.records import BlockStamp, Standing, StatusPurpose, Terms
from registry.replica.bitmaps import Bitmap
from tests.simulators.state_trie import Sealers, SimulatedState

CONTRACTS = Registries(*(f"0x{n:040x}" for n in (0xA1, 0xA2, 0xA3)))
_ALL = (CONTRACTS.issuer_registry, CONTRACTS.did_registry, CONTRACTS.status_registry)
TIME = 1_800_000_000


@dataclass
class _List:
    bits: Bitmap
    bits_per_entry: int
    size: int
    seq: int = 0
    preimage: bytes = b""


@dataclass
class ProvableLedger:
    """`consensus` seals its blocks; `time` is the block's."""

    consensus: Consensus = Consensus.QBFT
    validators: int = 4
    bystanders: int = 20
    time: int = TIME
    state: SimulatedState = field(init=False)
    terms: dict[str, Terms] = field(default_factory=dict)
    documents: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)  # previous head, document
    lists: dict[str, _List] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sealers = Sealers(self.consensus, self.validators)
        self.state = SimulatedState(CONTRACTS, bystanders=self.bystanders)

    @property
    def trusted(self) -> Validators:
        return Validators(self.consensus, frozenset(self.sealers.addresses))

    # --- what the contracts would do

    def accredit(self, did: str, terms: Terms, standing: Standing = Standing.ACTIVE) -> int:
        number = len(self.terms) + 1
        self.terms[did] = terms
        code = next(code for code, one in STANDINGS.items() if one is standing)
        admin = int.from_bytes(keccak256(did.encode())[:20], "big")
        first, third = storage.issuer_slots(number)
        self.state.issuers[storage.id_of_did_slot(did)] = number
        self.state.issuers[first] = admin | terms.valid_from << 160 | terms.valid_until << 200 | code << 240
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
        self.documents[did] = previous, documents[-1]

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
        it = _List(Bitmap(size * bits), bits, size)
        words = [keccak256(uri.encode()), *map(_word, (issuer, size, int(purpose), bits)), it.bits.root()]
        it.preimage = b"".join(words)
        for positions in updates:
            for position in positions:
                it.bits.flip(position)
            it.seq += 1
            delta = keccak256(status_delta.encode(sorted(positions)))
            head = keccak256(it.preimage)
            it.preimage = b"".join((head, _word(it.seq), delta, it.bits.root(), _word(self.time - 60)))
        self.lists[uri] = it
        shape_slot, head_slot = storage.list_slots(uri)
        self.state.lists[shape_slot] = issuer | size << 32 | it.seq << 64 | int(purpose) << 128 | bits << 136
        self.state.lists[head_slot] = int.from_bytes(keccak256(it.preimage), "big")

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
        issuers, documents, entries = list(issuers), list(documents), list(entries)
        self.state.build()
        numbers = {did: number for number, did in enumerate(self.terms, 1)}
        slots: dict[str, list[int]] = {
            contract: []
            for contract in (CONTRACTS.issuer_registry, CONTRACTS.did_registry, CONTRACTS.status_registry)
        }
        for did in issuers:
            slots[CONTRACTS.issuer_registry].append(storage.id_of_did_slot(did))
            slots[CONTRACTS.issuer_registry] += storage.issuer_slots(numbers[did]) if did in numbers else ()
        for did in documents:
            slots[CONTRACTS.did_registry] += storage.did_slots(did)[: 2 if did in self.documents else 1]
        for uri, _ in entries:
            slots[CONTRACTS.status_registry] += storage.list_slots(uri)
        nodes: list[bytes] = []
        for contract, wanted in slots.items():
            nodes += self.state.proof(contract, wanted) if wanted else []
        return LedgerProof(
            headers=tuple(self._headers()),
            nodes=tuple(dict.fromkeys(nodes)),
            issuers=tuple(IssuerClaim(did, self.terms.get(did)) for did in issuers),
            documents=tuple(DocumentClaim(did, *self.documents.get(did, (None, b""))) for did in documents),
            entries=tuple(self._entry(uri, index) for uri, index in entries),
        )

    def _headers(self) -> list[bytes]:
        length = self.trusted.quorum if self.consensus is Consensus.CLIQUE else 1
        return self.sealers.chain(self.state.root, length=length, time=self.time)

    def _entry(self, uri: str, index: int) -> EntryClaim:
        it = self.lists.get(uri)
        if it is None:
            return EntryClaim(uri, index, b"", b"", (), None)
        leaf, branch = it.bits.branch(index * it.bits_per_entry) if index < it.size else (b"", ())
        return EntryClaim(uri, index, it.preimage, leaf, branch, BlockStamp(3, bytes(32), self.time - 50))


def _word(number: int) -> bytes:
    return number.to_bytes(32, "big")
