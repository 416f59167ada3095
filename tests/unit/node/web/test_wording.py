"""Reasons, claims, kinds and dates in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Outcome
from node.web import wording
from node.web.claims import MAX_SHOWN, kind_in_words, shown
from node.web.dates import written_date
from tests.unit.node.web.jargon import JARGON


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_words_without_jargon(reason: Reason) -> None:
    words = wording.WORDS[reason]
    assert not JARGON.search(words.heading) and not JARGON.search(words.line)
    for outcome in Outcome:
        for check_id in CheckId:
            assert wording.line(check_id, outcome, reason)
    if reason not in (Reason.OK, Reason.NOT_APPLICABLE, Reason.SKIPPED_BY_POLICY):
        assert words.heading and words.line.endswith(".")


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
