"""The RDF of a document by PyLD, for the few values `dataset.py` leaves to it.

Only documents that `dataset.py` has read from end to end come here, so that every key, type and address
has been judged; still, what PyLD would drop is refused, and its work is bounded before it begins.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Protocol

from pyld import jsonld
from pyld.context_resolver import ContextResolver

from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.literals import RDF, XSD, escaped, is_iri
from node.verification.proofs.data_integrity.statements import Quad
from node.verification.proofs.limits import Limits
from node.verification.proofs.strict_json import bound
from node.verification.reasons import Reason
from node.verification.refusals import Refused

LIMITS = Limits(max_depth=24, max_values=2_000)  # some 0.2 s
MAX_CONTEXTS = 24  # nodes that bring their own


class WouldBlock(Exception):
    """Reading it may take a while, and was asked for where nobody may wait: ask again in a thread."""


class GeneralProcessor(Protocol):
    """Who makes the RDF of what `dataset.py` leaves over."""

    def quads(self, document: Mapping[str, Any], why: str) -> list[Quad]:
        """`why`: one word for what it was left over for. Raises Refused, WouldBlock."""
        ...


class InThisProcess:
    """For documents of one's own, and programs that wait for nothing else. A node has a pool of processes that
    can be killed (`node/slow_path`)."""

    def __init__(self, contexts: Contexts) -> None:
        self._contexts = contexts

    def quads(self, document: Mapping[str, Any], why: str) -> list[Quad]:
        """Raises Refused."""
        return general_quads(document, self._contexts)


def general_quads(document: Mapping[str, Any], contexts: Contexts, limits: Limits = LIMITS) -> list[Quad]:
    """The quads of a document. Raises Refused."""
    bound(document, limits)
    if _contexts_in(document) > MAX_CONTEXTS:
        raise Refused(Reason.TOO_COMPLEX, f"More than {MAX_CONTEXTS} of its objects bring a context.")
    dropped: list[str] = []

    def load(url: str, _options: Any = None) -> dict[str, Any]:
        return {
            "contextUrl": None,
            "documentUrl": url,
            "document": copy.deepcopy(contexts.document(url)),
            "tag": "static",
        }

    options = {"base": "", "documentLoader": load, "contextResolver": ContextResolver({}, load)}
    try:
        dataset = jsonld.JsonLdProcessor(on_property_dropped=dropped.append).to_rdf(
            copy.deepcopy(document), options
        )
    except jsonld.JsonLdError as error:
        raise Refused(Reason.MALFORMED_CREDENTIAL, f"It cannot be read as JSON-LD: {error.code}.") from error
    except (TypeError, ValueError) as error:  # PyLD's, of an `@id` that is no text or an address that is none
        raise Refused(Reason.MALFORMED_CREDENTIAL, "It cannot be read as JSON-LD.") from error
    if dropped:
        raise Refused(Reason.UNSIGNED_CONTENT, f"The member {str(dropped[0])[:80]!r} is not signed.")
    return quads_of_dataset(dataset)


def quads_of_dataset(dataset: Mapping[str, Any]) -> list[Quad]:
    """PyLD's form of a dataset as quads. Raises Refused for an address that N-Quads cannot hold."""
    quads: list[Quad] = []
    for name, triples in dataset.items():
        graph = _graph(name)
        for triple in triples:
            predicate = f" {_resource(triple['predicate'])} "
            quads.append((_resource(triple["subject"]), predicate, _object(triple["object"]), graph))
    return quads


def _contexts_in(document: Any) -> int:
    count = 0
    waiting = [document]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            count += "@context" in item
            waiting.extend(value for key, value in item.items() if key != "@context")
        elif isinstance(item, list):
            waiting.extend(item)
    return count


def _graph(name: str) -> str:
    if name == "@default":
        return ""
    return f" {name}" if name[:2] == "_:" else f" <{name}>"


def _resource(term: Mapping[str, str]) -> str:
    value = term["value"]
    if term["type"] == "blank node":
        return value
    if not is_iri(value):
        raise Refused(Reason.UNSIGNED_CONTENT, f"{value[:80]!r} is not an absolute address.")
    return f"<{value}>"


def _object(term: Mapping[str, str]) -> str:
    if term["type"] != "literal":
        return _resource(term)
    text = f'"{escaped(term["value"])}"'  # PyLD's own writer leaves most control characters as they are
    datatype = term["datatype"]
    if datatype == RDF + "langString":
        return f"{text}@{term['language']}"
    return text if datatype == XSD + "string" else f"{text}^^<{datatype}>"
