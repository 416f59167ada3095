"""The skills asked for, on the page."""

from __future__ import annotations

import pytest

from node.verification.enclosed import Relation
from node.verification.skills import answer_skills
from node.verification.verdict import CredentialVerdict, EnclosedVerdict, SkillAnswer, SkillStanding
from node.web.skills import skill_lines, skills_heading
from tests.simulators import verdicts

PROVEN, NOT = SkillStanding.PROVEN, SkillStanding.NOT_FOUND


@pytest.mark.parametrize(
    ("standings", "heading"),
    [
        ((), ""),
        ((PROVEN,), "The skill you asked for is proven"),
        ((NOT,), "The skill you asked for is not proven"),
        ((NOT, NOT), "None of the 2 skills you asked for is proven"),
        ((PROVEN, NOT, NOT), "1 of the 3 skills you asked for is proven"),
        ((PROVEN, PROVEN, NOT), "2 of the 3 skills you asked for are proven"),
        ((PROVEN, PROVEN), "All 2 skills you asked for are proven"),
    ],
)
def test_how_many_are_proven(standings: tuple[SkillStanding, ...], heading: str) -> None:
    assert skills_heading([SkillAnswer("x", one) for one in standings]) == heading


def lines(*asked: str, credential: CredentialVerdict) -> list[tuple[str, str, str]]:
    verdict = verdicts.verdict(credential)
    answered = verdict._replace(skills=answer_skills(asked, verdict.credentials))
    return [(one.outcome, one.tone, one.line) for one in skill_lines(answered)]


def test_by_which_credential_of_whom_and_how_well() -> None:
    (welder,) = verdicts.BY_NAME["skilled"].credentials
    proof = "By “Structural Steel Welder, 3G/4G” from Nordic Welding Institute: Advanced"
    expected = [("Proven", "good", proof), ("Not proven", "none", "Nothing that was sent mentions it.")]
    assert lines("flux-cored arc welding", "First aid", credential=welder) == expected
    (refused,) = verdicts.BY_NAME["revoked"].credentials
    refused = refused._replace(summary=welder.summary)
    (line,) = lines("Flux-cored arc welding", credential=refused)
    assert line == ("Not proven", "bad", "Only a credential that cannot be relied on says so.")


def test_by_a_credential_inside_another() -> None:
    (welder,) = verdicts.BY_NAME["skilled"].credentials
    (licence,) = verdicts.BY_NAME["accepted"].credentials
    outer = licence._replace(enclosed=(EnclosedVerdict(Relation.CONTAINED, "/verifiableCredential/0", welder),))
    (line,) = lines("Flux-cored arc welding", credential=outer)
    assert "Structural Steel Welder" in line[2]
