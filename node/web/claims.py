"""What a credential says, made fit to be shown: nobody's name may rearrange the page it stands on. Pure."""

from __future__ import annotations

import re
import unicodedata

MAX_SHOWN = 160  # characters of one claim

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_GENERIC_TYPES = {"VerifiableCredential", "VerifiablePresentation"}


def shown(text: str) -> str:
    """Without control, direction and unassigned characters, on one line, of bounded length."""
    kept = "".join(" " if c.isspace() else c for c in text[: 4 * MAX_SHOWN] if c.isspace() or _visible(c))
    line = " ".join(kept.split())
    return line if len(line) <= MAX_SHOWN else line[: MAX_SHOWN - 1].rstrip() + "…"


def _visible(character: str) -> bool:
    # Cc control, Cf format (bidirectional overrides, zero width), Cs surrogate, Co private use, Cn unassigned
    return not unicodedata.category(character).startswith("C")


def kind_in_words(types: tuple[str, ...]) -> str:
    """The most specific type as words: "NursingLicence" → "Nursing licence"."""
    specific = [name for name in types if name not in _GENERIC_TYPES]
    if not specific:
        return ""
    words = _CAMEL.sub(" ", shown(specific[-1].rpartition("#")[2].rpartition("/")[2]))
    first, *rest = words.split() or [""]
    return " ".join([first, *(word if word.isupper() and len(word) > 1 else word.lower() for word in rest)])
