"""JSON Canonicalization Scheme (RFC 8785)."""

from __future__ import annotations

import re
from typing import Any

import orjson
import rfc8785

from node.verification.reasons import Reason
from node.verification.refusals import Refused

# orjson's sorted output is JCS but for three things: how it writes some floats, integers beyond 2^53
# (which JCS refuses), and the order of keys, by code point instead of UTF-16 unit, which differs from
# U+E000 on. Where the output may hold one of them, rfc8785 does the work, at a tenth of the speed.
_number_to_check = re.compile(rb"[:,\[]-?(?:\d{16}|\d+\.|\d+[eE])").search
_high_character = re.compile(rb"[\xee-\xf4]").search
_number_alone = re.compile(rb"-?\d").match


def canonical_json(value: Any) -> bytes:
    """The canonical text, UTF-8. Raises Refused(MALFORMED_CREDENTIAL) for what JCS cannot express."""
    try:
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        if _number_to_check(text) or _high_character(text) or _number_alone(text):
            return rfc8785.dumps(value)
    except (orjson.JSONEncodeError, rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise Refused(
            Reason.MALFORMED_CREDENTIAL, "It holds a number or a text without a canonical form."
        ) from error
    return text
