"""What the form asks besides the credential: skills that are looked for, and what the person is known by."""

from __future__ import annotations

from typing import Any

from node.verification.given import MAX_IDENTIFIER_CHARS, MAX_IDENTIFIERS, MAX_SKILLS_ASKED
from node.verification.plain_text import MAX_CHARS


class AskedTooMuch(ValueError):
    """In words for whoever filled in the form. They repeat nothing of what was given: it may be personal."""


def asked(skills: object, known_by: object) -> dict[str, Any]:
    """The members of a question, from the fields of the form. Raises AskedTooMuch."""
    members: dict[str, Any] = {}
    if lines := _lines(skills):
        _bound(lines, MAX_SKILLS_ASKED, MAX_CHARS, "skills")
        members["skills"] = lines
    if lines := _lines(known_by):
        _bound(lines, MAX_IDENTIFIERS, MAX_IDENTIFIER_CHARS, "addresses or numbers of the person")
        members["identifiers"] = lines
    return members


def _lines(field: object) -> list[str]:
    """One a line; empty ones count for nothing, and neither does what was said before."""
    text = field if isinstance(field, str) else ""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _bound(lines: list[str], most: int, longest: int, what: str) -> None:
    if len(lines) > most:
        raise AskedTooMuch(f"At most {most} {what}, one per line.")
    if any(len(line) > longest for line in lines):
        raise AskedTooMuch(f"One of the {what} is longer than {longest} characters: put one per line.")
