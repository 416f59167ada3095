"""RDF literals in canonical N-Quads (RDFC-1.0 §5.2, JSON-LD API §8.6 "Object to RDF Conversion")."""

from __future__ import annotations

import re
from typing import Any

import orjson

from node.verification.reasons import Reason
from node.verification.refusals import Refused

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_DOUBLE = f"^^<{XSD}double>"

# RFC 3987 with a scheme, and none of the characters N-Quads cannot write in an IRI.
is_iri = re.compile(r'[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>"{}|^`\\\x7f]*\Z').match
is_language = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*\Z").match  # BCP 47, the shape of it

MAX_EXACT = 2**53 - 1  # beyond, writers of JSON disagree on what a number is

needs_escape = re.compile(r'[\x00-\x1f"\\\x7f]').search
_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(32), 127)} | {
    8: "\\b",
    9: "\\t",
    10: "\\n",
    12: "\\f",
    13: "\\r",
    34: '\\"',
    92: "\\\\",
}
_EXPONENT = re.compile(r"(\d)0*E\+?(-)?0*(\d)")


def escaped(text: str) -> str:
    """`text` as it stands between the quotes of a canonical literal."""
    return text.translate(_ESCAPES) if needs_escape(text) else text


def has_escapes(document: Any) -> bool:
    """Whether `escaped` changes any text in it: JSON escapes the same characters, but for U+007F."""
    try:
        written = orjson.dumps(document)
    except orjson.JSONEncodeError:  # a number beyond 64 bits, say
        return True
    return b"\\" in written or b"\x7f" in written


def scalar(value: Any, suffix: str, *, plain: bool) -> str:
    """A JSON text, number or truth value as a literal (JSON-LD API §8.6).

    `suffix` is the datatype asked for ("^^<IRI>" or empty); `plain` says that none was, so that a number
    gets its own. Empty: left to the general processor. Raises Refused for what is no scalar.
    """
    kind = type(value)
    if kind is str:
        return "" if suffix == _DOUBLE else f'"{escaped(value)}"{suffix}'
    if kind is bool:
        return f'"{"true" if value else "false"}"' + (f"^^<{XSD}boolean>" if plain else suffix)
    if kind is not int and kind is not float:
        raise Refused(Reason.MALFORMED_CREDENTIAL, "A value is not written as JSON-LD asks.")
    if not -MAX_EXACT <= value <= MAX_EXACT:
        return ""
    if kind is int or value == value // 1:
        if suffix == _DOUBLE:
            return f'"{double(float(value))}"{suffix}'
        return f'"{int(value)}"' + (f"^^<{XSD}integer>" if plain else suffix)
    return f'"{double(value)}"' + (_DOUBLE if plain else suffix)


def double(value: float) -> str:
    """XML Schema's canonical form, rounded to 15 digits as JSON-LD asks: `1.5E0`."""
    return _EXPONENT.sub(r"\1E\2\3", f"{value:1.15E}")
