"""Contexts compiled: what each key of a document means, looked up instead of worked out each time.

PyLD processes a set of contexts once, correctly and slowly (some 10 ms); here its result is turned into
one `Term` for each key that is met, so that a document is read in a single pass. PyLD's own context
processing is reached through its methods `_process_context` and `_expand_iri`; the fuzz tests hold what
follows against PyLD as a whole.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Mapping
from typing import Any, NoReturn

import orjson
from pyld import jsonld
from pyld.context_resolver import ContextResolver

from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.active_context import ActiveContext, Budget, Kind, Term
from node.verification.proofs.data_integrity.inline_contexts import MAX_CONTEXTS, check_inline
from node.verification.proofs.data_integrity.literals import XSD, is_iri
from node.verification.proofs.data_integrity.members import DESCRIBED_ONCE, READ_PREDICATES, local_name
from node.verification.proofs.data_integrity.shapes import (
    MAX_CHARS,
    MAX_KEYS,
    Shape,
    ShapeKey,
    read_keys,
    read_types,
)
from node.verification.reasons import Reason
from node.verification.refusals import Refused

MAX_KEPT = 1_000  # contexts of one map: some 20 MB
MAX_SHAPES = 2_000  # of one map: as much again
MAX_INLINE_BYTES = 32_768  # of the contexts one object brings along


_KEYWORDS = {
    "@id": Kind.ID,
    "@type": Kind.TYPE,
    "@value": Kind.VALUE,
    "@language": Kind.LANGUAGE,
    "@list": Kind.LIST,
    "@set": Kind.SET,
}
_LITERAL_KEYS = {**_KEYWORDS, "@type": Kind.AT_TYPE, "@context": Kind.CONTEXT}


class TermMap:
    """All active contexts met so far. Safe to share between threads."""

    def __init__(self, contexts: Contexts) -> None:
        self._contexts = contexts
        self._processor = jsonld.JsonLdProcessor()
        # A resolver of our own: PyLD's shared cache would hand one caller's contexts to another.
        self._options = {
            "base": "",
            "processingMode": "json-ld-1.1",
            "isFrame": False,
            "documentLoader": self._load,
            "contextResolver": ContextResolver({}, self._load),
        }
        self._by_identity: dict[int, ActiveContext] = {}
        self._shapes: dict[ShapeKey, Shape] = {}
        self._lock = threading.RLock()
        self.root = self.wrap(self._processor._get_initial_context(self._options))

    @property
    def kept(self) -> int:
        """How many contexts are kept; from MAX_KEPT on, start afresh."""
        return len(self._by_identity)

    def wrap(self, raw: Any) -> ActiveContext:
        """The one ActiveContext of one of PyLD's; it keeps `raw` alive, so that its id stays its own."""
        found = self._by_identity.get(id(raw))
        if found is None:
            found = self._by_identity[id(raw)] = ActiveContext(self, raw)
        return found

    def expand(self, context: ActiveContext, word: str) -> str | None:
        """A key or a type, to an IRI or a keyword; None where the context drops it."""
        iri: str | None = self._processor._expand_iri(context.raw, word, vocab=True)
        return iri

    def enter(self, context: ActiveContext, local: Any, budget: Budget) -> ActiveContext:
        """The context of a node that brings its own `@context`. Raises Refused."""
        key = orjson.dumps(local)
        if len(key) > MAX_INLINE_BYTES:
            raise Refused(Reason.TOO_COMPLEX, "Very large contexts in one object.", "/@context")
        found = context.local.get(key)
        if found is None:
            items = local if type(local) is list else [local]
            if len(items) > MAX_CONTEXTS:
                raise Refused(Reason.TOO_COMPLEX, f"More than {MAX_CONTEXTS} contexts.", "/@context")
            found = context
            for item in items:
                found = self._enter_one(found, item, budget)
            context.local[key] = found
        return found

    def enter_types(self, context: ActiveContext, names: list[str], budget: Budget) -> ActiveContext:
        """The context of a node whose types bring scoped contexts (JSON-LD API §5.1.2 step 11)."""
        key = tuple(sorted(names))
        found = context.by_types.get(key)
        if found is None:
            found = context
            for name in key:
                found = self._process(found, context.mappings[name]["@context"], budget, propagate=False)
            context.by_types[key] = found
        return found

    def shape(self, context: ActiveContext, node: Mapping[str, Any], budget: Budget) -> Shape:
        """The keys and types of a node read in `context`, its own `@context` included. Raises Refused."""
        types = node.get("type")
        key: ShapeKey = context, tuple(node), tuple(types) if type(types) is list else types
        try:
            found = self._shapes.get(key)
        except TypeError as error:
            raise Refused(Reason.MALFORMED_CREDENTIAL, "A type is not a text.") from error
        if found is None:
            found = self._read_shape(context, node, budget)
            if len(node) <= MAX_KEYS and sum(map(len, (*key[1], *map(str, key[2] or ())))) <= MAX_CHARS:
                if len(self._shapes) >= MAX_SHAPES:
                    self._shapes.clear()
                self._shapes[key] = found
        return found

    def _read_shape(self, context: ActiveContext, node: Mapping[str, Any], budget: Budget) -> Shape:
        types: list[str] = []
        if "type" in node:
            types, scoped = read_types(context, node["type"], budget)
            if scoped:
                context = self.enter_types(context, scoped, budget)
        return Shape(context, types, *read_keys(context, node, budget))

    def compile_term(self, context: ActiveContext, key: str, budget: Budget) -> Term:
        """What `key` means in `context`. Raises Refused."""
        term = Term()
        term.key = key
        if key in _LITERAL_KEYS:
            term.kind = _LITERAL_KEYS[key]
            return term
        iri = self.expand(context, key)
        if iri is None or iri[:1] != "@":
            return self._compile_property(context, term, iri, budget)
        if iri not in _KEYWORDS:
            _refuse_keyword(key, iri)
        term.kind = _KEYWORDS[iri]
        return term

    def _compile_property(self, context: ActiveContext, term: Term, iri: str | None, budget: Budget) -> Term:
        key = term.key
        if iri is None or not is_iri(iri):
            if key[:1] == "@":
                _refuse_keyword(key, key)
            raise Refused(
                Reason.UNSIGNED_CONTENT,
                f"The member {key[:80]!r} is not defined by a context, so it is not signed.",
            )
        if READ_PREDICATES.get(iri, key) != key:
            raise Refused(
                Reason.RESPELLED_MEMBER, f"{key[:200]!r} is another spelling of {READ_PREDICATES[iri]!r}."
            )
        definition = context.mappings.get(key) or {}
        if definition.get("reverse"):
            _refuse_keyword(key, "@reverse")
        container = definition.get("@container") or ()
        containers = {container} if isinstance(container, str) else set(container)
        if not containers <= {"@set", "@list", "@graph"} or {"@list", "@graph"} <= containers:
            _refuse_keyword(key, f"container {sorted(containers)}")
        term.kind = Kind.PROPERTY
        term.iri = iri
        term.predicate = f" <{iri}> "
        term.container = next((kind for kind in ("@graph", "@list") if kind in containers), "")
        term.described_once = iri in DESCRIBED_ONCE
        scoped = definition.get("@context")
        term.scope = context if scoped is None else self._process(context, scoped, budget, override=True)
        # Values are read in the term's own scope, where the term may be defined anew.
        inner = term.scope.mappings.get(key) or {}
        self._compile_values(term, inner)
        again = inner.get("@context")
        term.keep = term.scope if again is None else self._process(term.scope, again, budget, override=True)
        before = term.scope.previous
        term.leaves_scope = before is not None
        if before is None:
            term.revert = term.keep
        else:
            term.revert = before if again is None else self._process(before, again, budget, override=True)
        return term

    @staticmethod
    def _compile_values(term: Term, definition: Any) -> None:
        datatype = definition.get("@type")
        term.coercion = datatype if datatype in ("@id", "@vocab", "@json") else None
        term.gathered = bool(term.container) or term.coercion == "@json"
        term.plain = datatype in (None, "@none")
        if term.plain or term.coercion or datatype == XSD + "string":
            term.suffix = ""
        elif is_iri(datatype):
            term.suffix = f"^^<{datatype}>"
        else:
            raise Refused(Reason.UNSAFE_CONTEXT, f"The type of {term.key[:80]!r} is not an absolute address.")
        default = term.scope.raw
        language = definition["@language"] if "@language" in definition else default.get("@language")
        if term.coercion or datatype == XSD + "double":
            term.closing = ""
        elif term.plain and language:
            term.closing = f'"@{language}'
        else:
            term.closing = f'"{term.suffix}'
        if definition.get("@direction") or default.get("@direction"):
            _refuse_keyword(term.key, "@direction")

    def _enter_one(self, context: ActiveContext, item: Any, budget: Budget) -> ActiveContext:
        if type(item) is str:
            self._contexts.document(item)
            return self._process(context, item, budget)
        if type(item) is not dict:
            raise Refused(Reason.UNSAFE_CONTEXT, "A context is neither an address nor an object.", "/@context")
        check_inline(item)
        after = self._process(context, item, budget)
        self._check_names(context, after, item, budget)
        return after

    def _check_names(
        self, before: ActiveContext | None, after: ActiveContext, inline: dict[str, Any], budget: Budget
    ) -> None:
        """An inline term is called what its IRI is called, and stands for nothing it did not stand for.

        `@context` is not signed. If `RegisteredNurse` could be made to mean `…#StudentNurse`, a student
        could write it over a signature that stays valid; the last part of the signed IRI cannot be changed.
        Issuers do write such terms: which of the two words was meant cannot be told, so nothing is decided.
        """
        for name, definition in inline.items():
            if name[:1] == "@":
                continue
            mapping = after.mappings.get(name)
            iri = mapping and mapping["@id"]
            if not iri:
                raise Refused(
                    Reason.UNSAFE_CONTEXT, f"The document switches off the name {name[:80]!r}.", "/@context"
                )
            known = before.mappings.get(name) if before is not None else None
            if known is not None and _meaning(known) != _meaning(mapping):
                raise Refused(Reason.UNSAFE_CONTEXT, f"The document redefines {name[:80]!r}.", "/@context")
            if iri[:1] != "@" and local_name(iri) not in (local_name(name), ""):
                raise Refused(
                    Reason.RENAMED_TERM,
                    f"The document gives the name {name[:80]!r} to {iri[:200]!r}, and the signature covers "
                    "the address alone: whether its issuer chose the name cannot be told.",
                    "/@context",
                )
            if type(definition) is dict and "@context" in definition:
                scoped = definition["@context"]
                self._check_names(None, self._process(after, scoped, budget, override=True), scoped, budget)

    def _process(
        self,
        context: ActiveContext,
        local: Any,
        budget: Budget,
        *,
        override: bool = False,
        propagate: bool = True,
    ) -> ActiveContext:
        budget.spend()
        try:
            with self._lock:
                return self.wrap(
                    self._processor._process_context(
                        context.raw, local, self._options, override_protected=override, propagate=propagate
                    )
                )
        except jsonld.JsonLdError as error:
            raise Refused(
                Reason.UNSAFE_CONTEXT, f"The contexts contradict one another: {error.code}.", "/@context"
            ) from error

    def _load(self, url: str, _options: Any = None) -> dict[str, Any]:
        # PyLD writes into what it is given.
        document = copy.deepcopy(self._contexts.document(url))
        return {"contextUrl": None, "documentUrl": url, "document": document, "tag": "static"}


def _meaning(mapping: Any) -> Any:
    """What makes two definitions of a term the same, protection aside."""
    return {key: value for key, value in mapping.items() if key != "protected"}


def _refuse_keyword(key: str, what: str) -> NoReturn:
    raise Refused(
        Reason.RESPELLED_MEMBER,
        f"{key[:80]!r} ({what[:80]}) would let members stand elsewhere than they seem to.",
    )
