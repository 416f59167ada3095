"""The RDFC-1.0 test suite of the W3C, poison graphs included."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from node.verification.proofs.data_integrity.canonical import canonical_graphs, canonical_labels
from node.verification.proofs.data_integrity.statements import graphs_of
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from tests.vectors.proofs.nquads import read_nquads


def entries(vectors: Path, *types: str) -> list[dict[str, Any]]:
    manifest = json.loads((vectors / "rdf-canon" / "manifest.jsonld").read_text())
    return [entry for entry in manifest["entries"] if entry["type"] in types]


def test_canonical_forms(vectors: Path) -> None:
    tried = 0
    for entry in entries(vectors, "rdfc:RDFC10EvalTest"):
        quads = read_nquads((vectors / "rdf-canon" / entry["action"]).read_text())
        hash_ = hashlib.sha384 if entry.get("hashAlgorithm") == "SHA384" else hashlib.sha256
        expected = (vectors / "rdf-canon" / entry["result"]).read_text()
        assert canonical_graphs(graphs_of(quads), hash_=hash_) == expected, entry["id"]
        tried += 1
    assert tried >= 60


def test_poison_graphs_are_refused(vectors: Path) -> None:
    poison = entries(vectors, "rdfc:RDFC10NegativeEvalTest")
    assert poison
    for entry in poison:
        quads = read_nquads((vectors / "rdf-canon" / entry["action"]).read_text())
        with pytest.raises(Refused) as refused:
            canonical_graphs(graphs_of(quads))
        assert refused.value.reason is Reason.TOO_COMPLEX


def test_labels(vectors: Path) -> None:
    """The map tests: which canonical label each blank node is given."""
    tried = 0
    for entry in entries(vectors, "rdfc:RDFC10MapTest"):
        graphs = graphs_of(read_nquads((vectors / "rdf-canon" / entry["action"]).read_text()))
        hash_ = hashlib.sha384 if entry.get("hashAlgorithm") == "SHA384" else hashlib.sha256
        expected = json.loads((vectors / "rdf-canon" / entry["result"]).read_text())
        labels = canonical_labels(graphs, hash_=hash_)
        assert {
            node.removeprefix("_:x"): label.removeprefix("_:") for node, label in labels.items()
        } == expected
        tried += 1
    assert tried == 21


def test_the_whole_suite_is_tried(vectors: Path) -> None:
    manifest = json.loads((vectors / "rdf-canon" / "manifest.jsonld").read_text())
    known = {"rdfc:RDFC10EvalTest", "rdfc:RDFC10MapTest", "rdfc:RDFC10NegativeEvalTest"}
    assert {entry["type"] for entry in manifest["entries"]} == known
