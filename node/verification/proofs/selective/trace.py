"""Part of a document read with the labels of the whole, so that its statements are found among the whole's.

The specification gives every blank node of the expanded document an address and compacts it again (vc-di-ecdsa
§3.4.6 to §3.4.9), which may give it another shape than pointers were written for. Here each object of the
document keeps the label that it got when the whole was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from node.verification.proofs.data_integrity.active_context import ActiveContext, Term
from node.verification.proofs.data_integrity.dataset import Dataset
from node.verification.proofs.data_integrity.members import ROOT_MEMBERS
from node.verification.proofs.data_integrity.statements import Graph
from node.verification.proofs.data_integrity.term_map import TermMap

_Key = int | str | tuple[str, str, int]  # an object, a blank node by its own name, a cell of a list


class Trace:
    """The labels of one document's blank nodes, by what they are."""

    def __init__(self) -> None:
        self._labels: dict[_Key, str] = {}

    def label(self, key: _Key, label: str) -> str:
        """The label of what `key` identifies: `label`, if it is met for the first time."""
        return self._labels.setdefault(key, label)


class TracedDataset(Dataset):
    """The RDF of a document, or of a part of it, under the labels of a trace."""

    __slots__ = ("_next", "_origins", "_trace")

    def __init__(
        self,
        document: Mapping[str, Any],
        terms: TermMap,
        trace: Trace,
        origins: Mapping[int, int] | None = None,
    ) -> None:
        """`origins`: of a part, see `Selection`. Raises Refused."""
        self._trace = trace
        self._origins = origins
        self._next: _Key | None = None  # what the next blank node is, where it is known
        super().__init__(document, terms, ROOT_MEMBERS)

    def _node(self, node: Mapping[str, Any], context: ActiveContext, graph: Graph, depth: int) -> str:
        self._next = self._identity(node)
        return super()._node(node, context, graph, depth)

    def _graph(self, subject: str, term: Term, value: Any, graph: Graph, depth: int) -> None:
        self._next = (subject, term.key, self._identity(value))
        super()._graph(subject, term, value, graph, depth)

    def _cell(self, subject: str, term: Term, place: int) -> str:
        self._next = (subject, term.key, place)
        return super()._cell(subject, term, place)

    def _reference(self, value: Any, context: ActiveContext) -> str:
        self._next = value if type(value) is str else None
        found = super()._reference(value, context)
        self._next = None
        return found

    def _blank(self) -> str:
        key, self._next = self._next, None
        label = super()._blank()
        if self._origins is not None:  # no label that the whole uses, or one thing would pass for another
            label = "_:part" + label[2:]
        return label if key is None else self._trace.label(key, label)

    def _identity(self, value: Any) -> int:
        return id(value) if self._origins is None else self._origins.get(id(value), 0)
