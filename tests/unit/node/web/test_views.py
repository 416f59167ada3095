"""What the page says of a verdict: six seconds for an employer."""

from __future__ import annotations

import pytest

from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from node.web.judgement import Tone
from node.web.views import page
from tests.simulators import verdicts
from tests.simulators.verdicts import check, credential, verdict


@pytest.mark.parametrize(
    ("name", "heading", "tone"),
    [
        ("accepted", "In good standing", Tone.GOOD),
        ("revoked", "Not valid: revoked on 22 November 2026", Tone.BAD),
        ("forged", "Not valid: altered, or not signed by its issuer", Tone.BAD),
        ("unrecognised", "Not valid: its issuer is not recognised", Tone.BAD),
        ("open", "Could not be checked", Tone.UNKNOWN),
        ("reviewed", "Needs a look", Tone.CAUTION),
        ("unreadable", "Could not be read", Tone.BAD),
        ("several", "2 of 3 not valid", Tone.BAD),
    ],
)
def test_headings(name: str, heading: str, tone: Tone) -> None:
    found = page(verdicts.BY_NAME[name])
    assert (found.heading, found.tone) == (heading, tone)


def test_what_is_inside_has_a_judgement_of_its_own() -> None:
    (card,) = page(verdicts.RECORD).cards
    assert [
        (group.name, [(one.title, one.heading, one.tone) for one in group.items]) for group in card.enclosed
    ] == [
        (
            "What it holds",
            [
                ("Structural Steel Welder, 3G/4G", "In good standing", Tone.GOOD),
                ("Registered Nurse, Multistate", "Not valid: revoked on 22 November 2026", Tone.BAD),
                ("A credential", "Not valid: altered, or not signed by its issuer", Tone.BAD),
            ],
        ),
        (
            "Endorsed by",
            [
                ("Guild of Examiners", "In good standing", Tone.GOOD),
                ("Example Institute", "Not valid: it is about something else", Tone.BAD),
            ],
        ),
    ]
    assert [group.name for group in card.enclosed[0].items[0].groups] == ["Endorsed by"]
    held = "/credentialSubject/verifiableCredential"
    assert [one.place for one in card.inner_evidence] == [
        "/endorsement/0",
        "/endorsement/1",
        f"{held}/0",
        f"{held}/0 › /endorsement/0",
        f"{held}/1",
        f"{held}/2",
    ]
    assert any("revoked" in line.code for line in card.inner_evidence[4].lines)


def test_the_lines_of_a_resume_are_nobodys_word_but_their_writers() -> None:
    (card,) = page(verdicts.RESUME).cards
    assert [(line.title, line.tone) for line in card.records] == [
        ("Registered Nurse", "none"),
        ("Head nurse", "bad"),
        ("Wound care", "none"),
    ]
    assert "Registered Nurse, Multistate" in card.records[0].note
    assert all("own words" in line.note for line in card.records)
    assert card.facts is not None
    assert [(one.label, one.words, one.address) for one in card.facts.mentions] == [
        ("Evidence", "Ward record: Signed by the ward", "https://ward.example/1"),
        ("Terms of use", "Trust framework policy", "https://ana.example/terms"),
        ("Renewal", "Credential refresh", "https://ana.example/new"),
    ]
    assert card.facts.links == ("First year – is part of – Degree",)


def test_a_suspension_and_dates_that_have_passed_or_not_begun() -> None:
    def heading(*others, summary=verdicts.LICENCE):
        return page(verdict(credential(Decision.REJECT, *others, summary=summary))).heading

    since = verdicts.at("2026-03-03 00:00")
    suspended = check(CheckId.STATUS, Outcome.FAILED, Reason.SUSPENDED, since=since)
    assert heading(suspended) == "Not valid: suspended since 3 March 2026"
    expired = check(CheckId.VALIDITY, Outcome.FAILED, Reason.EXPIRED)
    past = verdicts.LICENCE._replace(valid_until="2025-12-31T23:59:59Z")
    assert heading(expired, summary=past) == "Not valid: expired on 31 December 2025"
    early = check(CheckId.VALIDITY, Outcome.FAILED, Reason.NOT_YET_VALID)
    coming = verdicts.LICENCE._replace(valid_from="2027-05-01T00:00:00Z")
    assert heading(early, summary=coming) == "Not valid yet: begins on 1 May 2027"


def test_a_forgery_outranks_what_it_says_of_itself() -> None:
    """Who forged the document wrote its dates too: they must not lead the heading."""
    expired = check(CheckId.VALIDITY, Outcome.FAILED, Reason.EXPIRED)
    found = page(verdict(credential(Decision.REJECT, verdicts.FORGERY, expired)))
    assert "signed" in found.heading


def test_an_acceptance_claims_no_more_than_was_checked() -> None:
    none = check(CheckId.STATUS, Outcome.NOT_APPLICABLE, Reason.NOT_APPLICABLE)
    assert "revoked" not in page(verdict(credential(Decision.ACCEPT, none))).lead
    proof_only = check(CheckId.POLICY, Outcome.PASSED, Reason.UNSAFE_PROOF_ONLY)
    found = page(verdict(credential(Decision.ACCEPT, proof_only)))
    assert "good standing" not in found.heading and found.tone is Tone.CAUTION


def test_one_bad_credential_does_not_hide_behind_good_ones() -> None:
    found = page(verdict(credential(), credential(), decision=Decision.ACCEPT, whole=verdicts.HELD))
    assert found.heading == "All 2 in good standing"
    worse = page(
        verdict(credential(), credential(Decision.REJECT, verdicts.REVOCATION), decision=Decision.REJECT)
    )
    assert worse.heading == "1 of 2 not valid"
    replayed = (check(CheckId.HOLDER, Outcome.FAILED, Reason.CHALLENGE_MISMATCH),)
    whole = page(verdict(credential(), credential(), decision=Decision.REJECT, whole=replayed))
    assert whole.heading == "Not valid: not made for this request"
    single = page(verdict(credential(), decision=Decision.REJECT, whole=replayed))
    assert single.heading == "Not valid: not made for this request"


def test_nothing_good_is_said_of_a_forgery() -> None:
    (card,) = page(verdicts.FORGED).cards
    assert not card.confirmed
    assert {line.label for line in card.lines} == {"Readable", "Genuine"}
    assert len(card.evidence) == 7
