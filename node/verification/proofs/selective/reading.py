"""A document as statements, one line of N-Quads each: what these suites sign one by one."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from node.crypto import base64url
from node.verification.proofs.data_integrity.canonical import canonical_labels, written
from node.verification.proofs.data_integrity.documents import Documents
from node.verification.proofs.data_integrity.statements import Graph, Quad
from node.verification.proofs.selective.components import MAX_STATEMENTS, malformed
from node.verification.proofs.selective.selection import BadPointer, Selection, copied, select
from node.verification.proofs.selective.trace import Trace, TracedDataset
from node.verification.reasons import Reason
from node.verification.refusals import Refused

_LABEL = len("_:")
_NUMBER = len("_:c14n")


@dataclass(frozen=True, slots=True)
class Statements:
    """What a document says, in the order of the lines."""

    lines: tuple[str, ...]
    subject: str  # of the document itself, as the lines name it; empty: not known

    def places(self, others: Statements) -> frozenset[int]:
        """Where the statements stand that are among the others."""
        wanted = set(others.lines)
        return frozenset(place for place, line in enumerate(self.lines) if line in wanted)


@dataclass(frozen=True, slots=True)
class Reading:
    """A document read, its blank nodes under labels of the reading's own."""

    graphs: list[Graph]
    subject: str
    canonical: Mapping[str, str]  # its label of a blank node → the canonical one, `_:c14n…`

    def named(self, names: Mapping[str, str]) -> Statements:
        """With every blank node called what `names` calls it."""
        subject = names.get(self.subject, self.subject)
        return Statements(tuple(written(self.graphs, names)), subject)

    def numbers(self) -> dict[str, int]:
        """The canonical number of each blank node."""
        return {label: int(canonical[_NUMBER:]) for label, canonical in self.canonical.items()}

    def digests(self, key: bytes) -> dict[str, bytes]:
        """vc-di-ecdsa §3.4.4: an HMAC of each canonical label, which tells nothing of what was left out."""
        return {
            label: hmac.digest(key, canonical[_LABEL:].encode(), hashlib.sha256)
            for label, canonical in self.canonical.items()
        }

    def shuffled(self, key: bytes) -> dict[str, str]:
        """The same as names."""
        return {label: digest_name(digest) for label, digest in self.digests(key).items()}

    def mapped(self, names: Sequence[str]) -> dict[str, str]:
        """As a label map names them, by canonical number. Raises Refused(MALFORMED_PROOF)."""
        numbers = self.numbers()
        if len(numbers) != len(names):
            raise malformed("names more or fewer parts than there are")
        return {label: names[number] for label, number in numbers.items()}


class Whole:
    """A whole document, of which parts can be selected."""

    def __init__(self, document: Mapping[str, Any], documents: Documents) -> None:
        """Raises Refused."""
        self._documents = documents
        self._document = copied(document)
        self._trace = Trace()
        dataset = TracedDataset(self._document, documents.terms(), self._trace)
        if dataset.left_to_general:
            raise Refused(
                Reason.UNKNOWN_CRYPTOSUITE,
                f"It cannot be disclosed in parts here: it holds {dataset.left_to_general}.",
            )
        self.reading = _reading(dataset.graphs, dataset.subject)
        self._quads = _quads(self.reading.graphs)

    def part(self, pointers: Sequence[str]) -> tuple[dict[str, Any], Reading]:
        """What pointers select, as a document and read under the labels of the whole; empty without pointers.

        Raises BadPointer, Refused.
        """
        selection = select(self._document, pointers)
        if selection is None:
            return {}, Reading([], "", {})
        dataset = self._within(selection)
        if dataset is None:
            raise BadPointer(
                self._at_fault(pointers), "leads into a list or a value that is shown whole or not at all"
            )
        return selection.document, _reading(dataset.graphs, dataset.subject)

    def _within(self, selection: Selection) -> TracedDataset | None:
        """The selection, read; None: it says something that the whole does not, or nothing that can be read."""
        try:
            dataset = TracedDataset(selection.document, self._documents.terms(), self._trace, selection.origins)
        except Refused:
            return None
        return dataset if _quads(dataset.graphs) <= self._quads else None

    def _at_fault(self, pointers: Sequence[str]) -> str:
        """A pointer with which those before it, fine by themselves, are not to a part of the whole any more."""
        fine, wrong = 0, len(pointers)
        while wrong - fine > 1:
            middle = (fine + wrong) // 2
            selection = select(self._document, pointers[:middle])
            if selection and self._within(selection) is None:
                wrong = middle
            else:
                fine = middle
        return pointers[wrong - 1]


def read(document: Mapping[str, Any], documents: Documents) -> Reading:
    """A document by itself. Raises Refused."""
    return _reading(*documents.graphs(document))


def digest_name(digest: bytes) -> str:
    """vc-di-ecdsa §3.4.4: a blank node called `u` and its digest in base64url."""
    return "_:u" + base64url.encode(digest)


def _reading(graphs: list[Graph], subject: str) -> Reading:
    if len(_quads(graphs)) > MAX_STATEMENTS:
        raise Refused(Reason.TOO_COMPLEX, f"It makes more than {MAX_STATEMENTS} statements.")
    return Reading(graphs, subject, canonical_labels(graphs))


def _quads(graphs: Iterable[Graph]) -> frozenset[Quad]:
    return frozenset(quad for graph in graphs for quad in graph.quads())
