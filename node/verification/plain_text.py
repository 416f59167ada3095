"""Texts out of a credential that a person may read: one line each, bounded, nothing that rearranges a page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

MAX_CHARS = 200  # of any one text

JOINERS = "\u200c\u200d"  # not printable by Unicode's letter, needed to write Persian and Hindi names
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,4}", re.IGNORECASE | re.ASCII).fullmatch


def first_text(item: Mapping[str, Any], *members: str) -> str:
    return next((text for member in members if (text := text_of(item.get(member)))), "")


def objects(value: object) -> Sequence[Mapping[str, Any]]:
    """The objects of a member that may hold one or several."""
    if isinstance(value, dict):
        return (value,)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else ()


def id_of(value: object) -> str:
    """The id of something that may be an id alone. A DID is shown whole: a part of one is another."""
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""


def text_of(value: object) -> str:
    """A text fit for one line; of several languages English, else the first.

    VCDM 2.0 §11.1: it may be a language value object, or several; JSON-LD 1.1 §4.6.3: a map of languages.
    """
    if type(value) is str and len(value) <= MAX_CHARS and value.isprintable():  # as nearly all are
        return value
    if isinstance(value, list):
        spoken = sorted(objects(value), key=lambda one: not str(one.get("@language", "")).startswith("en"))
        value = spoken[0] if spoken else next((one for one in value if isinstance(one, str)), "")
    if isinstance(value, dict):
        value = value.get("@value", value.get("name", _of_languages(value)))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)[: MAX_CHARS + 1]
    if not text.isprintable():
        text = "".join(c if c.isprintable() or c in JOINERS else " " for c in text).strip()
    return text if len(text) <= MAX_CHARS else text[: MAX_CHARS - 1] + "…"


def _of_languages(value: Mapping[str, Any]) -> object:
    """The text of a language map; None where it is none."""
    if not value or "id" in value or not all(isinstance(key, str) and _LANGUAGE(key) for key in value):
        return None
    chosen = next((key for key in value if key.lower().split("-")[0] == "en"), next(iter(value)))
    found = value[chosen]
    return found[0] if isinstance(found, list) and found else found
