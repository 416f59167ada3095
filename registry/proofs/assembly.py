"""Makes a proof of what a ledger gave: finds in its nodes what is claimed, leaves out what follows from it.

The reverse of `partial_trie`. Believes nothing: what does not hold is found here, not by whoever gets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from registry import rlp
from registry.bindings.addresses import parsed
from registry.proofs.accounts import Account
from registry.proofs.claims import DocumentClaim, IssuerClaim
from registry.proofs.entry_claims import EntryClaim
from registry.proofs.errors import ProofInvalid
from registry.proofs.headers import Header
from registry.proofs.ledger_proof import ContractProof, LedgerProof, paths_of, words_claimed
from registry.proofs.partial_trie import BRANCH, DIGITS, HASH, LEAF, ON, OTHER, Paths, by_digit, path_of
from registry.proofs.registries import Registries
from registry.proofs.trie import EMPTY_ROOT, NIBBLES, Nodes, node_bytes, part_of_path


def assembled(
    headers: Sequence[bytes],
    nodes: Iterable[bytes],
    contracts: Registries,
    *,
    issuers: Sequence[IssuerClaim],
    documents: Sequence[DocumentClaim],
    entries: Sequence[EntryClaim],
) -> LedgerProof:
    """Of these claims, at the first of these headers' blocks. Raises ProofInvalid."""
    known, state_root = Nodes(nodes), Header.decode(headers[0]).state_root
    proofs: list[ContractProof | None] = []
    accounts: dict[str, bytes | None] = {}
    for contract, words in words_claimed(contracts, issuers, documents, entries):
        if not words:
            proofs.append(None)
            continue
        account = Account.found(known, state_root, contract)
        accounts[path_of(parsed(contract))] = account.encoded()
        storage = pruned(known, account.storage_root, paths_of(words))
        proofs.append(ContractProof(account.nonce, account.balance, account.code_hash, storage))
    return LedgerProof(
        headers=tuple(headers),
        state=pruned(known, state_root, accounts) if accounts else b"",
        contracts=tuple(proofs),
        issuers=tuple(issuers),
        documents=tuple(documents),
        entries=tuple(entries),
    )


def pruned(nodes: Nodes, root: bytes, paths: Paths) -> bytes:
    """What shows that the trie of that root holds this content. Raises ProofInvalid if it does not."""
    if root == EMPTY_ROOT:
        if any(value is not None for value in paths.values()):
            raise ProofInvalid("the ledger holds nothing of what is claimed")
        return b""
    return b"".join(_kept(nodes, nodes.root(root), paths, 0))


def _kept(nodes: Nodes, node: list[rlp.Decoded], paths: Paths, depth: int) -> Iterator[bytes]:
    if len(node) == len(DIGITS) + 1:
        yield from _branch(nodes, node, paths, depth)
        return
    prefix = node_bytes(node[0])
    is_leaf, way = part_of_path(prefix)
    along = {path: value for path, value in paths.items() if path.startswith(way, depth)}
    if any(value is not None for path, value in paths.items() if path not in along):
        raise ProofInvalid("the ledger's state holds nothing where something is claimed")
    if not along:
        yield bytes([OTHER]) + _text(prefix) + _text(node_bytes(node[1]))
    elif is_leaf:
        if set(along.values()) != {node[1]}:
            raise ProofInvalid("the ledger's state holds something else than is claimed")
        yield bytes([LEAF])
    else:
        yield bytes([ON]) + _text(prefix)
        yield from _kept(nodes, nodes.child(node[1]), along, depth + len(way))


def _branch(nodes: Nodes, node: list[rlp.Decoded], paths: Paths, depth: int) -> Iterator[bytes]:
    if depth >= NIBBLES:
        raise ProofInvalid("a path of the ledger's proof does not end")
    given = followed = 0
    hashes: list[bytes] = []
    children: list[tuple[rlp.Decoded, Paths]] = []
    below = by_digit(paths, depth)
    for place, (digit, child) in enumerate(zip(DIGITS, node, strict=False)):
        inside = below.get(digit, {})
        if child == b"":
            if any(value is not None for value in inside.values()):
                raise ProofInvalid("the ledger's state holds nothing where something is claimed")
        elif inside or not isinstance(child, bytes):
            followed |= 1 << place
            children.append((child, inside))
        else:
            given |= 1 << place
            hashes.append(node_bytes(child, HASH))
    yield bytes([BRANCH]) + (given << 16 | followed).to_bytes(4, "big") + b"".join(hashes)
    for child, inside in children:
        yield from _kept(nodes, nodes.child(child), inside, depth + 1)


def _text(raw: bytes) -> bytes:
    return bytes([len(raw)]) + raw
