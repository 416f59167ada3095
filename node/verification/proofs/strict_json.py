"""Reading JSON that came from outside: bounded, and with one meaning.

RFC 8259 leaves open what a repeated member means; readers differ, so the one who signed and the one who
checks could read different values (RFC 7493 §2.3 forbids it). orjson refuses NaN, Infinity, numbers
beyond a double and lone surrogates, but takes the last of repeated members; they are told by counting
colons, of which every member has one.
"""

from __future__ import annotations

from typing import Any

import orjson

from node.verification.proofs.limits import DEFAULT_LIMITS, Limits
from node.verification.reasons import Reason
from node.verification.refusals import Refused


def parse(raw: bytes | str, limits: Limits = DEFAULT_LIMITS) -> Any:
    """The value `raw` holds.

    Raises Refused: TOO_LARGE, MALFORMED_JSON, DUPLICATE_MEMBER, TOO_DEEP, TOO_MANY_VALUES.
    """
    if len(raw) > limits.max_bytes:
        raise Refused(Reason.TOO_LARGE, f"More than {limits.max_bytes} bytes.")
    if isinstance(raw, str):
        try:
            raw = raw.encode("utf-8")
        except UnicodeEncodeError as error:
            raise Refused(Reason.MALFORMED_JSON, "Holds half of a surrogate pair.") from error
        if len(raw) > limits.max_bytes:
            raise Refused(Reason.TOO_LARGE, f"More than {limits.max_bytes} bytes.")
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if "depth limit" in error.msg:
            raise Refused(Reason.TOO_DEEP, "Too many objects and arrays inside one another.") from error
        raise Refused(Reason.MALFORMED_JSON, f"Not JSON: {error}.") from error
    if b"\\" not in raw and _evidently_bounded(raw, value, limits):
        written = orjson.dumps(value)
        # Most writers leave out white space, and then nothing is to be counted. Else: written again, it has
        # every colon but those of members that were dropped. That holds where no escape can hide a colon; it
        # takes a third of the time of a walk.
        repeated = written != raw and raw.count(b":") != written.count(b":")
    else:
        repeated = bound(value, limits) != _members_written(raw)
    if repeated:
        raise Refused(Reason.DUPLICATE_MEMBER, "A member is given twice in the same object.")
    return value


def _evidently_bounded(raw: bytes, value: Any, limits: Limits) -> bool:
    """Whether valid JSON text keeps to the limits, as far as that can be told without a walk."""
    if len(raw) <= min(limits.max_depth, limits.max_values):
        return True
    opened = raw.count(b"{") + raw.count(b"[")
    values = len(raw) if len(raw) <= limits.max_values else opened + raw.count(b",")
    return values <= limits.max_values and (opened <= limits.max_depth or _is_shallow(value, limits.max_depth))


def _is_shallow(value: Any, depth: int) -> bool:
    """Whether nothing stands inside as many objects and arrays. What does, stands behind twice as many spaces
    where JSON is written with indentation, and a text holds no line feed; that takes a third of a walk."""
    try:
        written = orjson.dumps(value, option=orjson.OPT_INDENT_2)
    except orjson.JSONEncodeError:  # deeper than orjson writes
        return False
    return b"\n" + b"  " * depth not in written


def bound(value: Any, limits: Limits = DEFAULT_LIMITS) -> int:
    """How many members the objects in `value` have, in all.

    Raises Refused TOO_DEEP or TOO_MANY_VALUES. For a value that was parsed by someone else, too.
    """
    members = values = depth = 0
    level = [value] if type(value) is dict or type(value) is list else []
    while level:
        depth += 1
        if depth > limits.max_depth:
            raise Refused(
                Reason.TOO_DEEP, f"More than {limits.max_depth} objects and arrays inside one another."
            )
        below: list[Any] = []
        for item in level:
            if type(item) is dict:
                members += len(item)
                below.extend(item.values())
            else:
                below.extend(item)
        values += len(below)
        if values > limits.max_values:
            raise Refused(Reason.TOO_MANY_VALUES, f"More than {limits.max_values} values.")
        level = [item for item in below if type(item) is dict or type(item) is list]
    return members


def _members_written(raw: bytes) -> int:
    """How many members valid JSON text writes: its colons outside strings, one for each."""
    if b"\\" in raw:
        raw = raw.replace(b"\\\\", b"").replace(b'\\"', b"")  # then every quote left opens or closes a string
    return b"".join(raw.split(b'"')[::2]).count(b":")
