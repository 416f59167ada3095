"""The canonical form of proof options, which an issuer writes alike into every proof but for the date.

What is kept is text around a date, so that a proof made at any other time is no new work; nothing is kept of
what was signed, or whether it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

MAX_KEPT = 1_000  # options, without their date …
MAX_BYTES = 8_192  # … of at most this much JSON, their context included


class OptionsText:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._around: dict[tuple[bytes, object], tuple[str, str]] = {}

    def of(
        self, options: Mapping[str, Any], variant: object, canonical: Callable[[Mapping[str, Any]], str]
    ) -> str:
        """What `canonical` makes of `options`, whose `created`, if any, is known to be a date.

        `variant`: what else the form depends on.
        """
        created: str | None = options.get("created")
        if created is None:
            return canonical(options)
        try:
            rest = orjson.dumps({**options, "created": None})
        except orjson.JSONEncodeError:  # a number beyond 64 bits, say
            return canonical(options)
        around = self._around.get((rest, variant))
        if around is not None:
            return created.join(around)
        text = canonical(options)
        before, *after = text.split(created)
        # A date has no character that is escaped, and nothing else stands at its predicate to be sorted among.
        if len(after) == 1 and len(rest) <= MAX_BYTES:
            if len(self._around) >= MAX_KEPT:
                self._around.clear()
            self._around[rest, variant] = (before, after[0])
        return text
