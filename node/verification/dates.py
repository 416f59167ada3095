"""XML Schema `dateTime`, strictly: the only form of a moment that credentials and documents may use."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from node.verification.reasons import Reason
from node.verification.refusals import Refused

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,18})?(Z|[+-]\d\d:\d\d)?", re.ASCII
).fullmatch


def unix_time(text: object, member: str = "") -> int:
    """Unix seconds, fractions cut off. Raises Refused(MALFORMED_DATE).

    XML Schema 1.1 Part 2 §3.3.7: 24:00:00 is the end of a day, offsets reach 14:00, seconds stop at 59.
    VCDM 2.0 §4.9 note: "Time values that are incorrectly serialized without an offset are to be interpreted as
    UTC". Years stay within four digits.
    """
    seconds = _parsed(text) if isinstance(text, str) and len(text) <= 64 else None
    if seconds is None:
        raise Refused(
            Reason.MALFORMED_DATE, "A date in the credential is not written as a date and time.", member
        )
    return seconds


@lru_cache(4096)
def _parsed(text: str) -> int | None:
    match = _DATE_TIME(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    end_of_day = (hour, minute, second) == (24, 0, 0)
    try:
        moment = datetime(year, month, day, 0 if end_of_day else hour, minute, second, tzinfo=_zone(match[7]))
    except ValueError:
        return None
    return int(moment.timestamp()) + 86_400 * end_of_day


def _zone(text: str | None) -> timezone:
    if text is None or text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if minutes > 59 or hours * 60 + minutes > 14 * 60:
        raise ValueError("no such offset")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


@lru_cache(4096)
def written(seconds: int) -> str:
    """The dateTime `unix_time` reads as `seconds`; of a moment from 1970 to 9999."""
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(4096)
def readable(seconds: int) -> str:
    """A moment as a person reads it, in UTC: "3 March 2026, 14:05 UTC"."""
    moment = _moment(seconds)
    if moment is None:
        return NO_SUCH_TIME
    return f"{_day(moment)}, {moment.hour:02}:{moment.minute:02} UTC"  # strftime takes three times as long


def readable_day(seconds: int) -> str:
    """Its day alone: "3 March 2026"."""
    moment = _moment(seconds)
    return NO_SUCH_TIME if moment is None else _day(moment)


def _moment(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _day(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


NO_SUCH_TIME = "a time no calendar holds"
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
