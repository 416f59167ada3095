"""Dates written out in words, in UTC. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_XSD = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,12})?(Z|[+-]\d\d:\d\d)"
)  # XML Schema 1.1 dateTimeStamp, years of four digits
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
LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z


def day(seconds: int) -> str:
    """Unix seconds as "22 November 2026"."""
    return _day(_moment(seconds))


def moment(seconds: int) -> str:
    """Unix seconds as "22 November 2026, 14:05 UTC"."""
    return _day_and_time(_moment(seconds))


def written_date(text: str, *, ends: bool) -> str:
    """A date as a credential writes it, in words; as it stands when it is no dateTimeStamp.

    The time is left out where it only says "the whole day": midnight at the start, the last minute at the end.
    """
    found = _XSD.fullmatch(text)
    if not found:
        return text
    try:
        when = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return text
    whole_day = (when.hour, when.minute) == ((23, 59) if ends else (0, 0))
    return _day(when) if whole_day else _day_and_time(when)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(min(max(seconds, 0), LAST_SECOND), UTC)


def _day(when: datetime) -> str:
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def _day_and_time(when: datetime) -> str:
    return f"{_day(when)}, {when:%H:%M} UTC"
