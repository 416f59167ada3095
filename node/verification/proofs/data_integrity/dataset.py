"""A document, read once with its compiled contexts: the RDF it stands for, and nothing left unsigned.

JSON-LD drops what it does not understand; what is dropped is not signed. Here that is refused instead,
as is every second spelling of what the verifier reads (see members.py). Values whose RDF form this module
leaves to the general processor (numbers beyond exactness, for one) set `left_to_general`; even then every
key, type and address has been through the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from node.verification.proofs.data_integrity.active_context import ActiveContext, Budget, Kind, Term
from node.verification.proofs.data_integrity.canonical import Quad
from node.verification.proofs.data_integrity.jcs import canonical_json
from node.verification.proofs.data_integrity.literals import (
    RDF,
    XSD,
    escaped,
    is_language,
    needs_escape,
    scalar,
)
from node.verification.proofs.data_integrity.members import CREDENTIALS
from node.verification.proofs.data_integrity.term_map import TermMap
from node.verification.proofs.limits import DEFAULT_LIMITS
from node.verification.reasons import Reason
from node.verification.refusals import Refused

_TYPE, _FIRST, _REST, _NIL = f" <{RDF}type> ", f" <{RDF}first> ", f" <{RDF}rest> ", f"<{RDF}nil>"
# Python 3.11 takes five times as long to look up a member of an enumeration as a global.
_PROPERTY, _ID, _TYPE_KEY, _CONTEXT = Kind.PROPERTY, Kind.ID, Kind.TYPE, Kind.CONTEXT
_VALUE_KEYS = frozenset({"@value", "@language", "@list", "@set"})
# Objects whose members the verifier reads: each described in one place, or they could be told apart.
_DESCRIBED_ONCE = frozenset({CREDENTIALS + "credentialStatus", CREDENTIALS + "credentialSchema"})


class Dataset:
    """The quads of one document, and what was noticed on the way."""

    __slots__ = (
        "_budget",
        "_described",
        "_labels",
        "_names",
        "_once",
        "_root",
        "_terms",
        "left_to_general",
        "quads",
    )

    def __init__(self, document: Mapping[str, Any], terms: TermMap, root_members: Mapping[str, str]) -> None:
        """`root_members`: the names that have one meaning at the top, with their IRIs. Raises Refused."""
        self.quads: list[Quad] = []
        self.left_to_general = ""  # why, when it is
        self._budget = Budget()
        self._terms = terms
        self._root = root_members
        self._labels = 0
        self._names: dict[str, str] = {}  # `_:x` as written → our label
        self._described: dict[str, int] = {}  # node → in how many objects it has members
        self._once: list[str] = []
        self._once.append(self._node(document, terms.root, "", 0))
        if any(self._described.get(node, 0) > 1 for node in self._once):
            raise Refused(
                Reason.RESPELLED_MEMBER, "The members of one object are spread over several of the same id."
            )

    def _node(self, node: Mapping[str, Any], context: ActiveContext, graph: str, depth: int) -> str:
        """Adds the quads of a node object; its subject (JSON-LD API §5.1.2, §7.2)."""
        if depth > DEFAULT_LIMITS.max_depth:
            raise Refused(Reason.TOO_DEEP, "Too many objects inside one another.")
        budget = self._budget
        if "@context" in node:
            context = self._terms.enter(context, node["@context"], budget)
        type_iris: list[str] = []
        if "type" in node:
            type_iris, context = self._types(node["type"], context)
        subject, properties = self._members(node, context)
        if (properties or type_iris) and not graph:
            self._described[subject] = self._described.get(subject, 0) + 1
        quads = self.quads
        for iri in type_iris:
            quads.append((subject, _TYPE, iri, graph))
        if depth == 0:
            self._check_root_members(properties)
        for term, value in properties:
            if type(value) is str and term.closing and not term.container:  # by far the most
                text = escaped(value) if needs_escape(value) else value
                quads.append((subject, term.predicate, f'"{text}{term.closing}', graph))
            else:
                self._property(subject, term, value, graph, depth)
        return subject

    def _members(self, node: Mapping[str, Any], context: ActiveContext) -> tuple[str, list[tuple[Term, Any]]]:
        """The subject of a node, and its properties."""
        subject = ""
        properties: list[tuple[Term, Any]] = []
        known = context.terms
        for key, value in node.items():
            term = known.get(key) or context.term(key, self._budget)
            kind = term.kind
            if kind is _PROPERTY:
                properties.append((term, value))
            elif kind is _ID and key != "@id":
                if type(value) is not str or subject:
                    raise Refused(Reason.MALFORMED_CREDENTIAL, "An `id` is not a text.")
                subject = self._reference(value, context)
            elif kind is not _CONTEXT and (kind is not _TYPE_KEY or key != "type"):
                raise Refused(Reason.RESPELLED_MEMBER, f"{key[:80]!r} stands where a member belongs.")
        return subject or self._blank(), properties

    def _types(self, types: Any, context: ActiveContext) -> tuple[list[str], ActiveContext]:
        """The types of a node, serialised, and the context they lead to (JSON-LD API §5.1.2 step 11)."""
        if context.term("type", self._budget).kind is not _TYPE_KEY:
            raise Refused(Reason.UNSAFE_CONTEXT, "`type` does not have its usual meaning.", "/@context")
        iris: list[str] = []
        scoped: list[str] = []
        for name in types if type(types) is list else (types,):
            iri, has_scope = context.type_iri(name)
            iris.append(iri)
            if has_scope:
                scoped.append(name)
        return iris, self._terms.enter_types(context, scoped, self._budget) if scoped else context

    def _check_root_members(self, properties: list[tuple[Term, Any]]) -> None:
        usual = self._root
        for term, _ in properties:
            if usual.get(term.key, term.iri) != term.iri:
                raise Refused(
                    Reason.UNSAFE_CONTEXT, f"{term.key!r} does not have its usual meaning.", f"/{term.key}"
                )

    def _property(self, subject: str, term: Term, value: Any, graph: str, depth: int) -> None:
        if term.coercion == "@json":
            if value is None or term.container:
                self.left_to_general = "a JSON null, or a list of JSON values"
            self.quads.append((subject, term.predicate, _json_literal(value), graph))
        elif value is None:
            return  # nothing is said, nothing signed
        elif term.container == "@list":
            self.quads.append((subject, term.predicate, self._list(value, term, graph, depth), graph))
        else:
            for item in value if type(value) is list else (value,):
                if item is None:
                    continue
                if type(item) is list:
                    raise Refused(Reason.MALFORMED_CREDENTIAL, f"{term.key[:80]!r} holds a list inside a list.")
                if term.container == "@graph":
                    self._graph(subject, term, item, graph, depth)
                    continue
                object_ = self._object(item, term, graph, depth)
                if term.iri in _DESCRIBED_ONCE and not graph and type(item) is dict:
                    self._once.append(object_)
                self.quads.append((subject, term.predicate, object_, graph))

    def _graph(self, subject: str, term: Term, value: Any, graph: str, depth: int) -> None:
        """A graph of its own, as each credential of a presentation is."""
        name = self._blank()
        self.quads.append((subject, term.predicate, name, graph))
        count = len(self.quads)
        if type(value) is dict and _VALUE_KEYS.isdisjoint(value):
            self._child(value, term, f" {name}", depth)
        if len(self.quads) == count:
            raise Refused(
                Reason.UNSIGNED_CONTENT, f"{term.key[:80]!r} holds what is not an object, or nothing."
            )

    def _list(self, value: Any, term: Term, graph: str, depth: int) -> str:
        """JSON-LD API §8.5: the head of the list."""
        head = _NIL
        for item in reversed(value if type(value) is list else [value]):
            if item is None or type(item) is list:
                self.left_to_general = "an empty item or a list in a list"
                for inner in item or ():
                    self._property(self._blank(), term, inner, graph, depth + 1)
                continue
            cell = self._blank()
            self.quads.append((cell, _FIRST, self._object(item, term, graph, depth), graph))
            self.quads.append((cell, _REST, head, graph))
            head = cell
        return head

    def _object(self, value: Any, term: Term, graph: str, depth: int) -> str:
        """One value of a property, serialised, with the quads it brings along."""
        kind = type(value)
        if kind is str:
            if term.closing:
                return f'"{escaped(value)}{term.closing}'
            if term.coercion == "@id":
                return self._reference(value, term.scope)
            if term.coercion == "@vocab":
                return term.scope.type_iri(value)[0]
        if kind is dict:
            return self._child(value, term, graph, depth)
        return self._scalar(value, term.suffix, plain=term.plain or term.coercion is not None)

    def _child(self, value: dict[str, Any], term: Term, graph: str, depth: int) -> str:
        """An object: a node, or a value object. Which context it is read in: JSON-LD API §5.1.2 steps 7, 8."""
        context = term.keep
        if term.scope.previous is not None and not self._stays_in_scope(value):
            context = term.revert
        if _VALUE_KEYS.isdisjoint(value):
            return self._node(value, context, graph, depth + 1)
        return self._value_object(value, term, context, graph, depth)

    @staticmethod
    def _stays_in_scope(value: dict[str, Any]) -> bool:
        """A value object, or a reference, is not a node of its own: a type-scoped context stays in force.

        Other names for `@value` and `@id` than `id` do not get past `inline_contexts.py` and `_members`.
        """
        return "@value" in value or (len(value) == 1 and "id" in value)

    def _value_object(
        self, value: dict[str, Any], term: Term, context: ActiveContext, graph: str, depth: int
    ) -> str:
        literal: Any = None
        datatype: str | None = None
        language = ""
        given: set[Kind] = set()
        for key, item in value.items():
            kind = context.term(key, self._budget).kind
            if kind in given:
                raise Refused(Reason.RESPELLED_MEMBER, f"{key[:80]!r} is given twice, spelled differently.")
            given.add(kind)
            if kind is Kind.VALUE:
                literal = item
            elif kind is Kind.LANGUAGE:
                if type(item) is not str or not is_language(item):
                    raise Refused(Reason.UNSIGNED_CONTENT, "A language is not one, so it is not signed.")
                language = item.lower()
            elif kind in (Kind.TYPE, Kind.AT_TYPE):
                datatype = item if item == "@json" else context.type_iri(item)[0]
            elif kind in (Kind.LIST, Kind.SET) and len(value) == 1:
                self.left_to_general = "a list or set object"
                self._property(self._blank(), term, item, graph, depth + 1)
                return _NIL
            else:
                raise Refused(Reason.UNSIGNED_CONTENT, f"{key[:80]!r} has no place beside a value.")
        if datatype == "@json" and not language:
            return _json_literal(literal)
        if Kind.VALUE not in given or (language and (datatype is not None or type(literal) is not str)):
            raise Refused(Reason.MALFORMED_CREDENTIAL, "A value is not written as JSON-LD asks.")
        if type(literal) not in (str, int, float, bool):
            raise Refused(Reason.MALFORMED_CREDENTIAL, "A value is neither text, number nor true or false.")
        if language:
            return f'"{escaped(literal)}"@{language}'
        suffix = "" if datatype in (None, f"<{XSD}string>") else f"^^{datatype}"
        return self._scalar(literal, suffix, plain=datatype is None)

    def _scalar(self, value: Any, suffix: str, *, plain: bool) -> str:
        literal = scalar(value, suffix, plain=plain)
        if not literal:
            self.left_to_general = "a number beyond exactness, or one written as text"
        return literal or _NIL

    def _reference(self, value: str, context: ActiveContext) -> str:
        if value[:2] != "_:":
            return context.iri(value)
        found = self._names.get(value)
        if found is None:
            found = self._names[value] = self._blank()
        return found

    def _blank(self) -> str:
        label = self._labels
        self._labels = label + 1
        return f"_:b{label}"


def _json_literal(value: Any) -> str:
    """JSON-LD API §8.6 step 5: a JSON literal is its canonical text."""
    return f'"{escaped(canonical_json(value).decode())}"^^<{RDF}JSON>'
