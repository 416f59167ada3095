"""What the form asks besides the credential."""

from __future__ import annotations

import pytest

from node.api.given import given
from node.verification.given import (
    MAX_IDENTIFIER_CHARS,
    MAX_IDENTIFIERS,
    MAX_SKILLS_ASKED,
    Given,
    Identifier,
)
from node.verification.plain_text import MAX_CHARS
from node.web.asked import AskedTooMuch, asked


@pytest.mark.parametrize("nothing", [None, "", " \r\n\n ", 7])
def test_nothing_is_asked_where_nothing_stands(nothing: object) -> None:
    assert asked(nothing, nothing) == {}


def test_one_a_line() -> None:
    members = asked(" Welding \r\n\r\nFirst aid\nWelding", "ana@example.org\n4711")
    assert given(members) == Given(
        (Identifier("ana@example.org"), Identifier("4711")), skills=("Welding", "First aid")
    )


def test_as_much_as_a_question_may_hold() -> None:
    skills = "\n".join(f"{i}".rjust(MAX_CHARS, "s") for i in range(MAX_SKILLS_ASKED))
    known_by = "\n".join(f"{i}".rjust(MAX_IDENTIFIER_CHARS, "k") for i in range(MAX_IDENTIFIERS))
    assert len(given(asked(skills, known_by)).skills) == MAX_SKILLS_ASKED


@pytest.mark.parametrize(
    ("skills", "known_by", "words"),
    [
        ("\n".join(map(str, range(MAX_SKILLS_ASKED + 1))), "", "At most 50 skills"),
        ("s" * (MAX_CHARS + 1), "", "One of the skills is longer"),
        ("", "\n".join(map(str, range(MAX_IDENTIFIERS + 1))), "At most 16 addresses"),
        ("", "k" * (MAX_IDENTIFIER_CHARS + 1), "is longer"),
    ],
)
def test_too_much_is_said_in_words_that_repeat_nothing(skills: str, known_by: str, words: str) -> None:
    with pytest.raises(AskedTooMuch, match=words) as raised:
        asked(skills, known_by)
    assert "kkk" not in str(raised.value)
    assert "sss" not in str(raised.value)
