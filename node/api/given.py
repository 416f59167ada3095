"""What a request hands along: identifiers known of the person, files, skills that are looked for."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from node.api.problems import Problem
from node.verification.given import (
    MAX_IDENTIFIER_CHARS,
    MAX_IDENTIFIERS,
    MAX_RESOURCES,
    MAX_SKILLS_ASKED,
    NOTHING,
    Given,
    Identifier,
)
from node.verification.plain_text import MAX_CHARS

MEMBERS = ("identifiers", "resources", "skills")


def given(members: Mapping[str, Any], where: str = "") -> Given:
    """Read `identifiers`, `resources` and `skills`. `where`: pointer to `members`. Raises Problem 400.

    No problem repeats what was given: identifiers are personal, and problems are logged by clients.
    """
    if not any(name in members for name in MEMBERS):
        return NOTHING
    return Given(
        identifiers=_identifiers(members.get("identifiers", []), f"{where}/identifiers"),
        resources=_resources(members.get("resources", {}), f"{where}/resources"),
        skills=_skills(members.get("skills", []), f"{where}/skills"),
    )


def _identifiers(value: Any, where: str) -> tuple[Identifier, ...]:
    """Texts, or `{type, value}` with one of Open Badges' identifier types."""
    if not isinstance(value, list) or len(value) > MAX_IDENTIFIERS:
        raise _malformed(f"identifiers is no list of at most {MAX_IDENTIFIERS}.", where)
    return tuple(_identifier(one, f"{where}/{i}") for i, one in enumerate(value))


def _identifier(value: Any, where: str) -> Identifier:
    stated, kind = (value.get("value"), value.get("type", "")) if isinstance(value, dict) else (value, "")
    if not isinstance(stated, str) or not isinstance(kind, str):
        raise _malformed("An identifier is a text, or an object with `value` and `type`.", where)
    if not 0 < len(stated) <= MAX_IDENTIFIER_CHARS or len(kind) > 64:
        raise _malformed("An identifier is empty, or too long.", where)
    return Identifier(stated, kind)


def _resources(value: Any, where: str) -> Mapping[str, bytes]:
    """The bytes of files in base64, by their addresses."""
    if not isinstance(value, dict) or len(value) > MAX_RESOURCES:
        raise _malformed(f"resources is no object of at most {MAX_RESOURCES} members.", where)
    return {url: _bytes(text, where) for url, text in value.items()}


def _skills(value: Any, where: str) -> tuple[str, ...]:
    """The names of skills."""
    if not isinstance(value, list) or len(value) > MAX_SKILLS_ASKED:
        raise _malformed(f"skills is no list of at most {MAX_SKILLS_ASKED}.", where)
    if not all(isinstance(one, str) and 0 < len(one.strip()) <= MAX_CHARS for one in value):
        raise _malformed("A skill is named by a text.", where)
    return tuple(dict.fromkeys(value))


def _bytes(text: Any, where: str) -> bytes:
    try:
        found = base64.b64decode(text if isinstance(text, str) else "?", validate=True)
    except ValueError as error:  # binascii.Error is one
        raise _malformed("Each of resources holds the bytes of a file in base64.", where) from error
    return found


def _malformed(detail: str, where: str) -> Problem:
    return Problem(400, "malformed-request", detail, member=where)
