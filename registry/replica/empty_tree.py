"""The Merkle tree of a list none of whose bits is set: what every list's tree begins as."""

from __future__ import annotations

from functools import lru_cache

from registry.replica.short_hash import sha256

WORD_BITS = 256
WORD_BYTES = 32

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


def empty_tree(words: int) -> list[bytes]:
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
