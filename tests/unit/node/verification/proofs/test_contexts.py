from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path
from typing import Any

import orjson
import pytest

from node.verification.proofs import contexts
from node.verification.proofs.contexts import VCDM_1, VCDM_2, Contexts, PinnedContextAltered
from node.verification.proofs.data_integrity.active_context import Budget
from node.verification.proofs.data_integrity.members import READ_PREDICATES, READ_TYPES
from node.verification.proofs.data_integrity.term_map import TermMap
from node.verification.reasons import Reason
from node.verification.refusals import Refused

FOLDER = resources.files("node.verification.proofs") / "contexts"


def test_the_context_of_vcdm_2_is_the_one_w3c_published() -> None:
    digest = hashlib.sha256((FOLDER / "credentials-v2.json").read_bytes()).hexdigest()
    assert digest == "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"


def test_every_file_is_pinned() -> None:
    index = orjson.loads((FOLDER / "index.json").read_bytes())
    files = {entry.name for entry in FOLDER.iterdir()} - {"index.json"}
    assert files == {entry["file"] for entry in index.values()}
    assert Contexts().urls() == index.keys()


def test_a_damaged_installation_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "contexts"
    folder.mkdir()
    for entry in FOLDER.iterdir():
        (folder / entry.name).write_bytes(entry.read_bytes())
    altered = folder / "did-v1.json"
    altered.write_bytes(altered.read_bytes() + b" ")
    monkeypatch.setattr(contexts.resources, "files", lambda _: tmp_path)
    with pytest.raises(PinnedContextAltered):
        Contexts()


def test_an_operator_may_add_but_not_replace() -> None:
    url = "https://board.example/contexts/licence/v1"
    added = Contexts({url: b'{"@context": {"licence": "https://board.example/vocabulary#licence"}}'})
    assert added.document(url)
    with pytest.raises(Refused) as refused:
        Contexts().document(url)
    assert refused.value.reason is Reason.UNKNOWN_CONTEXT
    with pytest.raises(ValueError, match="pinned already"):
        Contexts({VCDM_2: b'{"@context": {}}'})
    with pytest.raises(ValueError, match="not a context"):
        Contexts({url: b"{}"})


def definitions(context: Any, prefixes: dict[str, Any]) -> list[tuple[str, str]]:
    """Every term a context defines, at any depth of scoped contexts, with its IRI written out."""
    if isinstance(context, list):
        return [found for item in context for found in definitions(item, prefixes)]
    if not isinstance(context, dict):
        return []
    known = {**prefixes, **context}
    found: list[tuple[str, str]] = []
    for term, definition in context.items():
        target = definition.get("@id") if isinstance(definition, dict) else definition
        if term[:1] == "@" or not isinstance(target, str):
            continue
        prefix, _, suffix = target.partition(":")
        if prefix in known and not suffix.startswith("//"):
            base = known[prefix]
            target = (base["@id"] if isinstance(base, dict) else base) + suffix
        found.append((term, target))
        if isinstance(definition, dict) and "@context" in definition:
            found += definitions(definition["@context"], known)
    return found


@pytest.mark.parametrize("url", sorted(Contexts().urls()))
def test_no_pinned_context_gives_what_we_read_a_second_name(url: str) -> None:
    """Contexts may be exchanged under a signature over RDF: names must mean the same in all of them."""
    for term, iri in definitions(Contexts().document(url)["@context"], {}):
        assert READ_PREDICATES.get(iri, term) == term
        assert READ_TYPES.get(iri, term) == term
        if iri.startswith("@"):
            assert (term, iri) in (("id", "@id"), ("type", "@type"))


@pytest.mark.parametrize("url", sorted(Contexts().urls() - {VCDM_1, VCDM_2}))
def test_every_pinned_context_can_be_used(url: str) -> None:
    map_ = TermMap(Contexts())
    for base in (VCDM_2, VCDM_1):
        try:
            context = map_.enter(map_.root, [base, url], Budget())
        except Refused:
            continue  # made for the other version: it redefines protected terms of this one
        assert len(context.mappings) > 5
        return
    pytest.fail("with neither version")
