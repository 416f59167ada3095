"""A date as a credential writes it, in words. Pure."""

from __future__ import annotations

from node.verification.dates import NO_SUCH_TIME, readable, readable_day, unix_time
from node.verification.refusals import Refused

_DAY = 86_400


def written_date(text: str, *, ends: bool) -> str:
    """In words and UTC; as it stands when it is no date and time.

    The time is left out where it only says "the whole day": midnight at the start, the last minute at the end.
    """
    try:
        seconds = unix_time(text)
    except Refused:
        return text
    whole_day = seconds % _DAY >= _DAY - 60 if ends else seconds % _DAY < 60
    words = readable_day(seconds) if whole_day else readable(seconds)
    return text if words == NO_SUCH_TIME else words
