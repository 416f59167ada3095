"""What a person wants to read first: what was awarded, to whom, by whom, until when, with which skills.

Reads only what was signed; nothing here is checked again, so it is made only after the proof passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from node.verification.credential_types import display_name
from node.verification.presentation import types_of
from node.verification.verdict import Skill, Summary

MAX_SKILLS = 50
MAX_CHARS = 200  # of any one text

_JOINERS = "\u200c\u200d"  # not printable by Unicode's letter, needed to write Persian and Hindi names
_CARRIERS = frozenset({"VerifiableCredential", "OpenBadgeCredential", "AchievementCredential"})
_RUBRICS = frozenset({"CFRubric", "CFRubricCriterion", "CFRubricCriterionLevel"})
_FRAMEWORK_HOSTS = (("data.europa.eu/esco", "ESCO"), ("onetonline.org", "O*NET"), ("onetcenter.org", "O*NET"))
_SKILL_MEMBERS = ("skill", "skills", "hasSkill", "competency", "competencies", "hasCompetency", "knowsAbout")


def summarise(credential: Mapping[str, Any], recognised_name: str = "") -> Summary:
    """`credential` is one whose proof passed; `recognised_name` is what the ledger calls its issuer."""
    types = types_of(credential)
    issuer = credential["issuer"]
    subjects = _objects(credential.get("credentialSubject"))
    subject = subjects[0] if subjects else {}
    achievements = [one for subject in subjects for one in _objects(subject.get("achievement"))]
    return Summary(
        title=_title(credential, achievements, types),
        types=types,
        subject_name=_person_name(subject),
        subject_id=_id(subject),
        issuer_did=_id(issuer),
        issuer_claimed_name=_text(issuer.get("name")) if isinstance(issuer, dict) else "",
        issuer_recognised_name=recognised_name,
        valid_from=_text(credential.get("validFrom")) or _text(credential.get("issuanceDate")),
        valid_until=_text(credential.get("validUntil")) or _text(credential.get("expirationDate")),
        skills=_skills(subjects),
    )


def _id(value: object) -> str:
    """The id of something that may be an id alone. A DID is shown whole: a part of one is another."""
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""


def _title(credential: Mapping[str, Any], achievements: list[Mapping[str, Any]], types: tuple[str, ...]) -> str:
    named = _text(credential.get("name")) or next((_text(one.get("name")) for one in achievements), "")
    if named:
        return named
    specific = [one for one in types if one not in _CARRIERS] or list(types)
    return display_name(_text(specific[0]) if specific else "")


def _person_name(subject: Mapping[str, Any]) -> str:
    for member in ("name", "fullName", "legalName"):
        if name := _text(subject.get(member)):
            return name
    for names in (("givenName", "familyName"), ("given_name", "family_name")):  # the latter in SD-JWT VC
        parts = [_text(subject.get(member)) for member in names]
        if any(parts):
            return " ".join(part for part in parts if part)
    for identity in _objects(subject.get("identifier")):  # Open Badges 3.0 §B.1.13, IdentityObject
        if identity.get("identityType") == "name" and identity.get("hashed") is False:
            return _text(identity.get("identityHash"))
    return ""


def _skills(subjects: Sequence[Mapping[str, Any]]) -> tuple[Skill, ...]:
    found: dict[tuple[str, str], Skill] = {}
    for subject in subjects:
        for skill in (*_badge_skills(subject), *_plain_skills(subject)):
            key = (skill.name.casefold(), skill.framework.casefold())
            known = found.get(key)
            if skill.name and (known is None or not known.proficiency):
                found[key] = skill
            if len(found) == MAX_SKILLS:
                return tuple(found.values())
    return tuple(found.values())


def _badge_skills(subject: Mapping[str, Any]) -> Iterator[Skill]:
    """Open Badges 3.0 §B.1: results give the proficiency, alignments the skills."""
    results = _objects(subject.get("result"))
    for achievement in _objects(subject.get("achievement")):
        described = {_id(one): one for one in _objects(achievement.get("resultDescription"))}
        for result in results:
            stated = result.get("resultDescription")
            description = described.get(stated, {}) if isinstance(stated, str) and stated else {}
            proficiency = _proficiency(result, description)
            alignments = [*_objects(result.get("alignment")), *_objects(description.get("alignment"))]
            if not alignments and description:
                yield Skill(_text(description.get("name")), proficiency)
            for alignment in alignments:
                yield _aligned(alignment, proficiency)
        for alignment in _objects(achievement.get("alignment")):
            if _text(alignment.get("targetType")) not in _RUBRICS:
                yield _aligned(alignment, "")


def _proficiency(result: Mapping[str, Any], description: Mapping[str, Any]) -> str:
    """The level's own name, or the mark with its scale."""
    achieved = result.get("achievedLevel")
    for level in _objects(description.get("rubricCriterionLevel")):
        if isinstance(achieved, str) and level.get("id") == achieved:
            return _text(level.get("name")) or _text(level.get("level"))
    value, kind = _text(result.get("value")), _text(description.get("resultType"))
    if not value:
        return ""
    if kind == "Percent":
        return f"{value} %"
    highest = _text(description.get("valueMax"))
    return f"{value} of {highest}" if highest and kind in {"RawScore", "GradePointAverage"} else value


def _aligned(alignment: Mapping[str, Any], proficiency: str) -> Skill:
    framework = _text(alignment.get("targetFramework"))
    address = _text(alignment.get("targetUrl"))
    if not framework:
        framework = next((name for host, name in _FRAMEWORK_HOSTS if host in address), "")
    return Skill(_text(alignment.get("targetName")), proficiency, framework)


def _plain_skills(subject: Mapping[str, Any]) -> Iterator[Skill]:
    """Skills as simpler vocabularies write them: words, or objects with a name and a level."""
    for member in _SKILL_MEMBERS:
        if member not in subject:
            continue
        stated = subject[member]
        for one in stated if isinstance(stated, list) else [stated]:
            if isinstance(one, str):
                yield Skill(_text(one))
            elif isinstance(one, dict):
                yield Skill(
                    _first(one, "name", "title", "label", "prefLabel", "skill"),
                    _first(one, "proficiency", "proficiencyLevel", "level", "skillLevel"),
                    _first(one, "framework", "targetFramework", "inDefinedTermSet"),
                )


def _first(item: Mapping[str, Any], *members: str) -> str:
    return next((text for member in members if (text := _text(item.get(member)))), "")


def _objects(value: object) -> Sequence[Mapping[str, Any]]:
    """The objects of a member that may hold one or several."""
    if isinstance(value, dict):
        return (value,)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else ()


def _text(value: object) -> str:
    """A text fit for one line. VCDM 2.0 §11.1: it may be a language value object, or several; English first."""
    if type(value) is str and len(value) <= MAX_CHARS and value.isprintable():  # as nearly all are
        return value
    if isinstance(value, list):
        spoken = sorted(_objects(value), key=lambda one: not str(one.get("@language", "")).startswith("en"))
        value = spoken[0] if spoken else next((one for one in value if isinstance(one, str)), "")
    if isinstance(value, dict):
        value = value.get("@value", value.get("name"))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)[: MAX_CHARS + 1]
    if not text.isprintable():
        text = "".join(c if c.isprintable() or c in _JOINERS else " " for c in text).strip()
    return text if len(text) <= MAX_CHARS else text[: MAX_CHARS - 1] + "…"
