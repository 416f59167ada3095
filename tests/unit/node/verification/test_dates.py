"""XML Schema dateTime, strictly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.verification.dates import readable, unix_time
from node.verification.reasons import Reason
from node.verification.refusals import Refused


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00", 0),  # without an offset: UTC
        ("1970-01-01T00:00:00.999Z", 0),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T14:00:00-10:00", 0),
        ("1970-01-01T14:00:00+14:00", 0),
        ("1970-01-01T24:00:00Z", 86_400),
        ("1970-01-01T00:00:00-00:00", 0),
        ("2024-02-29T00:00:00Z", 1_709_164_800),
    ],
)
def test_moments(text: str, seconds: int) -> None:
    assert unix_time(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-01-01",
        "2026-01-01 00:00:00Z",
        "2026-01-01t00:00:00z",
        "2026-01-01T00:00Z",
        "2026-01-01T00:00:60Z",
        "2026-01-01T24:00:01Z",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-01T00:00:00+14:01",
        "2026-01-01T00:00:00+0100",
        "2026-01-01T00:00:00+01",
        "2026-01-01T00:00:00.Z",
        "0000-01-01T00:00:00Z",
        "20260101T000000Z",
        "12026-01-01T00:00:00Z",
        "2026-W01-1T00:00:00Z",
        "２０２６-01-01T00:00:00Z",
        "2026-01-01T00:00:00Z\n",
        "2026-01-01T00:00:00." + "0" * 5000 + "Z",
        1767225600,
        None,
        ["2026-01-01T00:00:00Z"],
        {"@value": "2026-01-01T00:00:00Z"},
    ],
)
def test_what_is_no_moment(text: object) -> None:
    with pytest.raises(Refused) as refused:
        unix_time(text, "/validFrom")
    assert (refused.value.reason, refused.value.member) == (Reason.MALFORMED_DATE, "/validFrom")


@given(
    st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)),
    st.integers(min_value=-14 * 60, max_value=14 * 60),
)
def test_agrees_with_the_standard_library(moment: datetime, offset: int) -> None:
    aware = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=offset)))
    assert unix_time(aware.isoformat()) == int(aware.timestamp())


@given(st.integers())
def test_any_number_of_seconds_can_be_shown(seconds: int) -> None:
    assert readable(seconds)


def test_readable() -> None:
    assert readable(int(datetime(2026, 3, 3, 14, 5, tzinfo=UTC).timestamp())) == "3 March 2026, 14:05 UTC"
