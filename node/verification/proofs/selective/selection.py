"""JSON pointers and what they select of a document (vc-di-ecdsa §3.4.11 to §3.4.13).

What stands around a selected value comes along as far as it gives it its meaning: of every object on the way
its `id`, its `type` and its own `@context`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from node.verification.proofs.limits import DEFAULT_LIMITS
from node.verification.proofs.selective.components import MAX_POINTERS

_MAX_POINTER_CHARS = 1_024
_ALWAYS = ("@context", "id", "type")
_ESCAPE = re.compile(r"~[01]|~")
_PLACE = re.compile(r"0|[1-9][0-9]{0,5}").fullmatch


class BadPointer(ValueError):
    """Not a JSON pointer, or one to what the document does not have. The message is one plain sentence."""

    def __init__(self, pointer: str, what: str) -> None:
        super().__init__(f"{pointer[:200]!r} {what}")
        self.pointer = pointer


@dataclass(frozen=True, slots=True)
class Selection:
    """Part of a document. `origins`: the identity of each object in it → that of the one it is (part) of."""

    document: dict[str, Any]
    origins: Mapping[int, int]


@dataclass(slots=True)
class _Branch:
    """What the pointers say of one value: all of it, or of what is below."""

    pointer: str = ""
    whole: bool = False
    below: dict[str, _Branch] = field(default_factory=dict)


def select(document: Mapping[str, Any], pointers: Iterable[str]) -> Selection | None:
    """What the pointers select; None: there are none. Raises BadPointer."""
    pointers = list(pointers)
    if not pointers:
        return None
    if len(pointers) > MAX_POINTERS:
        raise BadPointer(pointers[MAX_POINTERS], f"is one pointer too many: {MAX_POINTERS} at most")
    root = _Branch()
    for pointer in pointers:
        branch = root
        for token in tokens(pointer):
            branch = branch.below.setdefault(token, _Branch(pointer))
        branch.whole = True
    origins: dict[int, int] = {}
    selected: dict[str, Any] = _picked(document, root, origins)
    return Selection(selected, origins)


def copied(document: Mapping[str, Any]) -> dict[str, Any]:
    """A deep copy in which no object stands twice: an object's identity then says where it stands."""
    copy: dict[str, Any] = _copied(document, {})
    return copy


def tokens(pointer: str) -> list[str]:
    """RFC 6901 §3, §4. Raises BadPointer."""
    if type(pointer) is not str or len(pointer) > _MAX_POINTER_CHARS:
        raise BadPointer(str(pointer), "is not a JSON pointer")
    if pointer and pointer[0] != "/":
        raise BadPointer(pointer, "does not begin with a slash, as a JSON pointer does")
    found = pointer.split("/")[1:]
    if len(found) > DEFAULT_LIMITS.max_depth:
        raise BadPointer(pointer, "leads deeper than any document goes")
    return [_ESCAPE.sub(lambda match: _unescaped(match[0], pointer), token) for token in found]


def _unescaped(text: str, pointer: str) -> str:
    if text == "~":
        raise BadPointer(pointer, "has a ~ that is neither ~0 nor ~1")
    return "~" if text == "~0" else "/"


def _picked(value: Any, branch: _Branch, origins: dict[int, int]) -> Any:
    if branch.whole:
        if branch.below:  # said twice: each pointer must still lead somewhere
            _picked(value, _Branch(below=branch.below), {})
        return _copied(value, origins)
    if type(value) is dict:
        for token, below in branch.below.items():
            if token not in value:
                raise BadPointer(below.pointer, "leads to nothing in the credential")
        picked = {
            name: _picked(inner, branch.below[name], origins)
            if name in branch.below and name not in _ALWAYS
            else _copied(inner, origins)
            for name, inner in value.items()
            if name in branch.below or name in _ALWAYS
        }
        origins[id(picked)] = id(value)
        return picked
    if type(value) is list:
        inside = {_place(token, len(value), inner): inner for token, inner in branch.below.items()}
        return [_picked(value[place], inside[place], origins) for place in sorted(inside)]
    raise BadPointer(next(iter(branch.below.values())).pointer, "leads to nothing in the credential")


def _place(token: str, length: int, branch: _Branch) -> int:
    if not _PLACE(token) or int(token) >= length:
        raise BadPointer(branch.pointer, "leads to nothing in the credential")
    return int(token)


def _copied(value: Any, origins: dict[int, int]) -> Any:
    if type(value) is dict:
        copy = {name: _copied(inner, origins) for name, inner in value.items()}
        origins[id(copy)] = id(value)
        return copy
    if type(value) is list:
        return [_copied(inner, origins) for inner in value]
    return value
