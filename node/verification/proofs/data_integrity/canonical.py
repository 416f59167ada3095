"""RDF Dataset Canonicalization, RDFC-1.0, within a budget of work.

Blank nodes that look alike cost the factorial of their number: a few hundred bytes can keep a processor
busy for years ("poison graphs", RDFC-1.0 §7.1). Everything done to tell them apart is counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Any

from node.verification.proofs.data_integrity.statements import Graph, Quad
from node.verification.reasons import Reason
from node.verification.refusals import Refused

Hash = Callable[[bytes], Any]

WORK_LIMIT = 25_000  # steps of about a microsecond; the hardest graph of the W3C suite takes 22,680
MAX_PATH = 200  # blank nodes visited one from another
MAX_ALIKE = 64  # alike relations of one node; with any order among them, far beyond the budget


def canonical_graphs(graphs: list[Graph], *, work: int = WORK_LIMIT, hash_: Hash = hashlib.sha256) -> str:
    """The canonical N-Quads document of a dataset by graphs, no two of one name. They are used up.

    Raises Refused(TOO_COMPLEX) once `work` is spent.
    """
    return _text(graphs, canonical_labels(graphs, work=work, hash_=hash_))


def canonical_labels(
    graphs: list[Graph], *, work: int = WORK_LIMIT, hash_: Hash = hashlib.sha256
) -> dict[str, str]:
    """The canonical label, `_:c14n…`, of each blank node of a dataset, which is left settled.

    Raises Refused(TOO_COMPLEX).
    """
    for graph in graphs:
        graph.settle()
    blank = _blank_nodes(graphs)
    if len(blank) > 1:
        return _Canonicalization(graphs, work, hash_).issue()
    return dict.fromkeys(blank, "_:c14n0")  # as in every proof: it is the first, whatever its hash


def written(graphs: list[Graph], names: Mapping[str, str]) -> list[str]:
    """The sorted lines of N-Quads of a settled dataset, each blank node called what `names` calls it."""
    return [f"{line}\n" for line in _text(graphs, names).split("\n")[:-1]]


def _text(graphs: list[Graph], names: Mapping[str, str]) -> str:
    blocks: list[str] = []
    for graph in graphs:
        blocks += _blocks(graph, names)
    blocks.sort()  # one for each subject of a graph: in their order, all of the graph's lines are in theirs
    return "".join(blocks) if len(graphs) == 1 else _interleaved(blocks)


def _interleaved(blocks: list[str]) -> str:
    """Blocks in their order, where several may be of one subject."""
    text = ""
    for _, of_one in groupby(blocks, _subject):
        first, *others = of_one
        text += _merged([first, *others]) if others else first
    return text


def _subject(block: str) -> str:
    return block[: block.index(" ")]


def _merged(blocks: list[str]) -> str:
    lines = "".join(blocks).split("\n")[:-1]
    lines.sort()
    return "\n".join([*lines, ""])


def _blank_nodes(graphs: list[Graph]) -> set[str]:
    found: set[str] = set()
    for graph in graphs:
        found.update([subject for subject, tails in graph.tails.items() if subject[0] == "_" and tails])
        for subject, _, object_ in graph.links:
            found.add(object_)
            if subject[0] == "_":
                found.add(subject)
        if graph.name[:2] == " _":
            found.add(graph.name[1:])
    return found


def _blocks(graph: Graph, names: Mapping[str, str]) -> Iterator[str]:
    """The lines of each subject in a settled graph, in their order."""
    linked: dict[str, list[str]] = {}
    for subject, predicate, object_ in graph.links:
        linked.setdefault(subject, []).append(predicate + names[object_])
    name = graph.name
    end = f" {names[name[1:]]} .\n" if name[:2] == " _" else f"{name} .\n"
    for subject, tails in graph.tails.items():
        own = sorted(tails + linked.pop(subject)) if subject in linked else tails
        if own:
            front = names.get(subject, subject)
            yield f"{front}{(end + front).join(own)}{end}"
    for subject, own in linked.items():
        front = names.get(subject, subject)
        yield f"{front}{(end + front).join(sorted(own))}{end}"


def _masked(graphs: list[Graph]) -> dict[str, list[str]]:
    """§4.6.3 step 3, of every blank node: its quads, telling it from all others and nothing more."""
    masked: dict[str, list[str]] = {}
    for graph in graphs:
        name = graph.name
        blank = name[1:] if name[:2] == " _" else ""  # the node that names the graph
        named = masked.setdefault(blank, []) if blank else []
        end = " _:z .\n" if blank else f"{name} .\n"
        for subject, tails in graph.tails.items():
            if not tails:
                continue  # of which only links say anything
            if subject == blank:
                named += [f"_:a{tail} _:a .\n" for tail in tails]
                continue
            if subject[0] == "_":
                masked.setdefault(subject, []).extend([f"_:a{tail}{end}" for tail in tails])
            if blank:
                shown = "_:z" if subject[0] == "_" else subject
                named += [f"{shown}{tail} _:a .\n" for tail in tails]
        for subject, predicate, object_ in graph.links:
            for node in dict.fromkeys((subject, object_, blank)):
                if node[:1] == "_":
                    s = subject if subject[0] != "_" else "_:a" if subject == node else "_:z"
                    o = "_:a" if object_ == node else "_:z"
                    g = end if blank != node else " _:a .\n"
                    masked.setdefault(node, []).append(f"{s}{predicate}{o}{g}")
    return masked


class _Canonicalization:
    """The canonicalization state of RDFC-1.0 §4.2, for one dataset."""

    def __init__(self, graphs: list[Graph], work: int, hash_: Hash) -> None:
        self._graphs = graphs
        self._by_node: dict[str, list[Quad]] = {}  # the quads of each, where hashes leave a tie
        self._work = work
        self._hash = hash_
        self._first: dict[str, str] = {}  # hash first degree quads, by node
        self._issued: dict[str, str] = {}  # the canonical issuer

    def issue(self) -> dict[str, str]:
        """§4.4.3 steps 3 to 5: the canonical label of every blank node."""
        alike: dict[str, list[str]] = {}
        for node, lines in _masked(self._graphs).items():
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
        if ties:
            self._by_node = _by_node(self._graphs)
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


def _by_node(graphs: list[Graph]) -> dict[str, list[Quad]]:
    """The quads each blank node stands in."""
    found: dict[str, list[Quad]] = {}
    for graph in graphs:
        for quad in graph.quads():
            for node in dict.fromkeys((quad[0], quad[2], quad[3][1:])):
                if node[:1] == "_":
                    found.setdefault(node, []).append(quad)
    return found


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
