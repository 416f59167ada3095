"""Merkle Patricia proofs (Yellow Paper, appendix D): what a state root says of one key.

A proof is a set of nodes, each named by its hash, so that paths share what they have in common. Keys are
hashes of 32 bytes, as in the state and in every contract's storage: all are of one length, so no branch
holds a value.
"""

from __future__ import annotations

from collections.abc import Iterable

from registry.bindings.addresses import keccak256
from registry.proofs.errors import ProofInvalid
from registry.rlp import Decoded, MalformedRlp, decode_list, encode, octets

EMPTY_ROOT = keccak256(encode(b""))
MAX_NODES = 512  # of one proof
MAX_NODE = 600  # bytes: a full branch has 532
NIBBLES = 64  # of a path


class Nodes:
    """The nodes of a proof, as a ledger gives them."""

    def __init__(self, nodes: Iterable[bytes]) -> None:
        """Raises ProofInvalid."""
        self._by_hash: dict[bytes, bytes] = {}
        for node in nodes:
            digest = keccak256(node)
            if len(node) > MAX_NODE or len(self._by_hash) == MAX_NODES:
                raise ProofInvalid("a node of the proof is too long, or one too many")
            self._by_hash[digest] = node
        self._decoded: dict[bytes, list[Decoded]] = {}

    def value(self, root: bytes, key: bytes) -> bytes | None:
        """What the trie of that root holds under keccak256(key); None: nothing. Raises ProofInvalid."""
        if root == EMPTY_ROOT:
            return None
        path = keccak256(key).hex()
        place, node = 0, self.root(root)
        while True:
            if len(node) == 17:
                if node[16] != b"":
                    raise ProofInvalid("a branch of the proof holds a value")
                reference, place = node[int(path[place], 16)], place + 1
            else:
                is_leaf, part = part_of_path(node_bytes(node[0]))
                if not path.startswith(part, place):
                    return None
                place += len(part)
                if is_leaf:
                    if place != NIBBLES or not (value := node_bytes(node[1])):
                        raise ProofInvalid("a leaf of the proof is not at the end of its path")
                    return value
                reference = node[1]
                if reference == b"":
                    raise ProofInvalid("an extension of the proof leads nowhere")
            if reference == b"":
                return None
            if place >= NIBBLES:
                raise ProofInvalid("a path of the proof does not end")
            node = self.child(reference)

    def root(self, digest: bytes) -> list[Decoded]:
        """The node that a trie begins with. Raises ProofInvalid."""
        return self._node(digest, is_root=True)

    def child(self, reference: Decoded) -> list[Decoded]:
        """The node that another one refers to. Raises ProofInvalid."""
        if isinstance(reference, bytes):
            return self._node(reference, is_root=False)
        # A node shorter than its hash stands in its parent itself.
        if len(encode(reference)) >= 32 or len(reference) not in (2, 17):
            raise ProofInvalid("a node of the proof stands where its hash belongs")
        return reference

    def _node(self, digest: bytes, *, is_root: bool) -> list[Decoded]:
        found = self._decoded.get(digest)
        if found is None:
            raw = self._by_hash.get(digest)
            if raw is None:
                raise ProofInvalid("a node of the proof is missing")
            if len(raw) < 32 and not is_root:
                raise ProofInvalid("a node of the proof is named by a hash longer than itself")
            try:
                found = decode_list(raw, MAX_NODE)
            except MalformedRlp as error:
                raise ProofInvalid(f"a node of the proof cannot be read: {error}") from error
            if len(found) not in (2, 17):
                raise ProofInvalid("a node of the proof is neither branch, extension nor leaf")
            self._decoded[digest] = found
        return found


def part_of_path(prefixed: bytes) -> tuple[bool, str]:
    """Of a node that is no branch: whether it is a leaf, and its part of the path in hexadecimal (hex prefix,
    appendix C). Raises ProofInvalid."""
    digits = prefixed.hex()
    flags = int(digits[0], 16) if digits else 4
    if flags > 3 or (not flags & 1 and digits[1] != "0"):
        raise ProofInvalid("a path of the proof cannot be read")
    is_leaf, part = bool(flags & 2), digits[1:] if flags & 1 else digits[2:]
    if not is_leaf and not part:
        raise ProofInvalid("an extension of the proof extends nothing")
    return is_leaf, part


def node_bytes(item: Decoded, size: int | None = None) -> bytes:
    """A node's member that is bytes, of exactly that size if given. Raises ProofInvalid."""
    try:
        return octets(item, size)
    except MalformedRlp as error:
        raise ProofInvalid(f"a member of a node of the proof: {error}") from error
