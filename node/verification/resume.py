"""A résumé (LER-RS, see ler_rs.py) line by line: what it says, and whether a credential that holds backs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from node.verification.enclosed import Relation
from node.verification.ler_rs import Found, is_resume, records_of
from node.verification.plain_text import first_text, objects
from node.verification.verdict import Backing, Decision, EnclosedVerdict, Record

MAX_RECORDS = 100

_SUBJECT = "/credentialSubject"

# Per list: where a record's title stands, and whose it is. A pair is a member of the objects in another member.
_Place = str | tuple[str, str]
_TITLES: Mapping[str, tuple[_Place, ...]] = {
    "employmentHistories": ("title", ("positionHistories", "title"), "position"),
    "educationAndLearnings": (("educationDegrees", "name"), ("programs", "name"), "name", "title"),
}
_OTHER_TITLES: tuple[_Place, ...] = ("name", "title", "certificationName", "licenseName", "text", "narrative")
_WHOSE: tuple[_Place, ...] = (
    ("organization", "tradeName"),
    ("organization", "name"),
    ("organization", "legalName"),
    ("institution", "name"),
    ("issuingAuthority", "name"),
    "employer",
    "narrative",
)


def read_resume(document: Mapping[str, Any], enclosed: Sequence[EnclosedVerdict]) -> tuple[Record, ...]:
    """`document` is one whose proof passed. No records: it is no résumé."""
    stated = document["credentialSubject"]
    subjects = stated if isinstance(stated, list) else [stated]
    if not [subject for subject in subjects if is_resume(document, subject)]:
        return ()
    found = (
        record
        for i, subject in enumerate(subjects)
        for record in records_of(document, subject, f"{_SUBJECT}/{i}" if subjects is stated else _SUBJECT)
        if record.whole
    )
    return tuple(_record(record, enclosed) for record in islice(found, MAX_RECORDS))


def _record(found: Found, enclosed: Sequence[EnclosedVerdict]) -> Record:
    attached = [
        one
        for one in enclosed
        if one.relation is Relation.VERIFICATION and one.member.startswith(found.member + "/")
    ]
    backing = Backing.SELF_ASSERTED
    if attached:
        good = any(one.verdict.decision is Decision.ACCEPT for one in attached)
        backing = Backing.BACKED if good else Backing.NOT_BACKED
    title = _told(found.item, _TITLES.get(found.kind, _OTHER_TITLES))
    detail = _told(found.item, _WHOSE)
    return Record(
        found.kind,
        title,
        detail if detail != title else "",
        found.member,
        backing,
        tuple(one.member for one in attached),
    )


def _told(item: Mapping[str, Any], places: Sequence[_Place]) -> str:
    for place in places:
        if isinstance(place, str):
            text = first_text(item, place)
        else:
            text = next(
                (one for part in objects(item.get(place[0])) if (one := first_text(part, place[1]))), ""
            )
        if text:
            return text
    return ""
