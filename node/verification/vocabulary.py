"""What the words of a document mean to the one who signed it.

`eddsa-rdfc-2022` signs statements about IRIs, not the words a document uses for them: those come from its
`@context`, which is not signed. A holder can therefore write an inline context that gives one of the issuer's
IRIs another name (`"SurgeonLicence": "https://board.example#NursingLicence"`) and the signature still holds.
Where a proof leaves the words unsigned, names are taken from the IRIs instead: the part after the last `#`, `/`
or `:`. A word whose IRI ends otherwise is not read at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def types_of(document: Mapping[str, Any], *, words_signed: bool) -> tuple[str, ...]:
    """The credential's types, by the names its issuer signed."""
    stated = document.get("type")
    types = stated if isinstance(stated, list) else [stated]
    names = renamed(document) if not words_signed else {}
    return tuple(dict.fromkeys(names.get(one, one) for one in types if isinstance(one, str)))


def renamed(document: Mapping[str, Any]) -> dict[str, str]:
    """Words that inline contexts define under another name than their IRI's own: word → that name."""
    found: dict[str, str] = {}
    for word, iri in _definitions(document.get("@context")):
        name = _local_name(iri)
        if name != word:
            found[word] = name
    return found


def _local_name(iri: str) -> str:
    return iri[max(iri.rfind(mark) for mark in "#/:") + 1 :]


def _definitions(context: object) -> Iterator[tuple[str, str]]:
    """Every word inline contexts define, scoped ones included, with its IRI."""
    waiting = [context]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            for word, definition in item.items():
                iri = definition.get("@id") if isinstance(definition, dict) else definition
                if isinstance(definition, dict):
                    waiting.append(definition.get("@context"))
                if not word.startswith("@") and isinstance(iri, str) and not iri.endswith(("#", "/", ":")):
                    yield word, iri
