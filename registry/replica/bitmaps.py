"""A status list's bits with their Merkle root, and the hash chain that its updates extend.

Bits are packed most significant first (Bitstring Status List). Root: leaf w = sha256(0x00 ‖ bytes
32w … 32w+31), node = sha256(0x01 ‖ left ‖ right), as a heap over n = bits/256 leaves: leaf w stands
at n+w, node i has the children 2i and 2i+1, the root stands at 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from struct import Struct

from sha3 import keccak_256

from registry.bindings.addresses import keccak256

WORD_BITS = 256
WORD_BYTES = 32
_LINK = Struct(">32s24xQ32s32s24xQ")  # abi.encode of what a head is the hash of


Run = tuple[bytes, int]
"""The value of nodes side by side, and how many of them."""


def _empty_levels(words: int) -> list[list[Run]]:
    """The heap of an all-zero list, from its deepest level to its root.

    Nearly all nodes of a level are alike, so that this costs a few hashes however long the list is: whoever may
    create lists must not be able to keep every replica busy with it.
    """
    leaf = sha256(bytes(1 + WORD_BYTES)).digest()
    deepest = (2 * words - 1).bit_length() - 1  # this level begins with node 2**deepest, and holds leaves alone
    levels = [[(leaf, 2 * words - (1 << deepest))]]
    for _ in range(deepest):
        levels.append(_parents(levels[-1]))
        if len(levels) == 2 and words < 1 << deepest:  # the other leaves stand here
            levels[-1].append((leaf, (1 << deepest) - words))
    return levels


def _parents(runs: list[Run]) -> list[Run]:
    parents: list[Run] = []
    single: bytes | None = None  # a left child whose sibling is in the next run
    for value, count in runs:
        left = count
        if single is not None:
            parents.append((sha256(b"\x01" + single + value).digest(), 1))
            left -= 1
        if left > 1:
            parents.append((sha256(b"\x01" + value + value).digest(), left // 2))
        single = value if left % 2 else None
    return parents


def _empty_tree(words: int) -> list[bytes]:
    """The heap of an all-zero list: equal nodes are one and the same object."""
    tree = [b""]
    for level in reversed(_empty_levels(words)):
        for value, count in level:
            tree += [value] * count
    return tree


@lru_cache(maxsize=64)
def empty_root(size_bits: int) -> bytes:
    """The root of a list of so many bits, none of them set."""
    return _empty_levels(size_bits // WORD_BITS)[-1][0][0]


class Bitmap:
    """The bits of one list. The root is brought up to date when asked for, along the changed paths only."""

    __slots__ = ("_changed", "_tree", "packed", "size_bits")

    def __init__(self, size_bits: int, packed: bytes | None = None) -> None:
        """`size_bits`: a multiple of 256; `packed`: size_bits/8 bytes, else all zero. Raises ValueError."""
        if size_bits <= 0 or size_bits % WORD_BITS:
            raise ValueError(f"{size_bits} bits are no positive multiple of {WORD_BITS}")
        if packed is not None and len(packed) * 8 != size_bits:
            raise ValueError(f"{len(packed)} bytes do not hold {size_bits} bits")
        self.size_bits = size_bits
        self.packed = bytearray(size_bits // 8) if packed is None else bytearray(packed)
        self._tree: list[bytes] | None = None  # made when first needed: an untouched list costs nothing
        self._changed: set[int] = set() if packed is None else set(range(size_bits // WORD_BITS))

    def get(self, position: int) -> int:
        """One bit: 0 or 1. Raises IndexError beyond the list."""
        return self.packed[position >> 3] >> (7 - (position & 7)) & 1

    def set(self, position: int) -> None:
        """Turn one bit on."""
        self.packed[position >> 3] |= 0x80 >> (position & 7)
        self._changed.add(position >> 8)

    def flip(self, position: int) -> None:
        """Turn one bit over."""
        self.packed[position >> 3] ^= 0x80 >> (position & 7)
        self._changed.add(position >> 8)

    def set_all(self, positions: Sequence[int]) -> list[int]:
        """Turn these bits on; those that were off."""
        packed, changed, turned = self.packed, self._changed, []
        for it in positions:
            octet, mask = packed[it >> 3], 0x80 >> (it & 7)
            if not octet & mask:
                packed[it >> 3] = octet | mask
                changed.add(it >> 8)
                turned.append(it)
        return turned

    def flip_all(self, positions: Sequence[int]) -> None:
        """Turn these bits over."""
        packed, changed = self.packed, self._changed
        for it in positions:
            packed[it >> 3] ^= 0x80 >> (it & 7)
            changed.add(it >> 8)

    def value(self, entry: int, bits: int) -> int:
        """The value of an entry of 1, 2, 4 or 8 bits, most significant first: never across a byte."""
        start = entry * bits
        return self.packed[start >> 3] >> (8 - bits - (start & 7)) & ((1 << bits) - 1)

    def copy(self) -> Bitmap:
        """One that can change apart from this one."""
        twin = Bitmap.__new__(Bitmap)
        twin.size_bits = self.size_bits
        twin.packed = self.packed[:]
        twin._tree = None if self._tree is None else self._tree[:]
        twin._changed = set(self._changed)
        return twin

    def branch(self, position: int) -> tuple[bytes, tuple[bytes, ...]]:
        """The leaf that a bit lies in, and the sibling of each node on the way from there to the root."""
        self.root()
        words = self.size_bits // WORD_BITS
        tree = self._tree or _empty_tree(words)
        word, siblings = position >> 8, []
        node = words + word
        while node > 1:
            siblings.append(tree[node ^ 1])
            node >>= 1
        return bytes(self.packed[32 * word : 32 * word + 32]), tuple(siblings)

    def root(self) -> bytes:
        """The Merkle root, 32 bytes."""
        words = self.size_bits // WORD_BITS
        if self._tree is None:
            if not self._changed:
                return empty_root(self.size_bits)
            self._tree = _empty_tree(words)
        tree, changed = self._tree, self._changed
        if len(changed) == 1:  # by far the most common case
            return self._root_after(changed.pop(), words)
        packed = self.packed
        parents: set[int] = set()
        for word in changed:
            node = words + word
            tree[node] = sha256(b"\x00" + packed[32 * word : 32 * word + 32]).digest()
            parents.add(node >> 1)
        changed.clear()
        parents.discard(0)  # a list of one word: its leaf is its root
        # Where n is no power of two, leaves stand on two levels: a node hashed too early is hashed again,
        # because every node that changes puts its parent on the next round.
        while parents:
            for node in parents:
                tree[node] = sha256(b"\x01" + tree[2 * node] + tree[2 * node + 1]).digest()
            parents = {node >> 1 for node in parents if node > 1}
        return tree[1]

    def _root_after(self, word: int, words: int) -> bytes:
        """The root once that word alone has changed: a path of hashes, each of two siblings."""
        tree, digest_of = self._tree, sha256
        assert tree is not None  # noqa: S101 - made by the caller
        node = words + word
        value = digest_of(b"\x00" + self.packed[32 * word : 32 * word + 32]).digest()
        tree[node] = value
        while node > 1:
            if node & 1:
                value = digest_of(b"\x01" + tree[node - 1] + value).digest()
            else:
                value = digest_of(b"\x01" + value + tree[node + 1]).digest()
            node >>= 1
            tree[node] = value
        return value


def genesis_head(  # noqa: PLR0917 – in the order they are hashed
    list_id: bytes, issuer_id: int, size: int, purpose: int, bits_per_entry: int, root: bytes
) -> bytes:
    """The head of a list just created: keccak256(abi.encode(listId, issuerId, size, purpose, bits, root))."""
    return keccak256(
        list_id
        + issuer_id.to_bytes(32, "big")
        + size.to_bytes(32, "big")
        + int(purpose).to_bytes(32, "big")
        + bits_per_entry.to_bytes(32, "big")
        + root
    )


def next_head(head: bytes, seq: int, delta: bytes, root: bytes, effective_at: int) -> bytes:
    """The head after an update: keccak256(abi.encode(head, seq, keccak256(delta), root, effectiveAt))."""
    # Not through `keccak256`: this is done for every update there ever was.
    digest: bytes = keccak_256(_LINK.pack(head, seq, keccak_256(delta).digest(), root, effective_at)).digest()
    return digest
