"""A reader of N-Quads for tests, which writes each term back in canonical form."""

from __future__ import annotations

import re

from node.verification.proofs.data_integrity.canonical import Quad
from node.verification.proofs.data_integrity.literals import escaped

_TERM = r'(<[^>]*>|_:[^\s]+|"(?:[^"\\]|\\.)*"(?:\^\^<[^>]*>|@[A-Za-z0-9-]+)?)'
_QUAD = re.compile(rf"\s*{_TERM}\s*{_TERM}\s*{_TERM}\s*(?:{_TERM}\s*)?\.\s*\Z")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_CHARACTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def _character(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if code[0] in "uU" else _CHARACTERS[code]


def _term(text: str) -> str:
    if text[0] == "_":
        return "_:x" + text[2:]
    if text[0] == "<":
        return _ESCAPE.sub(_character, text)
    end = text.rindex('"')
    suffix = _ESCAPE.sub(_character, text[end + 1 :])
    if suffix == "^^<http://www.w3.org/2001/XMLSchema#string>":
        suffix = ""
    return f'"{escaped(_ESCAPE.sub(_character, text[1:end]))}"{suffix}'


def read_nquads(text: str) -> list[Quad]:
    quads: list[Quad] = []
    for line in text.split("\n"):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _QUAD.match(line)
        assert match, line
        subject, predicate, object_ = (_term(match[i]) for i in (1, 2, 3))
        quads.append((subject, f" {predicate} ", object_, f" {_term(match[4])}" if match[4] else ""))
    return quads
