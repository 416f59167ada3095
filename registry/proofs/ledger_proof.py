"""All that a receipt proves of the ledger at one block, as one value: what was claimed, and the evidence."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TypeVar

from registry import rlp
from registry.bindings.addresses import keccak256, parsed
from registry.proofs.claims import MAX_TEXT, DocumentClaim, EntryClaim, EntryFound, IssuerClaim, Word
from registry.proofs.errors import NotProven, ProofInvalid
from registry.proofs.headers import Header
from registry.proofs.registries import Registries
from registry.proofs.seals import Seal, Validators, check_seals, recognised
from registry.proofs.trie import Nodes
from registry.records import Accreditation, BlockStamp, PinnedDocument, Terms

FORMAT = 1
MAX_PACKED = 96 * 1024  # bytes
MAX_BYTES = 256 * 1024
MAX_CLAIMS = 64  # of a kind
MAX_HEADERS = 64

Key = TypeVar("Key")
Claimed = TypeVar("Claimed")


@dataclass(frozen=True, slots=True)
class LedgerProof:
    """`headers`: the block, and of Clique those built on it. `nodes`: of the state and storage tries."""

    headers: tuple[bytes, ...]
    nodes: tuple[bytes, ...]
    issuers: tuple[IssuerClaim, ...]
    documents: tuple[DocumentClaim, ...]
    entries: tuple[EntryClaim, ...]

    def packed(self) -> bytes:
        """To be carried about; `unpacked` is the reverse."""
        return zlib.compress(
            rlp.encode(
                [
                    FORMAT,
                    list(self.headers),
                    list(self.nodes),
                    [[one.did.encode(), _terms_item(one.terms)] for one in self.issuers],
                    [[one.did.encode(), one.previous_head or b"", one.document] for one in self.documents],
                    [_entry_item(one) for one in self.entries],
                ]
            ),
            9,
        )

    @classmethod
    def unpacked(cls, packed: bytes) -> LedgerProof:
        """Raises ProofInvalid. The work is bounded, whatever the bytes are."""
        if len(packed) > MAX_PACKED:
            raise ProofInvalid(f"{len(packed)} bytes are too many for a proof")
        inflate = zlib.decompressobj()
        try:
            raw = inflate.decompress(packed, MAX_BYTES)
            if not inflate.eof or inflate.unused_data:
                raise ProofInvalid("the proof is cut short, or too long")
            form, headers, nodes, issuers, documents, entries = rlp.decode_list(raw, MAX_BYTES)
            if rlp.number(form) != FORMAT:
                raise ProofInvalid("the proof is of a format that this version does not know")
            return cls(
                headers=tuple(rlp.octets(one) for one in _members(headers, MAX_HEADERS)),
                nodes=tuple(rlp.octets(one) for one in _members(nodes)),
                issuers=tuple(_issuer(one) for one in _members(issuers, MAX_CLAIMS)),
                documents=tuple(_document(one) for one in _members(documents, MAX_CLAIMS)),
                entries=tuple(_entry(one) for one in _members(entries, MAX_CLAIMS)),
            )
        except (zlib.error, ValueError) as error:
            raise ProofInvalid(f"the proof cannot be read: {error}") from error


@dataclass(frozen=True, slots=True)
class Proven:
    """What holds at a block. Asked for anything else, it raises NotProven."""

    stamp: BlockStamp
    seals: tuple[Seal, ...]  # empty: nobody's seal was looked at
    issuers: dict[str, Accreditation | None]
    documents: dict[str, PinnedDocument | None]
    entries: dict[tuple[str, int], EntryFound]

    def issuer(self, did: str) -> Accreditation | None:
        return _found(self.issuers, did, f"whether {did} is accredited")

    def document(self, did: str) -> PinnedDocument | None:
        return _found(self.documents, did, f"the DID document of {did}")

    def entry(self, uri: str, index: int) -> EntryFound:
        return _found(self.entries, (uri, index), f"entry {index} of {uri}")


def check(proof: LedgerProof, contracts: Registries, validators: Validators) -> Proven:
    """What the proof shows, to whoever trusts these validators and these contracts. Raises ProofInvalid."""
    headers = [Header.decode(raw) for raw in proof.headers]
    block_hash, seals = check_seals(headers, validators)
    return _checked(proof, contracts, headers[0], block_hash, seals)


def check_unsealed(proof: LedgerProof, contracts: Registries, known_hash: bytes | None = None) -> Proven:
    """What it shows of a block on which nobody's seal is looked at. Raises ProofInvalid.

    `known_hash`: of the block, to whoever knows it from elsewhere; else the block may be anybody's invention.
    """
    if not proof.headers:
        raise ProofInvalid("there is no block header")
    header = Header.decode(proof.headers[0])
    if known_hash is not None:
        recognised(header, known_hash)
    return _checked(proof, contracts, header, known_hash or keccak256(header.raw), ())


def _checked(
    proof: LedgerProof, contracts: Registries, header: Header, block_hash: bytes, seals: tuple[Seal, ...]
) -> Proven:
    stamp = BlockStamp(header.number, block_hash, header.time)
    nodes, root = Nodes(proof.nodes), header.state_root
    issuer_word = _words(nodes, root, contracts.issuer_registry)
    document_word = _words(nodes, root, contracts.did_registry)
    list_word = _words(nodes, root, contracts.status_registry)
    issuers = {one.did: one.check(issuer_word, stamp) for one in proof.issuers}
    by_id = {found.issuer_id: did for did, found in issuers.items() if found}
    proven = Proven(
        stamp=stamp,
        seals=seals,
        issuers=issuers,
        documents={one.did: one.check(document_word, stamp) for one in proof.documents},
        entries={
            (one.uri, one.index): one.check(list_word, stamp, lambda number: by_id.get(number, ""))
            for one in proof.entries
        },
    )
    if (len(proven.issuers), len(proven.documents), len(proven.entries)) != (
        len(proof.issuers),
        len(proof.documents),
        len(proof.entries),
    ):
        raise ProofInvalid("the proof says something twice")
    nodes.ensure_all_used()
    return proven


def storage_root(nodes: Nodes, state_root: bytes, contract: str) -> bytes:
    """Of a contract's storage, the third of its account's members. Raises ProofInvalid."""
    account = nodes.value(state_root, parsed(contract))
    if account is None:
        raise ProofInvalid(f"there is no contract {contract}")
    try:
        _, _, root, _ = rlp.decode_list(account)
        return rlp.octets(root, 32)
    except ValueError as error:
        raise ProofInvalid(f"the account of contract {contract} cannot be read: {error}") from error


def storage_word(nodes: Nodes, root: bytes, slot: int) -> int:
    """The word at a slot; 0: never written. Raises ProofInvalid."""
    value = nodes.value(root, slot.to_bytes(32, "big"))
    if value is None:
        return 0
    try:
        word = rlp.number(rlp.decode(value))
    except ValueError as error:
        raise ProofInvalid(f"a word of storage cannot be read: {error}") from error
    if not word:
        raise ProofInvalid("a word of storage is zero, which is never stored")
    return word


def _words(nodes: Nodes, state_root: bytes, contract: str) -> Word:
    """Read when first asked: a proof that claims nothing of a contract holds no node of it."""
    roots: list[bytes] = []

    def word(slot: int) -> int:
        if not roots:
            roots.append(storage_root(nodes, state_root, contract))
        return storage_word(nodes, roots[0], slot)

    return word


def _found(known: dict[Key, Claimed], key: Key, what: str) -> Claimed:
    if key not in known:
        raise NotProven(f"the proof does not show {what}")
    return known[key]


def _members(item: rlp.Decoded, most: int | None = None) -> list[rlp.Decoded]:
    if isinstance(item, bytes) or (most is not None and len(item) > most):
        raise rlp.MalformedRlp("no list, or too long a one")
    return item


def _text(item: rlp.Decoded, most: int = MAX_TEXT) -> str:
    raw = rlp.octets(item)
    if len(raw) > most:
        raise rlp.MalformedRlp("a text is too long")
    return raw.decode()  # its error is a ValueError


def _terms_item(terms: Terms | None) -> rlp.Item:
    if terms is None:
        return []
    return [
        terms.name.encode(),
        [one.encode() for one in terms.credential_types],
        [one.encode() for one in terms.jurisdictions],
        terms.valid_from,
        terms.valid_until,
    ]


def _entry_item(one: EntryClaim) -> rlp.Item:
    recorded: list[rlp.Item] = []
    if one.recorded is not None:
        recorded = [one.recorded.number, one.recorded.hash, one.recorded.time]
    return [one.uri.encode(), one.index, one.head_preimage, one.leaf, list(one.branch), recorded]


def _issuer(item: rlp.Decoded) -> IssuerClaim:
    did, terms = _members(item)
    if not _members(terms):
        return IssuerClaim(_text(did), None)
    name, types, jurisdictions, valid_from, valid_until = _members(terms)
    return IssuerClaim(
        _text(did),
        Terms(
            _text(name),
            tuple(_text(one) for one in _members(types, 256)),
            tuple(_text(one) for one in _members(jurisdictions, 256)),
            rlp.number(valid_from, 40),
            rlp.number(valid_until, 40),
        ),
    )


def _document(item: rlp.Decoded) -> DocumentClaim:
    did, head, document = _members(item)
    return DocumentClaim(_text(did), rlp.octets(head, 32) if head else None, rlp.octets(document))


def _entry(item: rlp.Decoded) -> EntryClaim:
    uri, index, preimage, leaf, branch, recorded = _members(item)
    stamp = None
    if _members(recorded):
        number, block_hash, time = _members(recorded)
        stamp = BlockStamp(rlp.number(number, 63), rlp.octets(block_hash, 32), rlp.number(time, 63))
    return EntryClaim(
        _text(uri),
        rlp.number(index, 32),
        rlp.octets(preimage),
        rlp.octets(leaf),
        tuple(rlp.octets(one, 32) for one in _members(branch, 32)),
        stamp,
    )
