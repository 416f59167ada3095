"""The RDFC-1.0 test suite of the W3C, poison graphs included."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from node.verification.proofs.data_integrity.canonical import canonical_nquads
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
        assert canonical_nquads(quads, hash_=hash_) == expected, entry["id"]
        tried += 1
    assert tried >= 60


def test_poison_graphs_are_refused(vectors: Path) -> None:
    poison = entries(vectors, "rdfc:RDFC10NegativeEvalTest")
    assert poison
    for entry in poison:
        quads = read_nquads((vectors / "rdf-canon" / entry["action"]).read_text())
        with pytest.raises(Refused) as refused:
            canonical_nquads(quads)
        assert refused.value.reason is Reason.TOO_COMPLEX
