"""The page as it is sent: its facts above the fold, nothing of the trade's words, nothing run."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from node.api.app import create_app
from node.verification.given import Identifier
from tests.simulators import verdicts
from tests.simulators.node import SimulatedNode
from tests.unit.node.web.jargon import JARGON


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
