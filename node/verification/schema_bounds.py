"""What a schema may cost to check by: how far it unfolds along its references, how many patterns it has.

A schema on file is its operator's choice and may refer back to itself. One that an issuer anchored may not: by
such a schema the work can double with each level of a credential, and the issuer writes both.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

MAX_LEVELS = 96  # of a schema that stands alone, along its references

# VC JSON Schema §3.1; older drafts name parts of a schema by `id`, which would have to be followed too.
_DIALECTS = frozenset(
    {
        "https://json-schema.org/draft/2020-12/schema",
        "https://json-schema.org/draft/2019-09/schema",
        "http://json-schema.org/draft-07/schema",
    }
)
# They lead somewhere in ways that are not counted here.
_UNCOUNTED = ("$dynamicRef", "$recursiveRef", "$anchor", "$dynamicAnchor")
_PLACE = re.compile(r"0|[1-9][0-9]{0,5}").fullmatch  # in a list (RFC 6901 §4)


class Unbounded(ValueError):
    """A schema whose cost cannot be told in advance."""


class Cost(NamedTuple):
    values: int  # each as often as a reference leads to it
    patterns: int  # likewise


def unfolded(schema: Any) -> int:
    """How many values there are along the references inside a schema. One to what encloses it counts once."""
    known: dict[int, int] = {}

    def size(value: Any) -> int:
        found = known.get(id(value))
        if found is not None:
            return found
        known[id(value)] = 1
        total = 1
        if isinstance(value, dict):
            total += sum(size(one) for one in value.values())
            target = value.get("$ref")
            if isinstance(target, str) and target.startswith("#"):
                total += size(_at(schema, target[1:]))
        elif isinstance(value, list):
            total += sum(size(one) for one in value)
        if isinstance(value, dict | list):
            known[id(value)] = total
        else:
            del known[id(value)]
        return total

    return size(schema)


def cost_alone(schema: Any) -> Cost:
    """Of a schema that refers to nothing but parts of itself, and never back. Raises Unbounded."""
    if not isinstance(schema, dict):
        raise Unbounded("a schema is an object")
    dialect = schema.get("$schema")
    if dialect is not None and str(dialect).removesuffix("#") not in _DIALECTS:
        raise Unbounded("its dialect is none of JSON Schema 2020-12, 2019-09 and draft 7")
    known: dict[int, Cost | None] = {}  # None: we are inside it

    def cost(value: Any, level: int) -> Cost:
        if not isinstance(value, dict | list):
            return Cost(1, 0)
        if id(value) in known:
            found = known[id(value)]
            if found is None:
                raise Unbounded("it refers back to itself")
            return found
        if level > MAX_LEVELS:
            raise Unbounded(f"it goes more than {MAX_LEVELS} levels deep")
        known[id(value)] = None
        parts = [cost(one, level + 1) for one in (value.values() if isinstance(value, dict) else value)]
        if isinstance(value, dict):
            parts += [cost(one, level + 1) for one in referred(value)]
        total = Cost(
            1 + sum(one.values for one in parts), _patterns(value) + sum(one.patterns for one in parts)
        )
        known[id(value)] = total
        return total

    def referred(value: dict[str, Any]) -> list[Any]:
        names = _UNCOUNTED if value is schema else (*_UNCOUNTED, "$id")
        if any(isinstance(value.get(one), str | bool) for one in names):
            raise Unbounded("it names parts of itself other than by $ref and a JSON pointer")
        target = value.get("$ref")
        if not isinstance(target, str):
            return []
        found = _at(schema, target[1:]) if target.startswith("#") and "%" not in target else None
        if found is None or (target != "#" and not target.startswith("#/")):
            raise Unbounded("it refers to something outside of it")
        return [found]

    return cost(schema, 0)


def _patterns(value: Any) -> int:
    if not isinstance(value, dict):
        return 0
    named = value.get("patternProperties")
    return isinstance(value.get("pattern"), str) + (len(named) if isinstance(named, dict) else 0)


def _at(schema: Any, pointer: str) -> Any:
    """What a JSON pointer leads to; None where it leads nowhere."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(schema, dict):
            schema = schema.get(key)
        elif isinstance(schema, list) and _PLACE(key) and int(key) < len(schema):
            schema = schema[int(key)]
        else:
            return None
    return schema
