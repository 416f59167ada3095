"""A ledger proof as bytes to carry about, and strictly back. Whatever they are, the work is bounded."""

from __future__ import annotations

import zlib

from registry import rlp
from registry.proofs.claim_items import (
    document,
    document_item,
    entry,
    entry_item,
    issuer,
    issuer_item,
    members,
)
from registry.proofs.common_text import COMMON_TEXT
from registry.proofs.errors import ProofInvalid
from registry.proofs.ledger_proof import ContractProof, LedgerProof

FORMAT = 2
MAX_PACKED = 96 * 1024  # bytes
MAX_BYTES = 256 * 1024
MAX_CLAIMS = 64  # of a kind
MAX_HEADERS = 64


def packed(proof: LedgerProof) -> bytes:
    """`unpacked` is the reverse."""
    claims: list[rlp.Item] = [
        FORMAT,
        list(proof.headers),
        [issuer_item(one) for one in proof.issuers],
        [document_item(one) for one in proof.documents],
        [entry_item(one) for one in proof.entries],
    ]
    tries: list[rlp.Item] = [proof.state, [_contract_item(one) for one in proof.contracts]]
    deflate = zlib.compressobj(9, memLevel=9, zdict=COMMON_TEXT)
    return deflate.compress(rlp.encode([*claims, *tries])) + deflate.flush()


def unpacked(raw: bytes) -> LedgerProof:
    """Raises ProofInvalid."""
    if len(raw) > MAX_PACKED:
        raise ProofInvalid(f"{len(raw)} bytes are too many for a proof")
    inflate = zlib.decompressobj(zdict=COMMON_TEXT)
    try:
        content = inflate.decompress(raw, MAX_BYTES)
        if not inflate.eof or inflate.unused_data:
            raise ProofInvalid("the proof is cut short, or too long")
        form, *rest = rlp.decode_list(content, MAX_BYTES)
        if rlp.number(form) != FORMAT:
            raise ProofInvalid("the proof is of a format that this version does not know")
        headers, issuers, documents, entries, state, contracts = rest
        return LedgerProof(
            headers=tuple(rlp.octets(one) for one in members(headers, MAX_HEADERS)),
            state=rlp.octets(state),
            contracts=tuple(_contract(one) for one in members(contracts, 3)),
            issuers=tuple(issuer(one) for one in members(issuers, MAX_CLAIMS)),
            documents=tuple(document(one) for one in members(documents, MAX_CLAIMS)),
            entries=tuple(entry(one) for one in members(entries, MAX_CLAIMS)),
        )
    except (zlib.error, ValueError, KeyError) as error:
        raise ProofInvalid(f"the proof cannot be read: {error}") from error


def _contract_item(one: ContractProof | None) -> rlp.Item:
    return [] if one is None else [one.nonce, one.balance, one.code_hash, one.storage]


def _contract(item: rlp.Decoded) -> ContractProof | None:
    if item == []:
        return None
    nonce, balance, code_hash, storage = members(item, 4)
    return ContractProof(
        rlp.number(nonce, 64), rlp.number(balance), rlp.octets(code_hash, 32), rlp.octets(storage)
    )
