"""The RDF of a document, graph by graph: statements that name a blank node apart from those that name none.

Most name none, and are written at once as they will stand in the canonical document. Those whose subject is
one are kept by that node, without it, so that each of its names can be put in front.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import eq

# subject, " <predicate> ", object, "" or " graph".
Quad = tuple[str, str, str, str]


class Graph:
    """The statements of one graph. A blank node is written `_:label`."""

    __slots__ = ("fixed", "hanging", "links", "name")

    def __init__(self, name: str = "") -> None:
        self.name = name  # "" for the default graph, else " <iri>" or " _:label"
        self.fixed: list[str] = []  # "subject predicate object", no blank node in it
        self.hanging: dict[str, list[str]] = {}  # blank subject → " predicate object", none in those
        self.links: list[tuple[str, str, str]] = []  # those whose object is a blank node

    def add(self, subject: str, predicate: str, object_: str) -> None:
        """One statement; `predicate` as in a Quad."""
        if object_[0] == "_":
            self.links.append((subject, predicate, object_))
        elif subject[0] == "_":
            self.hanging.setdefault(subject, []).append(predicate + object_)
        else:
            self.fixed.append(subject + predicate + object_)

    @property
    def empty(self) -> bool:
        return not (self.fixed or self.links or any(self.hanging.values()))

    def settle(self) -> None:
        """Sorted, and each statement once: RDF knows no repetition."""
        self.fixed = _once(self.fixed)
        for subject, rests in self.hanging.items():
            if len(rests) > 1:
                self.hanging[subject] = _once(rests)
        if len(self.links) > 1:
            self.links = list(dict.fromkeys(self.links))

    def quads(self) -> Iterator[Quad]:
        """All of them."""
        for line in self.fixed:
            end = line.index("> ") + 1
            yield (line[:end], *_halves(line[end:]), self.name)
        for subject, rests in self.hanging.items():
            for rest in rests:
                yield (subject, *_halves(rest), self.name)
        for subject, predicate, object_ in self.links:
            yield subject, predicate, object_, self.name


def graphs_of(quads: Iterable[Quad]) -> list[Graph]:
    """Quads, by graph."""
    found: dict[str, Graph] = {}
    for subject, predicate, object_, name in quads:
        graph = found.get(name)
        if graph is None:
            graph = found[name] = Graph(name)
        graph.add(subject, predicate, object_)
    return list(found.values())


def _once(lines: list[str]) -> list[str]:
    lines.sort()
    if any(map(eq, lines, islice(lines, 1, None))):  # a third of the time a set takes
        return list(dict.fromkeys(lines))
    return lines


def _halves(rest: str) -> tuple[str, str]:
    """Predicate and object: no predicate holds a space."""
    end = rest.index("> ") + 2
    return rest[:end], rest[end:]
