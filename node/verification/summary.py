"""What a person wants to read first: what was awarded, to whom, by whom, until when, with which skills.

Reads only what was signed; nothing here is checked again, so it is made only after the proof passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from node.verification.credential_types import display_name
from node.verification.plain_text import first_text, id_of, objects, text_of
from node.verification.secured import types_of
from node.verification.verdict import Link, Mention, Skill, Summary

MAX_SKILLS = 50
MAX_MENTIONS = 16  # of pieces of evidence, terms, services, links

_CARRIERS = frozenset({"VerifiableCredential", "OpenBadgeCredential", "AchievementCredential"})
_RUBRICS = frozenset({"CFRubric", "CFRubricCriterion", "CFRubricCriterionLevel"})
_FRAMEWORK_HOSTS = (("data.europa.eu/esco", "ESCO"), ("onetonline.org", "O*NET"), ("onetcenter.org", "O*NET"))
_SKILL_MEMBERS = ("skill", "skills", "hasSkill", "competency", "competencies", "hasCompetency", "knowsAbout")
_TELLS_SKILLS = frozenset({"achievement", *_SKILL_MEMBERS})


def summarise(credential: Mapping[str, Any], recognised_name: str = "") -> Summary:
    """`credential` is one whose proof passed; `recognised_name` is what the ledger calls its issuer."""
    types = types_of(credential)
    issuer = credential["issuer"]
    subjects = objects(credential.get("credentialSubject"))
    subject = subjects[0] if subjects else {}
    achievements = [one for each in subjects if "achievement" in each for one in objects(each["achievement"])]
    return Summary(
        title=_title(credential, achievements, types),
        types=types,
        subject_name=_person_name(subject),
        subject_id=id_of(subject),
        issuer_did=id_of(issuer),
        issuer_claimed_name=text_of(issuer.get("name")) if isinstance(issuer, dict) else "",
        issuer_recognised_name=recognised_name,
        valid_from=text_of(credential.get("validFrom")) or text_of(credential.get("issuanceDate")),
        valid_until=text_of(credential.get("validUntil")) or text_of(credential.get("expirationDate")),
        skills=_skills(subjects),
        description=text_of(credential.get("description"))
        or next((text for one in achievements if (text := text_of(one.get("description")))), ""),
        evidence=_mentions(credential, "evidence") if "evidence" in credential else (),
        terms_of_use=_mentions(credential, "termsOfUse") if "termsOfUse" in credential else (),
        refresh_services=_mentions(credential, "refreshService") if "refreshService" in credential else (),
        links=_links(subjects, achievements),
    )


def _mentions(credential: Mapping[str, Any], member: str) -> tuple[Mention, ...]:
    """VCDM 2.0 §5.4 to §5.6. They are shown to whoever decides; nothing here acts on them, or visits them."""
    stated = credential[member]
    found = []
    for one in (stated if isinstance(stated, list) else [stated])[:MAX_MENTIONS]:
        if isinstance(one, dict):
            kind = next((text_of(name) for name in types_of(one)), "")
            words = text_of(one.get("name"))
            detail = first_text(one, "narrative", "description", "genre")
            address = id_of(one) or text_of(one.get("url"))
            found.append(Mention(kind, words, detail, text_of(address)))
        elif isinstance(one, str):
            found.append(Mention(address=text_of(one)))
    return tuple(found)


def _links(
    subjects: Sequence[Mapping[str, Any]], achievements: Sequence[Mapping[str, Any]]
) -> tuple[Link, ...]:
    """CLR 2.0 Association: how what is in a record hangs together, by its ids. None is followed anywhere."""
    linked = [subject for subject in subjects if "association" in subject]
    if not linked:
        return ()
    stated = [one for subject in linked for one in objects(subject["association"])][:MAX_MENTIONS]
    held = [one for subject in subjects for one in objects(subject.get("verifiableCredential"))]
    inner = [subject for one in held for subject in objects(one.get("credentialSubject"))]
    known = [*achievements, *held, *(one for subject in inner for one in objects(subject.get("achievement")))]
    names = {id_of(one): text_of(one.get("name")) for one in known if id_of(one)}
    return tuple(_link(one, names) for one in stated)


def _link(stated: Mapping[str, Any], names: Mapping[str, str]) -> Link:
    source, target = id_of(stated.get("sourceId")), id_of(stated.get("targetId"))
    return Link(
        text_of(stated.get("associationType")),
        names.get(source) or text_of(source),
        names.get(target) or text_of(target),
        resolved=source in names and target in names,
    )


def _title(credential: Mapping[str, Any], achievements: list[Mapping[str, Any]], types: tuple[str, ...]) -> str:
    named = text_of(credential.get("name")) or next((text_of(one.get("name")) for one in achievements), "")
    if named:
        return named
    specific = [one for one in types if one not in _CARRIERS] or list(types)
    return display_name(text_of(specific[0]) if specific else "")


def _person_name(subject: Mapping[str, Any]) -> str:
    for member in ("name", "fullName", "legalName"):
        if member in subject and (name := text_of(subject[member])):
            return name
    for names in (("givenName", "familyName"), ("given_name", "family_name")):  # the latter in SD-JWT VC
        parts = [text for member in names if member in subject and (text := text_of(subject[member]))]
        if parts:
            return " ".join(parts)
    for identity in objects(subject.get("identifier")):  # Open Badges 3.0 §B.1.13, IdentityObject
        if identity.get("identityType") == "name" and identity.get("hashed") is False:
            return text_of(identity.get("identityHash"))
    return ""


def _skills(subjects: Sequence[Mapping[str, Any]]) -> tuple[Skill, ...]:
    found: dict[tuple[str, str], Skill] = {}
    for subject in subjects:
        if _TELLS_SKILLS.isdisjoint(subject):
            continue
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
    results = objects(subject.get("result"))
    for achievement in objects(subject.get("achievement")):
        described = {id_of(one): one for one in objects(achievement.get("resultDescription"))}
        for result in results:
            stated = result.get("resultDescription")
            description = described.get(stated, {}) if isinstance(stated, str) and stated else {}
            proficiency = _proficiency(result, description)
            alignments = [*objects(result.get("alignment")), *objects(description.get("alignment"))]
            if not alignments and description:
                yield Skill(text_of(description.get("name")), proficiency)
            for alignment in alignments:
                yield _aligned(alignment, proficiency)
        for alignment in objects(achievement.get("alignment")):
            if text_of(alignment.get("targetType")) not in _RUBRICS:
                yield _aligned(alignment, "")


def _proficiency(result: Mapping[str, Any], description: Mapping[str, Any]) -> str:
    """The level's own name, or the mark with its scale."""
    achieved = result.get("achievedLevel")
    for level in objects(description.get("rubricCriterionLevel")):
        if isinstance(achieved, str) and level.get("id") == achieved:
            return text_of(level.get("name")) or text_of(level.get("level"))
    value, kind = text_of(result.get("value")), text_of(description.get("resultType"))
    if not value:
        return ""
    if kind == "Percent":
        return f"{value} %"
    highest = text_of(description.get("valueMax"))
    return f"{value} of {highest}" if highest and kind in {"RawScore", "GradePointAverage"} else value


def _aligned(alignment: Mapping[str, Any], proficiency: str) -> Skill:
    framework = text_of(alignment.get("targetFramework"))
    address = text_of(alignment.get("targetUrl"))
    if not framework:
        framework = next((name for host, name in _FRAMEWORK_HOSTS if host in address), "")
    return Skill(text_of(alignment.get("targetName")), proficiency, framework)


def _plain_skills(subject: Mapping[str, Any]) -> Iterator[Skill]:
    """Skills as simpler vocabularies write them: words, or objects with a name and a level."""
    for member in _SKILL_MEMBERS:
        if member not in subject:
            continue
        stated = subject[member]
        for one in stated if isinstance(stated, list) else [stated]:
            if isinstance(one, str):
                yield Skill(text_of(one))
            elif isinstance(one, dict):
                yield Skill(
                    first_text(one, "name", "title", "label", "prefLabel", "skill"),
                    first_text(one, "proficiency", "proficiencyLevel", "level", "skillLevel"),
                    first_text(one, "framework", "targetFramework", "inDefinedTermSet"),
                )
