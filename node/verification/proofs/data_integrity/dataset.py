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
from node.verification.proofs.data_integrity.jcs import canonical_json
from node.verification.proofs.data_integrity.literals import (
    RDF,
    XSD,
    escaped,
    has_escapes,
    is_language,
    scalar,
)
from node.verification.proofs.data_integrity.shapes import Shape
from node.verification.proofs.data_integrity.statements import Graph
from node.verification.proofs.data_integrity.term_map import TermMap
from node.verification.proofs.limits import DEFAULT_LIMITS
from node.verification.reasons import Reason
from node.verification.refusals import Refused

_FIRST, _REST, _NIL = f" <{RDF}first> ", f" <{RDF}rest> ", f"<{RDF}nil>"
_VALUE_KEYS = frozenset({"@value", "@language", "@list", "@set"})

_OPEN_BADGES = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
_ENDORSEMENT_SUBJECT = f" <{RDF}type> <{_OPEN_BADGES}EndorsementSubject>"
_ENDORSEMENT_COMMENT = f"{_OPEN_BADGES}endorsementComment"


class Dataset:
    """The statements of one document, and what was noticed on the way."""

    __slots__ = (
        "_budget",
        "_default",
        "_described",
        "_labels",
        "_names",
        "_once",
        "_plain",
        "_root",
        "_terms",
        "graphs",
        "left_to_general",
        "subject",
    )

    def __init__(self, document: Mapping[str, Any], terms: TermMap, root_members: Mapping[str, str]) -> None:
        """`root_members`: the names that have one meaning at the top, with their IRIs. Raises Refused."""
        self._plain = not has_escapes(document)
        self._default = Graph()
        self.graphs = [self._default]
        self.left_to_general = ""  # for what, in one word, when it is
        self._budget = Budget()
        self._terms = terms
        self._root = root_members
        self._labels = 0
        self._names: dict[str, str] = {}  # `_:x` as written → our label
        self._described: dict[str, int] = {}  # node → in how many objects it has members
        self._once: list[str] = []
        self.subject = self._node(document, terms.root, self._default, 0)  # of the document itself
        self._once.append(self.subject)
        if any(self._described.get(node, 0) > 1 for node in self._once):
            raise Refused(
                Reason.RESPELLED_MEMBER, "The members of one object are spread over several of the same id."
            )

    def _node(self, node: Mapping[str, Any], context: ActiveContext, graph: Graph, depth: int) -> str:
        """Adds the statements of a node object; its subject (JSON-LD API §5.1.2, §7.2)."""
        if depth > DEFAULT_LIMITS.max_depth:
            raise Refused(Reason.TOO_DEEP, "Too many objects inside one another.")
        if "@context" in node:
            context = self._terms.enter(context, node["@context"], self._budget)
        shape = self._terms.shape(context, node, self._budget)
        subject = self._reference(node[shape.id_key], shape.context) if shape.id_key else self._blank()
        tails = graph.tails.get(subject)
        if tails is None:
            tails = graph.tails[subject] = []
        if graph is self._default and (shape.members or shape.types):
            described = self._described
            if subject not in described:
                described[subject] = 1
            elif not _only_endorsed(shape):
                described[subject] += 1
        if depth == 0:
            shape.check_usual(self._root)
        tails += shape.types
        plain = self._plain
        for key, term, opening, closing in shape.members:
            value = node[key]
            if closing and type(value) is str:  # by far the most
                tails.append(f"{opening}{value if plain else escaped(value)}{closing}")
            else:
                self._property(subject, term, value, graph, depth)
        return subject

    def _property(self, subject: str, term: Term, value: Any, graph: Graph, depth: int) -> None:
        if term.gathered:
            self._gathered(subject, term, value, graph, depth)
            return
        tails = graph.tails.setdefault(subject, [])
        for item in value if type(value) is list else (value,):
            kind = type(item)
            if kind is dict:
                object_ = self._child(item, term, graph, depth)
                if term.described_once and graph is self._default:
                    self._once.append(object_)
            elif item is None:
                continue  # nothing is said, nothing signed
            elif kind is list:
                raise _list_in_list(term)
            else:
                object_ = self._simple(item, term)
            if object_[0] == "_":  # as Graph.add does; the call is worth sparing
                graph.links.append((subject, term.predicate, object_))
            else:
                tails.append(term.predicate + object_)

    def _gathered(self, subject: str, term: Term, value: Any, graph: Graph, depth: int) -> None:
        """The values of a property that are one thing together, or each a graph."""
        if term.coercion == "@json":
            if value is None or term.container:
                self.left_to_general = "json"
            graph.add(subject, term.predicate, _json_literal(value))
        elif value is None:
            return
        elif term.container == "@list":
            graph.add(subject, term.predicate, self._list(subject, value, term, graph, depth))
        else:
            for item in value if type(value) is list else (value,):
                if type(item) is list:
                    raise _list_in_list(term)
                if item is not None:
                    self._graph(subject, term, item, graph, depth)

    def _graph(self, subject: str, term: Term, value: Any, graph: Graph, depth: int) -> None:
        """A graph of its own, as each credential of a presentation is."""
        name = self._blank()
        graph.links.append((subject, term.predicate, name))
        own = Graph(f" {name}")
        self.graphs.append(own)
        if type(value) is dict and _VALUE_KEYS.isdisjoint(value):
            self._child(value, term, own, depth)
        if own.empty:
            raise Refused(
                Reason.UNSIGNED_CONTENT, f"{term.key[:80]!r} holds what is not an object, or nothing."
            )

    def _list(self, subject: str, value: Any, term: Term, graph: Graph, depth: int) -> str:
        """JSON-LD API §8.5: the head of the list."""
        head = _NIL
        for place, item in enumerate(reversed(value if type(value) is list else [value])):
            if item is None or type(item) is list:
                self.left_to_general = "list"
                for inner in item or ():
                    self._property(self._blank(), term, inner, graph, depth + 1)
                continue
            cell = self._cell(subject, term, place)
            graph.add(cell, _FIRST, self._object(item, term, graph, depth))
            graph.add(cell, _REST, head)
            head = cell
        return head

    def _object(self, value: Any, term: Term, graph: Graph, depth: int) -> str:
        """One value of a property, serialised, with the quads it brings along."""
        if type(value) is dict:
            return self._child(value, term, graph, depth)
        return self._simple(value, term)

    def _simple(self, value: Any, term: Term) -> str:
        """One that brings none along: a literal, or a reference."""
        if type(value) is str:
            if term.closing:
                return f'"{escaped(value)}{term.closing}'
            if term.coercion == "@id":
                return self._reference(value, term.scope)
            if term.coercion == "@vocab":
                return term.scope.type_iri(value)[0]
        return self._scalar(value, term.suffix, plain=term.plain or term.coercion is not None)

    def _child(self, value: dict[str, Any], term: Term, graph: Graph, depth: int) -> str:
        """An object: a node, or a value object. Which context it is read in: JSON-LD API §5.1.2 steps 7, 8."""
        # A value object, or a reference, is not a node of its own: a type-scoped context stays in force. Other
        # names for `@value` and `@id` than `id` do not get past `inline_contexts.py` and `shapes.py`.
        leaves = term.leaves_scope and "@value" not in value and not (len(value) == 1 and "id" in value)
        context = term.revert if leaves else term.keep
        if _VALUE_KEYS.isdisjoint(value):
            return self._node(value, context, graph, depth + 1)
        return self._value_object(value, term, context, graph, depth)

    def _value_object(
        self, value: dict[str, Any], term: Term, context: ActiveContext, graph: Graph, depth: int
    ) -> str:
        literal: Any = None
        datatype: str | None = None
        language = ""
        given: set[Kind] = set()
        for key, item in value.items():
            kind = context.term(key, self._budget).kind
            kind = Kind.TYPE if kind is Kind.AT_TYPE else kind
            if kind in given:
                raise Refused(Reason.RESPELLED_MEMBER, f"{key[:80]!r} is given twice, spelled differently.")
            given.add(kind)
            if kind is Kind.VALUE:
                literal = item
            elif kind is Kind.LANGUAGE:
                if type(item) is not str or not is_language(item):
                    raise Refused(Reason.UNSIGNED_CONTENT, "A language is not one, so it is not signed.")
                language = item.lower()
            elif kind is Kind.TYPE:
                datatype = item if item == "@json" else context.type_iri(item)[0]
            elif kind in (Kind.LIST, Kind.SET) and len(value) == 1:
                self.left_to_general = "list_object"
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
            self.left_to_general = "number"
        return literal or _NIL

    def _reference(self, value: Any, context: ActiveContext) -> str:
        if type(value) is not str:
            raise Refused(Reason.MALFORMED_CREDENTIAL, "An `id` is not a text.")
        if value[:2] != "_:":
            return context.iri(value)
        found = self._names.get(value)
        if found is None:
            found = self._names[value] = self._blank()
        return found

    def _cell(self, _subject: str, _term: Term, _place: int) -> str:
        """A label for one cell of a list; `place` counts from its end. (See `selective/trace.py`.)"""
        return self._blank()

    def _blank(self) -> str:
        label = self._labels
        self._labels = label + 1
        return f"_:b{label}"


def _list_in_list(term: Term) -> Refused:
    return Refused(Reason.MALFORMED_CREDENTIAL, f"{term.key[:80]!r} holds a list inside a list.")


def _only_endorsed(shape: Shape) -> bool:
    """Whether an object is the subject of an endorsement and says nothing that is read of what it endorses.

    Open Badges 3.0: a badge holds its endorsements, whose subject has the badge's own id.
    """
    return shape.types == (_ENDORSEMENT_SUBJECT,) and all(
        term.iri == _ENDORSEMENT_COMMENT for _, term, _, _ in shape.members
    )


def _json_literal(value: Any) -> str:
    """JSON-LD API §8.6 step 5: a JSON literal is its canonical text."""
    return f'"{escaped(canonical_json(value).decode())}"^^<{RDF}JSON>'
