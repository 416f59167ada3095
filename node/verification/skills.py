"""Which of the skills asked for are proven, and by which credential.

A skill is proven by a credential that is accepted by itself: presented, or held in one that is presented. What
an endorsement says of a skill proves none, and neither does a line of a résumé.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from node.verification.enclosed import Relation
from node.verification.verdict import (
    Attestation,
    CredentialVerdict,
    Decision,
    Skill,
    SkillAnswer,
    SkillStanding,
)


def answer_skills(asked: Iterable[str], credentials: Sequence[CredentialVerdict]) -> tuple[SkillAnswer, ...]:
    """In the order asked. A skill is known by its name, whatever the case and spacing."""
    held = list(_held(credentials, ""))
    return tuple(_answer(name, held) for name in asked)


def _answer(name: str, held: Sequence[tuple[str, CredentialVerdict]]) -> SkillAnswer:
    found = [
        Attestation(place, skill.proficiency, skill.framework, one.decision)
        for place, one in held
        if one.summary is not None
        for skill in one.summary.skills
        if _key(skill) == _folded(name)
    ]
    proofs = tuple(one for one in found if one.decision is Decision.ACCEPT)
    if proofs:
        return SkillAnswer(name, SkillStanding.PROVEN, proofs)
    if found:
        return SkillAnswer(name, SkillStanding.NOT_ACCEPTED, tuple(found))
    said = any(
        record.kind == "skills" and _folded(record.title) == _folded(name)
        for _, one in held
        for record in one.records
    )
    return SkillAnswer(name, SkillStanding.SELF_ASSERTED if said else SkillStanding.NOT_FOUND)


def _held(credentials: Iterable[CredentialVerdict], where: str) -> Iterator[tuple[str, CredentialVerdict]]:
    """Each credential with the JSON pointer to it in the answer."""
    for i, one in enumerate(credentials):
        yield from _with_inner(one, f"{where}/credentials/{i}")


def _with_inner(one: CredentialVerdict, place: str) -> Iterator[tuple[str, CredentialVerdict]]:
    yield place, one
    for i, inner in enumerate(one.enclosed):
        if inner.relation is not Relation.ENDORSEMENT:
            yield from _with_inner(inner.verdict, f"{place}/enclosed/{i}")


def _key(skill: Skill) -> str:
    return _folded(skill.name)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
