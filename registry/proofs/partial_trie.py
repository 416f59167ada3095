"""What a proof holds of a trie: only what whoever knows the keys and their values cannot work out.

The trie is built up again from the claimed content and these bytes, and must have the root that is known. So
no hash of a node that stands in the proof is sent, no path and no value of a key that is claimed. Nodes stand
in the order in which they are met, going down; each begins with a byte that says what it is:
    LEAF    of a key that has a value: nothing else
    ON      an extension: its path; the node it leads to follows
    OTHER   a leaf or extension at which the keys looked for turn out not to be: its path, its value or hash
    BRANCH  two bytes, two bytes, hashes: a bit for each child that is given by its hash, a bit for each that
            follows; the hashes. A leaf shorter than its hash follows, too: it stands in its parent itself.
A path (hex prefix, appendix C) or value is preceded by its length, one byte.
"""

from __future__ import annotations

from collections.abc import Mapping

from registry import rlp
from registry.bindings.addresses import keccak256
from registry.proofs.errors import ProofInvalid
from registry.proofs.trie import EMPTY_ROOT, NIBBLES, part_of_path

LEAF, ON, OTHER, BRANCH = range(4)
HASH, DIGITS = 32, "0123456789abcdef"
_NOTHING = rlp.encode(b"")

Paths = Mapping[str, bytes | None]
"""Keys' hashes in hexadecimal, and what stands there; None: nothing."""
_NO_PATHS: Paths = {}


def path_of(key: bytes) -> str:
    """Where a trie keeps what it holds under that key."""
    return keccak256(key).hex()


def by_digit(paths: Paths, depth: int) -> Mapping[str, Paths]:
    """The paths that go on to each child of a branch."""
    below: dict[str, dict[str, bytes | None]] = {}
    for path, value in paths.items():
        below.setdefault(path[depth], {})[path] = value
    return below


def root_of(nodes: bytes, paths: Paths) -> bytes:
    """The root of a trie that has these nodes and holds this content. Raises ProofInvalid."""
    if not nodes:
        if _any_there(paths):
            raise ProofInvalid("a node of a trie is missing")
        return EMPTY_ROOT
    building = _Building(nodes)
    root = keccak256(building.node(paths, 0))
    if building.at != len(nodes):
        raise ProofInvalid("the proof holds a node of a trie that proves nothing")
    return root


class _Building:
    """Reads nodes as it goes down, and gives them back encoded. It ends, as each step takes at least a byte and
    goes down by a digit at least."""

    def __init__(self, nodes: bytes) -> None:
        self._nodes = nodes
        self.at = 0

    def node(self, paths: Paths, depth: int) -> bytes:
        """`depth`: digits of the paths that lead here."""
        kind = self._take(1)[0]
        if kind == BRANCH and paths:
            return self._branch(paths, depth)
        if kind == LEAF:
            return _leaf(paths, depth)
        if kind not in (ON, OTHER):
            raise ProofInvalid("a node of the proof is none that belongs here")
        prefix = self._text()
        is_leaf, way = part_of_path(prefix)
        along = {path: value for path, value in paths.items() if path.startswith(way, depth)}
        if any(value is not None for path, value in paths.items() if path not in along):
            raise ProofInvalid("a key is said to be where the proof does not lead")
        if kind == OTHER:
            return self._other(prefix, bool(paths), bool(along), is_leaf, depth + len(way))
        if is_leaf or not along:
            raise ProofInvalid("an extension of the proof leads to no key")
        return rlp.list_of((rlp.encode(prefix), _reference(self.node(along, depth + len(way)))))

    def _other(self, prefix: bytes, is_met: bool, is_key: bool, is_leaf: bool, depth: int) -> bytes:
        rest = self._text()
        if is_key or (depth != NIBBLES if is_leaf else len(rest) != HASH):
            raise ProofInvalid("a node of the proof is not beside the way to a key")
        node = rlp.encode([prefix, rest])
        if not is_met and len(node) >= HASH:
            raise ProofInvalid("the proof holds a node of a trie that proves nothing")
        return node

    def _branch(self, paths: Paths, depth: int) -> bytes:
        masks = int.from_bytes(self._take(4), "big")
        given, followed = masks >> 16, masks & 0xFFFF
        if given & followed or depth >= NIBBLES:
            raise ProofInvalid("a branch of the proof cannot be read")
        hashes, start = self._take(HASH * given.bit_count()), 0
        below = by_digit(paths, depth)
        children, bit = [], 1
        for digit in DIGITS:
            if given & bit:
                children.append(b"\xa0" + hashes[start : start + HASH])
                start += HASH
                if digit in below:
                    raise ProofInvalid("a hash stands where a key was to be followed")
            elif followed & bit:
                children.append(_reference(self.node(below.get(digit, _NO_PATHS), depth + 1)))
            else:
                children.append(_NOTHING)
                if digit in below and _any_there(below[digit]):
                    raise ProofInvalid("nothing stands where a key is said to be")
            bit <<= 1
        children.append(_NOTHING)
        return rlp.list_of(children)

    def _text(self) -> bytes:
        return self._take(self._take(1)[0])

    def _take(self, count: int) -> bytes:
        start, self.at = self.at, self.at + count
        if self.at > len(self._nodes):
            raise ProofInvalid("a node of a trie is missing")
        return self._nodes[start : self.at]


def _leaf(paths: Paths, depth: int) -> bytes:
    there = [(path, value) for path, value in paths.items() if value is not None]
    if len(there) != 1:
        raise ProofInvalid("a leaf of the proof is not that of one key")
    ((path, value),) = there
    way = path[depth:]
    return rlp.encode([bytes.fromhex(f"3{way}" if len(way) % 2 else f"20{way}"), value])


def _any_there(paths: Paths) -> bool:
    return any(value is not None for value in paths.values())


def _reference(node: bytes) -> bytes:
    return node if len(node) < HASH else b"\xa0" + keccak256(node)
