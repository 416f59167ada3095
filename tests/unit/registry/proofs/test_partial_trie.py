"""A trie built up again from what is claimed has its root, and no other content or nodes lead there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.proofs.assembly import pruned
from registry.proofs.errors import ProofInvalid
from registry.proofs.partial_trie import BRANCH, LEAF, ON, OTHER, path_of, root_of
from registry.proofs.trie import EMPTY_ROOT, Nodes
from tests.simulators.state_trie import Trie

# Places whose first digits are often alike, as keys' hashes seldom are: extensions, and children that stand in
# their parents because they are shorter than a hash. (Branches as short would take 54 digits alike.)
places = st.builds(
    lambda start, common, end: (start + "7" * common + end * 64)[:64],
    st.text("0123", min_size=1, max_size=3),
    st.integers(0, 50),
    st.sampled_from("0123456789abcdef"),
)
contents = st.dictionaries(places, st.binary(min_size=1, max_size=33), max_size=40)


def _known(trie: Trie) -> Nodes:
    return Nodes(trie.nodes.values())


@given(contents, st.sets(places, min_size=1, max_size=12))
def test_what_is_kept_of_a_trie_has_its_root(content: dict[str, bytes], asked: set[str]) -> None:
    trie, claims = Trie({}, content), {place: content.get(place) for place in asked}
    assert root_of(pruned(_known(trie), trie.root, claims), claims) == trie.root


@given(contents, st.sets(places, min_size=1, max_size=12), st.data())
def test_no_other_content_leads_there(content: dict[str, bytes], asked: set[str], data: st.DataObject) -> None:
    trie, claims = Trie({}, content), {place: content.get(place) for place in asked}
    kept = pruned(_known(trie), trie.root, claims)
    lied = data.draw(st.sampled_from(sorted(claims)))
    lies = [b"another value"] if claims[lied] is None else [b"another value", None]
    for lie in lies:
        with pytest.raises(ProofInvalid):
            pruned(_known(trie), trie.root, claims | {lied: lie})
        assert _root_or_none(kept, claims | {lied: lie}) != trie.root


@given(contents, st.sets(places, min_size=1, max_size=12), st.data())
def test_no_other_bytes_lead_there(content: dict[str, bytes], asked: set[str], data: st.DataObject) -> None:
    trie, claims = Trie({}, content), {place: content.get(place) for place in asked}
    kept = pruned(_known(trie), trie.root, claims)
    at = data.draw(st.integers(0, len(kept)))
    changes = [kept + b"\0", kept[:at]] if at < len(kept) else [kept + b"\0"]
    if at < len(kept):
        changes.append(kept[:at] + bytes([kept[at] ^ data.draw(st.integers(1, 255))]) + kept[at + 1 :])
    for changed in changes:
        assert _root_or_none(changed, claims) != trie.root or changed == kept


def _root_or_none(nodes: bytes, claims: dict[str, bytes | None]) -> bytes | None:
    try:
        return root_of(nodes, claims)
    except ProofInvalid:
        return None


def test_an_empty_trie_holds_nothing() -> None:
    assert root_of(b"", {path_of(b"key"): None}) == EMPTY_ROOT
    with pytest.raises(ProofInvalid, match="missing"):
        root_of(b"", {path_of(b"key"): b"value"})
    with pytest.raises(ProofInvalid, match="holds nothing"):
        pruned(Nodes([]), EMPTY_ROOT, {path_of(b"key"): b"value"})


def test_neither_path_nor_value_nor_hash_of_what_is_claimed_is_kept() -> None:
    content = {b"%d" % n: bytes([n]) * 32 for n in range(60)}
    trie = Trie(content)
    kept = pruned(_known(trie), trie.root, {path_of(b"7"): content[b"7"]})
    assert content[b"7"] not in kept
    assert path_of(b"7")[8:] not in kept.hex()
    assert len(kept) <= sum(len(node) - 32 for node in trie.proof(b"7")[:-1])


_PATH = "0" * 64
_HASHES = bytes(range(32))


@pytest.mark.parametrize(
    ("nodes", "why"),
    [
        (bytes([9]), "a kind that there is not"),
        (bytes([BRANCH]), "a branch cut short"),
        (bytes([BRANCH]) + b"\0\1\0\1" + _HASHES + bytes([LEAF]), "a child that is given and follows"),
        (bytes([BRANCH]) + b"\0\1\0\0" + _HASHES, "a hash on the way to the key"),
        (bytes([BRANCH]) + b"\0\2\0\0" + _HASHES, "no child on the way to the key"),
        (bytes([BRANCH]) + b"\0\0\0\3" + bytes([LEAF, LEAF]), "a leaf of no key"),
        (bytes([BRANCH]) + b"\0\0\0\3" + bytes([LEAF, BRANCH]) + bytes(4), "a branch for no key"),
        (bytes([BRANCH]) + b"\0\0\0\1" + (bytes([BRANCH]) + b"\0\0\0\1") * 70, "branches without end"),
        (bytes([ON, 1, 0x20, LEAF]), "a leaf that leads on"),
        (bytes([ON, 1, 0x11, LEAF]), "an extension to elsewhere"),
        (bytes([ON, 1, 0x00, LEAF]), "an extension that extends nothing"),
        (bytes([ON, 0, LEAF]), "no path at all"),
        (bytes([OTHER, 1, 0x31, 1, 1]), "another key, where ours is"),
        (bytes([LEAF, LEAF]), "a node too many"),
    ],
)
def test_nodes_that_prove_nothing_are_refused(nodes: bytes, why: str) -> None:
    with pytest.raises(ProofInvalid):
        root_of(nodes, {_PATH: b"value"})


@pytest.mark.parametrize(
    "nodes",
    [
        bytes([OTHER, 33, 0x20]) + bytes(32) + bytes([1, 1]),  # the key that is said not to be there
        bytes([OTHER, 2, 0x31, 0x11, 1, 1]),  # a leaf before its path ends
        bytes([OTHER, 1, 0x11, 1, 1]),  # an extension to no hash
    ],
)
def test_absence_is_shown_by_what_stands_beside_it(nodes: bytes) -> None:
    with pytest.raises(ProofInvalid):
        root_of(nodes, {_PATH: None})
