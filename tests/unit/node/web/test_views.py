"""The words of the page: six seconds for an employer, and not one of the trade's words above the fold."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from node.api.app import create_app
from node.verification.given import Identifier
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from node.web import wording
from node.web.claims import MAX_SHOWN, kind_in_words, shown
from node.web.dates import written_date
from node.web.judgement import Tone
from node.web.views import page
from tests.simulators import verdicts
from tests.simulators.node import SimulatedNode
from tests.simulators.verdicts import check, credential, verdict

JARGON = re.compile(
    r"\b(ledger|block\w*|chain|key|keys|hash|replica\w*|DID|json|jwt|cryptosuite|digest|merkle|contract|"
    r"verifiable|transaction|schema|policy)\b"
)


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


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_words_without_jargon(reason: Reason) -> None:
    words = wording.WORDS[reason]
    assert not JARGON.search(words.heading) and not JARGON.search(words.line)
    for outcome in Outcome:
        for check_id in CheckId:
            assert wording.line(check_id, outcome, reason)
    if reason not in (Reason.OK, Reason.NOT_APPLICABLE, Reason.SKIPPED_BY_POLICY):
        assert words.heading and words.line.endswith(".")


def visible(html: str) -> str:
    """The text of a page without what is folded away."""
    html = re.sub(r"<(details|head|form)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", html)


def client() -> TestClient:
    return TestClient(create_app(SimulatedNode(max_body_bytes=50_000)), follow_redirects=False)


def answered(name: str) -> str:
    response = client().post("/verify", data={"text": f'{{"id": "{name}"}}'})
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    return response.text


@pytest.mark.parametrize("name", sorted(verdicts.BY_NAME))
def test_no_jargon_above_the_fold(name: str) -> None:
    assert not JARGON.search(visible(answered(name)))


def test_who_what_by_whom_until_when_as_of_when() -> None:
    text = visible(answered("skilled"))
    for fact in (
        "In good standing",
        "Jonas Lindqvist",
        "Structural Steel Welder, 3G/4G",
        "Nordic Welding Institute",
        "Recognised",
        "30 June 2028",
        "22 November 2026, 14:05 UTC",
        "Shielded metal arc welding",
        "Advanced",
    ):
        assert fact in text


def test_a_forged_document_s_claims_are_folded_away_and_called_claims() -> None:
    html = answered("forged")
    assert "Ana María Ramos" not in visible(html)
    assert "Nothing it says could be confirmed" in visible(html)
    assert "What it claims, unconfirmed" in html


def test_nothing_a_credential_says_becomes_markup() -> None:
    html = answered("hostile")
    assert "<script>document" not in html and "<img src" not in html
    assert "<b onmouseover" not in html and "<svg/onload" not in html
    assert html.count("<h1>") == 1
    assert "\u202e" not in html
    assert "{{ 7*7 }}" in html  # shown as it is written, not run
    assert not re.search(r"\son\w+=", re.sub(r"&[^;]+;", "", re.sub(r">[^<]*<", "><", html)))
    assert "<style" not in html and " style=" not in html


def test_a_file_wins_over_an_empty_text() -> None:
    files = {"file": ("licence.json", b'{"id": "revoked"}', "application/json")}
    assert "revoked on 22 November 2026" in client().post("/verify", data={"text": ""}, files=files).text


@pytest.mark.parametrize(
    ("request_body", "status", "words"),
    [
        ({"data": {"text": "  "}}, 400, "Paste a credential"),
        ({"data": {}}, 400, "Paste a credential"),
        ({"data": {"text": "x" * 60_000}}, 413, "too large"),
        ({"files": {"file": ("a", b"x" * 60_000)}}, 413, "too large"),
        ({"content": b"--x", "headers": {"content-type": "multipart/form-data; boundary=y"}}, 400, "Paste"),
    ],
)
def test_what_cannot_be_verified_is_asked_for_again(request_body: dict, status: int, words: str) -> None:
    response = client().post("/verify", **request_body)
    assert response.status_code == status
    assert words in response.text and 'role="alert"' in response.text


def test_the_skills_asked_for_stand_first_and_stay_on_the_form() -> None:
    asked = {
        "text": '{"id": "skilled"}',
        "skills": "Flux-cored arc welding\nFirst <aid>",
        "known_by": "S-80815",
    }
    node = SimulatedNode()
    html = TestClient(create_app(node)).post("/verify", data=asked).text
    text = visible(html)
    assert text.index("1 of the 2 skills you asked for is proven") < text.index("Jonas Lindqvist")
    assert "Flux-cored arc welding\nFirst &lt;aid&gt;</textarea>" in html.replace("\r", "")
    assert "S-80815" not in html
    assert node.verification.asked[0]["given"].identifiers == (Identifier("S-80815"),)


def test_more_than_may_be_asked_is_said_and_what_was_typed_kept() -> None:
    asked = {"text": '{"id": "skilled"}', "skills": "Welding", "known_by": "k" * 600}
    response = client().post("/verify", data=asked)
    assert (response.status_code, "longer than" in response.text) == (400, True)
    assert "Welding</textarea>" in response.text
    assert "kkk" not in response.text


def test_text_that_is_no_credential_could_not_be_read() -> None:
    assert "Could not be read" in client().post("/verify", data={"text": "hello \ud7ff"}).text


def test_a_reload_without_its_form_starts_again() -> None:
    response = client().get("/verify")
    assert (response.status_code, response.headers["location"]) == (303, "/")


@given(st.text(max_size=2000))
def test_claims_are_shown_on_one_bounded_line(text: str) -> None:
    found = shown(text)
    assert len(found) <= MAX_SHOWN
    assert found.isprintable()
    assert shown(found) == found


def test_kinds_in_words() -> None:
    assert kind_in_words(("VerifiableCredential", "NursingLicence")) == "Nursing licence"
    assert kind_in_words(("VerifiableCredential", "https://x.example/v#RNLicence")) == "RN licence"
    assert kind_in_words(("VerifiableCredential",)) == ""
    assert kind_in_words(()) == ""


@pytest.mark.parametrize(
    ("text", "ends", "words"),
    [
        ("2027-12-31T23:59:59Z", True, "31 December 2027"),
        ("2027-12-31T12:30:00Z", True, "31 December 2027, 12:30 UTC"),
        ("2028-01-01T00:00:00Z", True, "1 January 2028, 00:00 UTC"),
        ("2028-01-01T00:00:00Z", False, "1 January 2028"),
        ("2028-01-01T00:00:00+02:00", False, "31 December 2027, 22:00 UTC"),
        ("next year", True, "next year"),
        ("2027-02-31T00:00:00Z", True, "2027-02-31T00:00:00Z"),
        ("0001-01-01T00:00:00+14:00", True, "0001-01-01T00:00:00+14:00"),
        ("", True, ""),
    ],
)
def test_dates_in_words(text: str, ends: bool, words: str) -> None:
    assert written_date(text, ends=ends) == words
