"""The RDF of a document: graphs of statements, gathered by subject.

Canonical N-Quads stand in code point order, so all of one subject stand together, in the order of what follows
it. Statements about a blank node are kept without its name, so that each of its names can be put in front;
those whose object is one wait in a list of their own until it has its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import eq

# subject, " <predicate> ", object, "" or " graph".
Quad = tuple[str, str, str, str]


class Graph:
    """The statements of one graph. A blank node is written `_:label`."""

    __slots__ = ("links", "name", "tails")

    def __init__(self, name: str = "") -> None:
        self.name = name  # "" for the default graph, else " <iri>" or " _:label"
        self.tails: dict[str, list[str]] = {}  # subject → " predicate object", the object no blank node
        self.links: list[tuple[str, str, str]] = []  # those whose object is one, as in a Quad

    def add(self, subject: str, predicate: str, object_: str) -> None:
        """One statement; `predicate` as in a Quad."""
        if object_[0] == "_":
            self.links.append((subject, predicate, object_))
        else:
            tails = self.tails.get(subject)
            if tails is None:
                tails = self.tails[subject] = []
            tails.append(predicate + object_)

    @property
    def empty(self) -> bool:
        return not (self.links or any(self.tails.values()))

    def settle(self) -> None:
        """In order, and each statement once: RDF knows no repetition."""
        for subject, tails in self.tails.items():
            if len(tails) > 1:
                tails.sort()
                if any(map(eq, tails, islice(tails, 1, None))):  # a third of the time a set takes
                    self.tails[subject] = list(dict.fromkeys(tails))
        if len(self.links) > 1:
            self.links = list(dict.fromkeys(self.links))

    def quads(self) -> Iterator[Quad]:
        """All of them."""
        for subject, tails in self.tails.items():
            for tail in tails:
                end = tail.index("> ") + 2  # no predicate holds a space
                yield subject, tail[:end], tail[end:], self.name
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
