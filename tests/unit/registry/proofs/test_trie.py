"""Proofs of random tries hold; with any byte changed or any node gone they do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.bindings.addresses import keccak256
from registry.proofs.errors import ProofInvalid
from registry.proofs.trie import EMPTY_ROOT, MAX_NODES, Nodes
from registry.rlp import encode
from tests.simulators.state_trie import Trie

contents = st.dictionaries(st.binary(min_size=1, max_size=8), st.binary(min_size=1, max_size=70), max_size=60)


def _set(*proofs: list[bytes]) -> list[bytes]:
    return list(dict.fromkeys(node for proof in proofs for node in proof))


@given(contents, st.binary(min_size=9, max_size=9))
def test_presence_and_absence_are_proved(content: dict[bytes, bytes], stranger: bytes) -> None:
    trie = Trie(content)
    nodes = Nodes(_set(*(trie.proof(key) for key in (*content, stranger))))
    for key, value in content.items():
        assert nodes.value(trie.root, key) == value
    assert nodes.value(trie.root, stranger) is None


@given(contents.filter(lambda it: len(it) > 1), st.data())
def test_a_changed_byte_is_refused(content: dict[bytes, bytes], data: st.DataObject) -> None:
    trie = Trie(content)
    key = data.draw(st.sampled_from(sorted(content)))
    proof = trie.proof(key)
    node = data.draw(st.integers(0, len(proof) - 1))
    changed = bytearray(proof[node])
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    proof[node] = bytes(changed)
    with pytest.raises(ProofInvalid):
        Nodes(_set(proof)).value(trie.root, key)


@given(contents.filter(lambda it: len(it) > 1), st.data())
def test_a_missing_node_is_refused_and_shows_no_absence(
    content: dict[bytes, bytes], data: st.DataObject
) -> None:
    trie = Trie(content)
    key = data.draw(st.sampled_from(sorted(content)))
    proof = trie.proof(key)
    del proof[data.draw(st.integers(0, len(proof) - 1))]
    with pytest.raises(ProofInvalid, match="missing"):
        Nodes(proof).value(trie.root, key)


def test_an_empty_trie_holds_nothing() -> None:
    assert Trie({}).root == EMPTY_ROOT
    assert Nodes([]).value(EMPTY_ROOT, b"key") is None
    with pytest.raises(ProofInvalid, match="missing"):
        Nodes([]).value(bytes(32), b"key")


@pytest.mark.parametrize(
    ("node", "why"),
    [
        ([b"\x20" + keccak256(b"k"), b""], "a leaf without a value"),
        ([b"\x20" + keccak256(b"k")[:31], b"v"], "a leaf before its path ends"),
        ([b"\x21" + keccak256(b"k"), b"v"], "a padding that is none"),
        ([b"\x40" + keccak256(b"k"), b"v"], "a flag that is none"),
        ([b"", b"v"], "no path at all"),
        ([b"\x00", b"v" * 32], "an extension that extends nothing"),
        ([b"\x00" + keccak256(b"k")[:1], b""], "an extension to nowhere"),
        ([b"\x00" + keccak256(b"k"), b"v" * 32], "an extension beyond the path"),
        ([*[b""] * 16, b"v"], "a branch that holds a value"),
        ([*[b"c" * 31] * 16, b""], "a child that is no hash"),
        ([*[[b"\x20" * 40, b"v"]] * 16, b""], "a long child where its hash belongs"),
        ([*[[b"v"]] * 16, b""], "a child that is no node"),
        ([b"", b"", b""], "three members"),
        ([[b"\x20"], b"v"], "a list for a path"),
    ],
)
def test_nodes_that_no_ledger_has_are_refused(node: list[object], why: str) -> None:
    raw = encode(node)  # type: ignore[arg-type]
    with pytest.raises(ProofInvalid):
        Nodes([raw]).value(keccak256(raw), b"k")


def test_work_is_bounded() -> None:
    with pytest.raises(ProofInvalid, match="too long"):
        Nodes([bytes(601)])
    with pytest.raises(ProofInvalid, match="one too many"):
        Nodes([b"%d" % n for n in range(MAX_NODES + 1)])
