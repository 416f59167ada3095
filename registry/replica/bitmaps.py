"""A status list's bits with their Merkle root.

Bits are packed most significant first (Bitstring Status List). Root: leaf w = sha256(0x00 ‖ bytes
32w … 32w+31), node = sha256(0x01 ‖ left ‖ right), as a heap over n = bits/256 leaves: leaf w stands
at n+w, node i has the children 2i and 2i+1, the root stands at 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from registry.replica.empty_tree import WORD_BITS, empty_root, empty_tree
from registry.replica.short_hash import sha256


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

    def flip_all(self, positions: Sequence[int]) -> Sequence[int]:
        """Turn these bits over; all of them."""
        packed, changed = self.packed, self._changed
        for it in positions:
            packed[it >> 3] ^= 0x80 >> (it & 7)
            changed.add(it >> 8)
        return positions

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
        if self._changed:  # nobody has asked for the root since: whoever reads this may not change it
            twin = self.copy()
            twin.root()
            return twin.branch(position)
        words = self.size_bits // WORD_BITS
        tree = self._tree or empty_tree(words)
        word, siblings = position >> 8, []
        node = words + word
        while node > 1:
            siblings.append(tree[node ^ 1])
            node >>= 1
        return bytes(self.packed[32 * word : 32 * word + 32]), tuple(siblings)

    def root(self) -> bytes:
        """The Merkle root, 32 bytes."""
        tree, changed = self._tree, self._changed
        if tree is None:
            if not changed:
                return empty_root(self.size_bits)
            tree = self._tree = empty_tree(self.size_bits // WORD_BITS)
        if len(changed) != 1:
            self._rehash(tree)
            return tree[1]
        # By far the most common case: a path of hashes, each of two siblings. Replicas do little else.
        word = changed.pop()
        node = self.size_bits // WORD_BITS + word
        value: bytes = sha256(b"\x00" + self.packed[32 * word : 32 * word + 32]).digest()
        tree[node] = value
        while node > 1:
            if node & 1:
                value = sha256(b"\x01" + tree[node - 1] + value).digest()
            else:
                value = sha256(b"\x01" + value + tree[node + 1]).digest()
            node >>= 1
            tree[node] = value
        return value

    def _rehash(self, tree: list[bytes]) -> None:
        """All changed paths, level by level, what they share once."""
        words, packed, parents = self.size_bits // WORD_BITS, self.packed, set[int]()
        for word in self._changed:
            node = words + word
            tree[node] = sha256(b"\x00" + packed[32 * word : 32 * word + 32]).digest()
            parents.add(node >> 1)
        self._changed.clear()
        parents.discard(0)  # a list of one word: its leaf is its root
        # Where n is no power of two, leaves stand on two levels: a node hashed too early is hashed again,
        # because every node that changes puts its parent on the next round.
        while parents:
            for node in parents:
                tree[node] = sha256(b"\x01" + tree[2 * node] + tree[2 * node + 1]).digest()
            parents = {node >> 1 for node in parents if node > 1}
