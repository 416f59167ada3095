"""What an employer reads first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.verification.plain_text import MAX_CHARS
from node.verification.summary import MAX_SKILLS, summarise
from node.verification.verdict import Link, Mention, Skill, Summary

FIXTURES = Path(__file__).parents[3] / "fixtures"


def fixture(name: str) -> Summary:
    return summarise(json.loads((FIXTURES / name).read_text()))


def subject(**members: Any) -> Summary:
    return summarise({"issuer": "did:key:z6Mk", "type": "VerifiableCredential", "credentialSubject": members})


def test_a_licence() -> None:
    found = fixture("licence.json")
    assert found.title == "Registered Nurse licence"
    assert found.types == ("VerifiableCredential", "NursingLicenceCredential")
    assert found.subject_name == "Lucía Peña"
    assert (found.issuer_did, found.issuer_claimed_name) == (
        "did:web:board.example",
        "Example State Board of Nursing",
    )
    assert (found.valid_from, found.valid_until) == ("2026-01-15T00:00:00Z", "2099-12-31T23:59:59Z")


def test_a_welding_certificate_with_its_skills() -> None:
    found = fixture("welding-certificate.json")
    framework = "Example Welding Skills Framework"
    assert (found.title, found.subject_name) == ("Structural Steel Welder", "Mateo Fuentes")
    assert found.skills == (
        Skill("Vertical fillet welding (3F)", "Expert", framework),
        Skill("Overhead fillet welding (4F)", "Proficient", framework),
        Skill("Reading welding symbols", "92 %", framework),
        Skill("Visual weld inspection", "", framework),
    )


def test_vcdm_1_1() -> None:
    found = fixture("licence-vcdm11.json")
    assert found.title == "Nursing licence"
    assert (found.valid_from, found.valid_until) == ("2026-01-15T00:00:00Z", "2099-12-31T23:59:59Z")


@pytest.mark.parametrize(
    ("stated", "skill"),
    [
        ("Soldering", Skill("Soldering")),
        (["Soldering"], Skill("Soldering")),
        ({"name": "Soldering", "proficiency": "Expert"}, Skill("Soldering", "Expert")),
        ({"title": "Soldering", "level": 4, "framework": "ESCO"}, Skill("Soldering", "4", "ESCO")),
        ({"name": {"@value": "Soldering", "@language": "en"}}, Skill("Soldering")),
        (
            {"name": [{"@value": "Löten", "@language": "de"}, {"@value": "Soldering", "@language": "en"}]},
            Skill("Soldering"),
        ),
    ],
)
@pytest.mark.parametrize("member", ["skill", "hasSkill", "competency"])
def test_skills_in_simpler_words(member: str, stated: Any, skill: Skill) -> None:
    assert subject(**{member: stated}).skills == (skill,)


@pytest.mark.parametrize(
    ("address", "framework"),
    [
        ("http://data.europa.eu/esco/skill/1", "ESCO"),
        ("https://www.onetonline.org/link/summary/51-4121.00", "O*NET"),
        ("https://elsewhere.example", ""),
    ],
)
def test_known_frameworks_are_told_by_address(address: str, framework: str) -> None:
    alignment = {"targetName": "Welding", "targetUrl": address}
    assert subject(achievement={"alignment": alignment}).skills == (Skill("Welding", "", framework),)


def test_a_hashed_name_is_not_shown() -> None:
    identity = {"identityType": "name", "identityHash": "sha256$abc", "hashed": True}
    assert subject(identifier=identity).subject_name == ""


def test_what_is_shown_is_bounded_and_printable() -> None:
    found = subject(name="A\u202edcba\n\x00" + "x" * 999, skill=[f"s{i}" for i in range(999)])
    assert len(found.skills) == MAX_SKILLS
    assert len(found.subject_name) == MAX_CHARS
    assert found.subject_name.isprintable()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["achievement", "result", "alignment", "name", "skill", "identifier", "@value", "id"]
                )
                | st.text(max_size=5),
                inner,
                max_size=4,
            )
        ),
        max_leaves=15,
    )
)
def test_nothing_a_credential_says_raises(stated: Any) -> None:
    summarise({"issuer": "did:key:z6Mk", "type": stated, "name": stated, "credentialSubject": stated})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"en": "Nurse", "de": "Pflegekraft"}, "Nurse"),
        ({"de": "Pflegekraft", "en-GB": ["Nurse"]}, "Nurse"),
        ({"de": "Pflegekraft"}, "Pflegekraft"),
        ({"@language": "de", "@value": "Pflegekraft"}, "Pflegekraft"),
        ([{"@language": "de", "@value": "Pflegekraft"}, {"@language": "en", "@value": "Nurse"}], "Nurse"),
        ({"id": "urn:x"}, ""),
        ({"licence": "RN"}, ""),
        ({"de": {"en": "x"}}, ""),
        ({}, ""),
    ],
)
def test_texts_in_several_languages(value: Any, text: str) -> None:
    document = {"issuer": "did:key:z6Mk", "type": "VerifiableCredential", "credentialSubject": {"id": "urn:x"}}
    found = summarise(document | {"name": value, "description": value})
    assert found.description == text
    assert found.title == (text or "Verifiable")


def test_what_a_badge_refers_to_is_reported() -> None:
    found = fixture("welding-certificate.json")
    assert found.description.startswith("Welds structural carbon steel")
    assert found.evidence == (
        Mention(
            "Evidence",
            "Bend tests of 19 December 2025",
            "Four of four coupons bent through 180 degrees without an open defect.",
            "https://welding-institute.example/evidence/20251219-3",
        ),
    )
    assert (found.terms_of_use, found.refresh_services, found.links) == ((), (), ())


def test_terms_services_and_links() -> None:
    document = {
        "issuer": "did:key:z6Mk",
        "type": "VerifiableCredential",
        "termsOfUse": {"type": "TrustFrameworkPolicy", "id": "https://board.example/terms"},
        "refreshService": [{"type": "1EdTechCredentialRefresh", "id": "https://board.example/refresh"}, 7],
        "evidence": "https://board.example/file",
        "credentialSubject": {
            "verifiableCredential": [
                {"id": "urn:a", "name": "First year"},
                {"credentialSubject": {"achievement": {"id": "urn:b", "name": "Degree"}}},
            ],
            "association": [
                {"associationType": "isPartOf", "sourceId": "urn:a", "targetId": "urn:b"},
                {"associationType": "isPartOf", "sourceId": "urn:b", "targetId": "urn:elsewhere"},
                {"associationType": 7, "sourceId": {}, "targetId": None},
            ],
        },
    }
    found = summarise(document)
    assert found.terms_of_use == (Mention("TrustFrameworkPolicy", "", "", "https://board.example/terms"),)
    assert found.refresh_services == (
        Mention("1EdTechCredentialRefresh", "", "", "https://board.example/refresh"),
    )
    assert found.evidence == (Mention(address="https://board.example/file"),)
    assert found.links == (
        Link("isPartOf", "First year", "Degree", resolved=True),
        Link("isPartOf", "Degree", "urn:elsewhere", resolved=False),
        Link("7", "", "", resolved=False),
    )
