"""One active context of JSON-LD and its terms, ready for use.

An active context is what a set of contexts comes to: a meaning for every key, type and address (JSON-LD
API §4). What a key means is worked out once, by the map that holds the context, and kept.
"""

from __future__ import annotations

from enum import IntEnum, auto
from functools import lru_cache
from typing import Any, Protocol

from node.verification.proofs.data_integrity.literals import is_iri
from node.verification.proofs.data_integrity.members import READ_TYPES
from node.verification.reasons import Reason
from node.verification.refusals import Refused

MAX_CONTEXTS_COMPILED = 150  # for one document; an Open Badge takes some 30 the first time, none after
_MAX_KEPT_IRIS, _MAX_KEPT_CHARS = 4096, 256
_MAX_TERMS = 512  # keys kept in one context that none of its terms defines (full IRIs, `@vocab`)


class Kind(IntEnum):
    """What a key stands for."""

    PROPERTY = auto()
    ID = auto()
    TYPE = auto()
    AT_TYPE = auto()  # `@type` itself, which belongs in value objects only
    VALUE = auto()
    LANGUAGE = auto()
    LIST = auto()
    SET = auto()
    CONTEXT = auto()


class Budget:
    """Contexts one document may have compiled: reading one that was met before costs nothing."""

    __slots__ = ("left",)

    def __init__(self, contexts: int = MAX_CONTEXTS_COMPILED) -> None:
        self.left = contexts

    def spend(self) -> None:
        """Raises Refused(TOO_COMPLEX)."""
        self.left -= 1
        if self.left < 0:
            raise Refused(Reason.TOO_COMPLEX, "Too many different contexts in one document.")


class Term:
    """A key in one active context, ready for use."""

    __slots__ = (
        "closing",
        "coercion",
        "container",
        "described_once",
        "gathered",
        "iri",
        "keep",
        "key",
        "kind",
        "leaves_scope",
        "plain",
        "predicate",
        "revert",
        "scope",
        "suffix",
    )

    key: str
    kind: Kind
    iri: str
    predicate: str  # " <iri> "
    container: str  # "", "@list" or "@graph"
    coercion: str | None  # "@id", "@vocab", "@json" or None
    gathered: bool  # its values are one thing together, or each a graph
    described_once: bool  # of objects, each of which is described in one place
    suffix: str  # "^^<datatype>" of a string, or ""
    plain: bool  # no datatype is asked for: numbers and booleans get their own
    closing: str  # what ends a text as a literal, from its quote on; empty where a text is no plain literal
    scope: ActiveContext  # the context its values are read in
    keep: ActiveContext  # the context of an object value …
    revert: ActiveContext  # … and when the object leaves a type-scoped context
    leaves_scope: bool  # whether there is one to leave


class ActiveContext:
    """One active context of JSON-LD, its terms compiled as they are met."""

    __slots__ = ("_map", "_types", "by_types", "local", "mappings", "prefixes", "previous", "raw", "terms")

    def __init__(self, map_: Compiler, raw: Any) -> None:
        self._map = map_
        self.terms: dict[str, Term] = {}
        self._types: dict[str, tuple[str, bool]] = {}
        self.raw = raw
        self.mappings = raw["mappings"]
        self.local: dict[bytes, ActiveContext] = {}  # after a node's own `@context`, by its text
        self.by_types: dict[tuple[str, ...], ActiveContext] = {}
        self.previous = map_.wrap(raw["previousContext"]) if "previousContext" in raw else None
        self.prefixes = frozenset(key for key, term in self.mappings.items() if term and term.get("_prefix"))

    def term(self, key: str, budget: Budget) -> Term:
        """Raises Refused: UNSIGNED_CONTENT for a key without a meaning, RESPELLED_MEMBER."""
        found = self.terms.get(key)
        if found is None:
            found = self._map.compile_term(self, key, budget)
            if key in self.mappings or len(self.terms) < _MAX_TERMS:
                self.terms[key] = found
        return found

    def type_iri(self, name: Any) -> tuple[str, bool]:
        """A value of `type`, serialised, and whether it brings a scoped context. Raises Refused."""
        if type(name) is not str:
            raise Refused(Reason.MALFORMED_CREDENTIAL, "A type is not a text.")
        found = self._types.get(name)
        if found is None:
            iri = self._map.expand(self, name)
            if iri is None or not is_iri(iri):
                raise Refused(Reason.UNSIGNED_CONTENT, f"The type {name[:80]!r} is not defined by a context.")
            definition = self.mappings.get(name) or {}
            if READ_TYPES.get(iri, name) != name or (":" in name and name not in self.mappings and iri != name):
                raise Refused(
                    Reason.RESPELLED_MEMBER, f"The type {name[:80]!r} is another spelling of {iri[:200]!r}."
                )
            found = (f"<{iri}>", definition.get("@context") not in (None, False))
            if name in self.mappings or len(self._types) < _MAX_TERMS:
                self._types[name] = found
        return found

    def iri(self, value: str) -> str:
        """An `id`, or the value of a term of type `@id`, serialised: absolute, and written out."""
        prefix, written = _kept_iri(value) if len(value) <= _MAX_KEPT_CHARS else _iri(value)
        if prefix in self.prefixes:
            raise Refused(
                Reason.RESPELLED_MEMBER, f"{value[:80]!r} stands for another address: write addresses out."
            )
        if not written:
            raise Refused(
                Reason.UNSIGNED_CONTENT, f"{value[:80]!r} is not an absolute address, so it is not signed."
            )
        return written


def _iri(value: str) -> tuple[str | None, str]:
    """What would be a prefix, if a context made it one; and the address serialised, empty where it is none."""
    colon = value.find(":")
    prefix = value[:colon] if colon > 0 and not value.startswith("//", colon + 1) else None
    return prefix, f"<{value}>" if is_iri(value) else ""


# An issuer names itself, its lists and what it awards over and over; a presentation is read twice.
_kept_iri = lru_cache(_MAX_KEPT_IRIS)(_iri)


class Compiler(Protocol):
    """Who knows how contexts are processed: the TermMap."""

    def wrap(self, raw: Any) -> ActiveContext:
        """The ActiveContext of one of PyLD's."""
        ...

    def expand(self, context: ActiveContext, word: str) -> str | None:
        """A key or a type, to an IRI or a keyword; None where the context drops it."""
        ...

    def compile_term(self, context: ActiveContext, key: str, budget: Budget) -> Term:
        """What `key` means in `context`. Raises Refused."""
        ...
