"""What a context written inside a document may do: add terms, and nothing else.

The signature of an RDF cryptosuite does not cover `@context`, so whoever holds a credential may write
there. These rules are static: they are checked, and bound the work, before JSON-LD processing sees it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

from node.verification.proofs.contexts import VCDM_1, VCDM_2, Contexts
from node.verification.proofs.data_integrity.literals import is_iri, is_language
from node.verification.proofs.data_integrity.members import (
    BITSTRING,
    READ_PREDICATES,
    READ_TYPES,
    ROOT_MEMBERS,
    STATUS_LIST_2021,
)
from node.verification.reasons import Reason
from node.verification.refusals import Refused

MAX_CONTEXTS = 16  # beside one another in one `@context`
MAX_DEFINITIONS = 256  # terms of one inline context, scoped ones included
MAX_SCOPES = 3  # scoped contexts inside one another
MAX_TERM_CHARS = 256
_REMEMBERED = 256  # inline contexts found to be in order …
_REMEMBERED_BYTES = 8192  # … none larger than this

_ALIASES = {"id": "@id", "type": "@type"}  # the two every VCDM context defines
_DEFINITION_MEMBERS = frozenset({"@id", "@type", "@container", "@context", "@protected", "@language"})
_CONTAINERS = ("@set", "@list", ["@set"], ["@list"])
_COERCIONS = ("@id", "@vocab", "@json", "@none")
# Names that keep the meaning the pinned contexts give them.
RESERVED_TERMS = (
    frozenset(ROOT_MEMBERS)
    | {name for iri, name in READ_PREDICATES.items() if iri.startswith((BITSTRING, STATUS_LIST_2021))}
    | frozenset(READ_TYPES.values())
)


def check_root_context(document: Mapping[str, Any]) -> None:
    """VCDM 2.0 §4.3: the first context of a document is the base context. Raises Refused."""
    value = document.get("@context")
    first = value[0] if type(value) is list and value else value
    if type(first) is not str:
        raise Refused(Reason.MALFORMED_CREDENTIAL, "It has no context.", "/@context")
    if first not in (VCDM_2, VCDM_1):
        raise Refused(
            Reason.UNKNOWN_CONTEXT,
            f"Its first context is {first[:200]!r}, not that of verifiable credentials.",
            "/@context",
        )


def check_context(value: Any, contexts: Contexts | None) -> None:
    """Any `@context`, wherever it stands. `contexts` None: URLs are not looked up.

    Raises Refused: UNSAFE_CONTEXT, UNKNOWN_CONTEXT, TOO_COMPLEX.
    """
    items = value if type(value) is list else [value]
    if len(items) > MAX_CONTEXTS:
        raise Refused(Reason.TOO_COMPLEX, f"More than {MAX_CONTEXTS} contexts.", "/@context")
    for item in items:
        if type(item) is str:
            if contexts is not None:
                contexts.document(item)
        elif type(item) is dict:
            check_inline(item)
        else:
            raise _unsafe("a context is neither an address nor an object")


def check_inline(context: Mapping[str, Any]) -> None:
    """Raises Refused(UNSAFE_CONTEXT) or Refused(TOO_COMPLEX)."""
    # An issuer writes the same context into all its credentials.
    written = orjson.dumps(context)
    if len(written) > _REMEMBERED_BYTES:
        _check_terms(context)
    else:
        _check_written(written)


@lru_cache(_REMEMBERED)
def _check_written(context: bytes) -> None:
    _check_terms(orjson.loads(context))  # one that is refused is not remembered


def _check_terms(context: Mapping[str, Any]) -> None:
    if _count(context, 0) > MAX_DEFINITIONS:
        raise Refused(Reason.TOO_COMPLEX, f"An inline context defines more than {MAX_DEFINITIONS} terms.")


def _count(context: Mapping[str, Any], scope: int) -> int:
    if scope > MAX_SCOPES:
        raise Refused(Reason.TOO_COMPLEX, "Too many scoped contexts inside one another.")
    definitions = 0
    for term, definition in context.items():
        if term[:1] == "@":
            _check_keyword(term, definition)
            continue
        definitions += 1
        if not term or len(term) > MAX_TERM_CHARS:
            raise _unsafe("a term has no name, or a very long one")
        if type(definition) is str:
            _check_target(term, definition)
        elif type(definition) is dict:
            definitions += _check_definition(term, definition, scope)
        else:
            raise _unsafe(f"it switches off {term[:80]!r}")
    return definitions


def _check_keyword(keyword: str, value: Any) -> None:
    if keyword == "@version":
        allowed = type(value) is float and value == 1.1
    elif keyword == "@protected":
        allowed = type(value) is bool
    elif keyword == "@vocab":
        # Every member then has a meaning and is signed. It must end where a name begins: joined to half
        # of a name it would give a member's name to another one.
        allowed = type(value) is str and bool(is_iri(value)) and value[-1] in "#/:"
    elif keyword == "@language":
        allowed = type(value) is str and bool(is_language(value))
    else:
        allowed = False
    if not allowed:
        raise _unsafe(f"{keyword[:80]!r} is not accepted in it")


def _check_definition(term: str, definition: Mapping[str, Any], scope: int) -> int:
    if not definition.keys() <= _DEFINITION_MEMBERS:
        extra = sorted(definition.keys() - _DEFINITION_MEMBERS)[0]
        raise _unsafe(f"the definition of {term[:80]!r} uses {extra[:80]!r}")
    if "@id" in definition:
        _check_target(term, definition["@id"])
    elif term in RESERVED_TERMS or term in _ALIASES:
        raise _unsafe(f"it redefines {term!r}")
    coercion = definition.get("@type", "@id")
    if type(coercion) is not str or (coercion[:1] == "@" and coercion not in _COERCIONS):
        raise _unsafe(f"the type of {term[:80]!r} is not accepted")
    if "@container" in definition and definition["@container"] not in _CONTAINERS:
        raise _unsafe(f"the container of {term[:80]!r} is not accepted")
    if type(definition.get("@protected", True)) is not bool:
        raise _unsafe(f"`@protected` of {term[:80]!r} is not true or false")
    language = definition.get("@language", "en")
    if type(language) is not str or not is_language(language):
        raise _unsafe(f"the language of {term[:80]!r} is not one")
    if "@context" not in definition:
        return 0
    if type(definition["@context"]) is not dict:
        raise _unsafe(f"the scoped context of {term[:80]!r} is not an object")
    return _count(definition["@context"], scope + 1)


def _check_target(term: str, target: Any) -> None:
    if type(target) is not str or not target or len(target) > 2048:
        raise _unsafe(f"it switches off {term[:80]!r}")
    if target[0] == "@" or term in _ALIASES:
        if _ALIASES.get(term) != target:
            raise _unsafe(f"it makes {term[:80]!r} another name of {target[:80]!r}")
    elif term in RESERVED_TERMS:
        raise _unsafe(f"it redefines {term!r}")
    elif READ_PREDICATES.get(target, term) != term or READ_TYPES.get(target, term) != term:
        raise _unsafe(f"it makes {term[:80]!r} another name of {target[:80]!r}")


def _unsafe(why: str) -> Refused:
    return Refused(Reason.UNSAFE_CONTEXT, f"The document changes the meaning of words: {why}.", "/@context")
