"""URDNA2015, which RDFC-1.0 grew out of: the same algorithm, but it escaped fewer characters of a text.

RDFC-1.0 §5.2 has `\\t`, `\\b`, `\\f` and `\\u0001` where the older form has the characters as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from node.verification.proofs.data_integrity.statements import Graph, graphs_of

_ESCAPE = re.compile(r"\\(u[0-9A-F]{4}|.)")
_WRITTEN_OUT = {"t": "\t", "b": "\b", "f": "\f"}


def older_form(graphs: Iterable[Graph]) -> list[Graph]:
    """The same dataset, its literals written as URDNA2015 wrote them."""
    return graphs_of(
        (subject, predicate, _ESCAPE.sub(_character, object_) if object_[0] == '"' else object_, name)
        for graph in graphs
        for subject, predicate, object_, name in graph.quads()
    )


def _character(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] == "u":
        return chr(int(code[1:], 16))
    return _WRITTEN_OUT.get(code, match[0])
