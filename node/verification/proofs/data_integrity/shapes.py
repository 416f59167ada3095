"""What objects with the same keys and types in the same context have in common, worked out once.

An issuer writes the same credential over and over with other values. Which keys are members, what each means,
what the types are and which context they lead to depends on the keys and types alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from node.verification.proofs.data_integrity.active_context import ActiveContext, Budget, Kind, Term
from node.verification.proofs.data_integrity.literals import RDF
from node.verification.reasons import Reason
from node.verification.refusals import Refused

MAX_KEYS = 64  # of a shape that is kept …
MAX_CHARS = 4096  # … and of them in all

# The shape's context, its keys in their order, and the value of `type`, a list as a tuple.
ShapeKey = tuple[ActiveContext, tuple[str, ...], Any]


class Shape:
    """A node object without its values."""

    __slots__ = ("_usual", "context", "id_key", "members", "types")

    def __init__(self, context: ActiveContext, types: list[str], id_key: str, terms: list[Term]) -> None:
        self.context = context  # that its types lead to
        self.types = tuple(sorted(f" <{RDF}type> {iri}" for iri in types))
        self.id_key = id_key  # empty: a blank node
        # Key, term, and what a text stands between as a plain literal; the latter empty where it is none.
        # In the order of canonical N-Quads: what is nearly sorted is sorted sooner.
        self.members = tuple(
            (term.key, term, f'{term.predicate}"', "" if term.container else term.closing)
            for term in sorted(terms, key=_predicate)
        )
        self._usual: Mapping[str, str] | None = None  # names that were compared

    def check_usual(self, usual: Mapping[str, str]) -> None:
        """At the top of a document: names that have one meaning there have it. Raises Refused."""
        if self._usual is usual:
            return
        for key, term, _, _ in self.members:
            if usual.get(key, term.iri) != term.iri:
                raise Refused(Reason.UNSAFE_CONTEXT, f"{key!r} does not have its usual meaning.", f"/{key}")
        self._usual = usual


def _predicate(term: Term) -> str:
    return term.predicate


def read_types(context: ActiveContext, types: Any, budget: Budget) -> tuple[list[str], list[str]]:
    """The values of `type`, serialised, and those that bring a scoped context (JSON-LD API §5.1.2 step 11)."""
    if context.term("type", budget).kind is not Kind.TYPE:
        raise Refused(Reason.UNSAFE_CONTEXT, "`type` does not have its usual meaning.", "/@context")
    iris: list[str] = []
    scoped: list[str] = []
    for name in types if type(types) is list else (types,):
        iri, has_scope = context.type_iri(name)
        iris.append(iri)
        if has_scope:
            scoped.append(name)
    return iris, scoped


def read_keys(context: ActiveContext, node: Mapping[str, Any], budget: Budget) -> tuple[str, list[Term]]:
    """The key that gives the id, empty without one, and the members. Raises Refused for any other key."""
    id_key = ""
    terms: list[Term] = []
    for key in node:
        term = context.term(key, budget)
        kind = term.kind
        if kind is Kind.PROPERTY:
            terms.append(term)
        elif kind is Kind.ID and key != "@id":
            if id_key:
                raise Refused(Reason.MALFORMED_CREDENTIAL, "An `id` is not a text.")
            id_key = key
        elif kind is not Kind.CONTEXT and (kind is not Kind.TYPE or key != "type"):
            raise Refused(Reason.RESPELLED_MEMBER, f"{key[:80]!r} stands where a member belongs.")
    return id_key, terms
