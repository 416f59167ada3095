"""RDF Dataset Canonicalization, RDFC-1.0, within a budget of work.

Blank nodes that look alike cost the factorial of their number: a few hundred bytes can keep a processor
busy for years ("poison graphs", RDFC-1.0 §7.1). Everything done to tell them apart is counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from node.verification.reasons import Reason
from node.verification.refusals import Refused

# subject, " <predicate> ", object, "" or " graph": the spaces save joins in the common case.
Quad = tuple[str, str, str, str]
Hash = Callable[[bytes], Any]

WORK_LIMIT = 50_000  # steps of about a microsecond
MAX_PATH = 200  # blank nodes visited one from another
MAX_ALIKE = 64  # alike relations of one node; with any order among them, far beyond the budget


def canonical_nquads(quads: Iterable[Quad], *, work: int = WORK_LIMIT, hash_: Hash = hashlib.sha256) -> str:
    """The canonical N-Quads document of a dataset.

    Raises Refused(TOO_COMPLEX) once `work` is spent.
    """
    lines: list[str] = []
    open_quads: list[Quad] = []  # those that name a blank node
    by_node: dict[str, list[Quad]] = {}
    for quad in dict.fromkeys(quads):
        subject, predicate, object_, graph = quad
        graph_is_blank = graph[:2] == " _"
        if subject[0] != "_" and object_[0] != "_" and not graph_is_blank:
            lines.append(f"{subject}{predicate}{object_}{graph} .\n")
            continue
        open_quads.append(quad)
        if subject[0] == "_":
            by_node.setdefault(subject, []).append(quad)
        if object_[0] == "_" and object_ != subject:
            by_node.setdefault(object_, []).append(quad)
        if graph_is_blank and graph[1:] != subject and graph[1:] != object_:
            by_node.setdefault(graph[1:], []).append(quad)
    if by_node:
        issued = _Canonicalization(by_node, work, hash_).issue()
        for subject, predicate, object_, graph in open_quads:
            lines.append(
                f"{issued[subject] if subject[0] == '_' else subject}{predicate}"
                f"{issued[object_] if object_[0] == '_' else object_}"
                f"{' ' + issued[graph[1:]] if graph[:2] == ' _' else graph} .\n"
            )
    lines.sort()
    return "".join(lines)


class _Canonicalization:
    """The canonicalization state of RDFC-1.0 §4.2, for one dataset."""

    def __init__(self, by_node: dict[str, list[Quad]], work: int, hash_: Hash) -> None:
        self._by_node = by_node
        self._work = work
        self._hash = hash_
        self._first: dict[str, str] = {}  # hash first degree quads, by node
        self._issued: dict[str, str] = {}  # the canonical issuer

    def issue(self) -> dict[str, str]:
        """§4.4.3 steps 3 to 5: the canonical label of every blank node."""
        if len(self._by_node) == 1:  # as in every proof: it is the first, whatever its hash
            self._label(*self._by_node)
            return self._issued
        alike: dict[str, list[str]] = {}
        for node, quads in self._by_node.items():
            lines = _masked(quads, node)
            if len(lines) > 1:
                lines.sort()
            digest = self._first[node] = self._digest("".join(lines))
            alike.setdefault(digest, []).append(node)
        ties: list[list[str]] = []
        for digest in sorted(alike):
            nodes = alike[digest]
            if len(nodes) == 1:
                self._label(nodes[0])
            else:
                ties.append(nodes)
        for nodes in ties:
            results = [self._hash_n_degree(node, {node: "_:b0"}) for node in nodes if node not in self._issued]
            results.sort(key=lambda result: result[0])
            for _, issuer in results:
                for node in issuer:
                    self._label(node)
        return self._issued

    def _hash_n_degree(self, node: str, issuer: dict[str, str]) -> tuple[str, dict[str, str]]:
        """§4.8. `issuer` maps nodes to temporary labels, in the order they were issued."""
        if len(issuer) > MAX_PATH:
            raise _too_complex()
        data: list[str] = []
        related = self._related(node, issuer)
        for digest in sorted(related):
            data.append(digest)
            chosen = ""
            chosen_issuer = issuer
            for permutation in _permutations(related[digest]):
                self._spend(len(permutation) + len(issuer))
                found = self._path(permutation, issuer, chosen)
                if found is not None and (not chosen or found[0] < chosen):
                    chosen, chosen_issuer = found
            data.append(chosen)
            issuer = chosen_issuer
        return self._digest("".join(data)), issuer

    def _path(
        self, permutation: tuple[str, ...], issuer: dict[str, str], chosen: str
    ) -> tuple[str, dict[str, str]] | None:
        """§4.8.3 step 5.4, of one permutation. None: it cannot beat `chosen`."""
        labels = dict(issuer)
        path = ""
        unvisited: list[str] = []
        for other in permutation:
            label = self._issued.get(other)
            if label is None:
                if other not in labels:
                    unvisited.append(other)
                    labels[other] = f"_:b{len(labels)}"
                label = labels[other]
            path += label
            if _beaten(path, chosen):
                return None
        for other in unvisited:
            digest, result = self._hash_n_degree(other, labels)
            path += f"{labels[other]}<{digest}>"
            labels = result
            if _beaten(path, chosen):
                return None
        return path, labels

    def _related(self, node: str, issuer: dict[str, str]) -> dict[str, list[str]]:
        """§4.8.3 step 3: the other blank nodes of this node's quads, by the hash that relates them."""
        related: dict[str, list[str]] = {}
        self._spend(len(self._by_node[node]))
        for subject, predicate, object_, graph in self._by_node[node]:
            for other, position in ((subject, "s"), (object_, "o"), (graph[1:], "g")):
                if other[:1] == "_" and other != node:
                    label = self._issued.get(other) or issuer.get(other) or self._first[other]
                    text = position + ("" if position == "g" else predicate[1:-1]) + label
                    related.setdefault(self._digest(text), []).append(other)
        return related

    def _label(self, node: str) -> None:
        if node not in self._issued:
            self._issued[node] = f"_:c14n{len(self._issued)}"

    def _digest(self, text: str) -> str:
        digest: str = self._hash(text.encode()).hexdigest()
        return digest

    def _spend(self, steps: int) -> None:
        self._work -= steps
        if self._work < 0:
            raise _too_complex()


def _too_complex() -> Refused:
    return Refused(Reason.TOO_COMPLEX, "Too many parts without an identifier look alike.")


def _masked(quads: list[Quad], node: str) -> list[str]:
    """§4.6.3 step 3: the quads, telling this blank node from all others and nothing more."""
    lines: list[str] = []
    for subject, predicate, object_, graph in quads:
        if subject[0] == "_":
            subject = "_:a" if subject == node else "_:z"  # noqa: PLW2901 - as it stands in the line
        if object_[0] == "_":
            object_ = "_:a" if object_ == node else "_:z"  # noqa: PLW2901
        if graph[:2] == " _":
            graph = " _:a" if graph[1:] == node else " _:z"  # noqa: PLW2901
        lines.append(f"{subject}{predicate}{object_}{graph} .\n")
    return lines


def _beaten(path: str, chosen: str) -> bool:
    return bool(chosen) and len(path) >= len(chosen) and path > chosen


def _permutations(nodes: list[str]) -> Iterator[tuple[str, ...]]:
    """The distinct orders of a list that may repeat a node, as a graph name does once for each quad."""
    distinct = sorted(set(nodes))
    if len(distinct) == 1:
        yield tuple(nodes)
        return
    if len(nodes) > MAX_ALIKE:
        raise _too_complex()
    for first in distinct:
        rest = list(nodes)
        rest.remove(first)
        for tail in _permutations(rest):
            yield (first, *tail)
