"""The Learner/Employment Record – Resume Standard (HR Open, LER-RS 4.4 and 4.5): a résumé as a credential.

Its subject is the person, whose records stand in lists: `employmentHistories`, `educationAndLearnings`,
`certifications`, `licenses`, `skills`, … Each record may hold `verifications`, credentials that back it. What a
record says itself are the words of whoever made the résumé, whatever is attached to it: an attached
credential says only what it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 4  # of lists and objects inside a record, searched for records of its own

_TYPES = ("LER-RS", "LERRS")  # 4.4 and 4.5 name it by the address of its schema, …/LER-RSType.json
_LISTS = (
    "employmentHistories",
    "educationAndLearnings",
    "certifications",
    "licenses",
    "skills",
    "employmentPreferences",
    "militaryHistories",
    "publications",
    "attachments",
    "narratives",
)
_TELLING = frozenset({"employmentHistories", "educationAndLearnings"})  # no other vocabulary has these


@dataclass(frozen=True, slots=True)
class Found:
    """One record of a résumé, or a part of one that has verifications of its own."""

    kind: str  # the list it stands in
    member: str  # JSON pointer in the document
    item: Mapping[str, Any]
    whole: bool  # False: a part of the record before it


def records_of(document: Mapping[str, Any], subject: Mapping[str, Any], member: str) -> Iterator[Found]:
    """The records of a résumé; none of any other credential. `member`: pointer to `subject`."""
    if not is_resume(document, subject):
        return
    for kind in _LISTS:
        stated = subject.get(kind)
        for i, item in enumerate(stated if isinstance(stated, list) else [stated]):
            where = f"{member}/{kind}/{i}" if isinstance(stated, list) else f"{member}/{kind}"
            if isinstance(item, dict):
                yield Found(kind, where, item, whole=True)
                yield from _parts(kind, where, item, 1)


def _parts(kind: str, member: str, item: Mapping[str, Any], depth: int) -> Iterator[Found]:
    """E.g. `positionHistories` of an employment: each position may be verified by itself."""
    if depth > MAX_DEPTH:
        return
    for name, value in item.items():
        if name == "verifications" or not isinstance(value, dict | list):
            continue
        pointer = name.replace("~", "~0").replace("/", "~1")
        for i, one in enumerate(value if isinstance(value, list) else [value]):
            where = f"{member}/{pointer}/{i}" if isinstance(value, list) else f"{member}/{pointer}"
            if isinstance(one, dict):
                if "verifications" in one:
                    yield Found(kind, where, one, whole=False)
                yield from _parts(kind, where, one, depth + 1)


def is_resume(document: Mapping[str, Any], subject: Mapping[str, Any]) -> bool:
    """Whether it is one, by its types or by lists that no other vocabulary has."""
    if not _TELLING.isdisjoint(subject) or _says_so(document.get("type")) or _says_so(subject.get("type")):
        return True
    nested = subject.get("lerrsType")
    return isinstance(nested, dict) and _says_so(nested.get("type"))


def _says_so(types: object) -> bool:
    for one in types if type(types) is list else (types,):
        if type(one) is str and (_TYPES[0] in one or _TYPES[1] in one):
            return True
    return False
