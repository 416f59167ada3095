"""Credentials inside a credential: where the standards put them, and what each must be about.

- `endorsement` and `endorsementJwt` of a credential, an achievement or a profile: somebody vouches for it
  (Open Badges 3.0 appendix B: AchievementCredential, Achievement, Profile; CLR 2.0: ClrCredential);
- `credentialSubject.verifiableCredential`: what a record holds (Comprehensive Learner Record 2.0: ClrSubject);
- `verifications` of a record in `credentialSubject`: what backs a line of a résumé (LER-RS, see ler_rs.py).

Each is judged by itself, by its own proof, status and issuer, and reported under what encloses it. None lends
its parent anything: an endorsement that holds makes no badge genuine, one that fails makes no badge false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from node.verification.ler_rs import is_resume, records_of

_ENDORSEMENTS = ("endorsement", "endorsementJwt")


class Relation(StrEnum):
    """What an enclosed credential is to the one that encloses it."""

    ENDORSEMENT = "endorsement"
    CONTAINED = "contained"
    VERIFICATION = "verification"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a credential is enclosed. Nothing of it is read yet."""

    relation: Relation
    member: str  # JSON pointer in the enclosing document
    about: frozenset[str]  # the ids it may be about; empty: the enclosing document names none
    value: object


def encloses_any(document: Mapping[str, Any]) -> bool:
    """Whether there may be any. Nearly always there is none, and this is all that is looked at."""
    if _is_endorsed(document) or _is_endorsed(document.get("issuer")):
        return True
    stated = document.get("credentialSubject")
    for subject in stated if type(stated) is list else (stated,):
        if type(subject) is dict and (
            "verifiableCredential" in subject
            or "achievement" in subject
            or "source" in subject
            or is_resume(document, subject)
        ):
            return True
    return False


def _is_endorsed(holder: object) -> bool:
    return type(holder) is dict and ("endorsement" in holder or "endorsementJwt" in holder)


def places(document: Mapping[str, Any]) -> Iterator[Place]:
    """Every place in `document` where a credential is enclosed, as far as the standards say; not deeper."""
    subjects = list(_entries(document, "credentialSubject", ""))
    yield from _endorsements(document, "", lambda: _endorsable(document, subjects))
    yield from _of_profile(document, "issuer", "")
    for subject, member in subjects:
        yield from _of_profile(subject, "source", member)
        for achievement, where in _entries(subject, "achievement", member):
            yield from _endorsements(achievement, where, lambda one=achievement: _ids(one))
            yield from _of_profile(achievement, "creator", where)
        yield from _listed(subject, "verifiableCredential", member, Relation.CONTAINED, _ids(subject))
        for record in records_of(document, subject, member):
            yield from _listed(
                record.item, "verifications", record.member, Relation.VERIFICATION, _ids(subject)
            )


def _endorsable(
    document: Mapping[str, Any], subjects: Sequence[tuple[Mapping[str, Any], str]]
) -> frozenset[str]:
    """OB 3.0, AchievementCredential: "claims about the credential, and the achievement and profiles in" it."""
    found = _ids(document) | _ids(document.get("issuer"))
    for subject, _ in subjects:
        found |= _ids(subject.get("source"))
        for achievement, _ in _entries(subject, "achievement", ""):
            found |= _ids(achievement) | _ids(achievement.get("creator"))
    return found


def _of_profile(holder: Mapping[str, Any], name: str, member: str) -> Iterator[Place]:
    profile = holder.get(name)
    if isinstance(profile, dict):
        yield from _endorsements(profile, f"{member}/{name}", lambda: _ids(profile))


def _endorsements(holder: Mapping[str, Any], member: str, about: Any) -> Iterator[Place]:
    for name in _ENDORSEMENTS:
        if name in holder:
            yield from _listed(holder, name, member, Relation.ENDORSEMENT, about())


def _listed(
    holder: Mapping[str, Any], name: str, member: str, relation: Relation, about: frozenset[str]
) -> Iterator[Place]:
    """Each value of a member that holds one or several."""
    if name not in holder:
        return
    stated = holder[name]
    for i, value in enumerate(stated if isinstance(stated, list) else [stated]):
        where = f"{member}/{name}/{i}" if isinstance(stated, list) else f"{member}/{name}"
        yield Place(relation, where, about, value)


def _entries(holder: Mapping[str, Any], name: str, member: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """The objects of a member, and the pointer to each."""
    stated = holder.get(name)
    if isinstance(stated, dict):
        yield stated, f"{member}/{name}"
    elif isinstance(stated, list):
        for i, one in enumerate(stated):
            if isinstance(one, dict):
                yield one, f"{member}/{name}/{i}"


def _ids(value: object) -> frozenset[str]:
    found = value.get("id") if isinstance(value, dict) else value
    return frozenset({found} if isinstance(found, str) and found else ())
