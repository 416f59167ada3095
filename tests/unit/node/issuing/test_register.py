"""Reading a board's register."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.issuing.register import RegisterRefused, read_register
from registry.records import StatusPurpose

LIST = StatusPurpose.MESSAGE  # of no purpose that either word is foreign to


def test_a_register_is_read_whatever_else_it_says() -> None:
    raw = (
        b"\xef\xbb\xbfindex,Status,licence,name\r\n"
        b"0,active,RN-1,Ada Okafor\r\n"
        b'7, Revoked ,RN-8,"Peel, Bob"\r\n'
        b"\r\n"
        b"3,in  good standing,RN-4,\r\n"
        b"5,SUSPENDED,RN-6,Cy\n"
    )
    assert read_register(raw, LIST) == ((0, 0), (7, 1), (3, 0), (5, 1))


def test_columns_may_stand_in_any_order() -> None:
    assert read_register(b"status,index\nrevoked,9\n", LIST) == ((9, 1),)


@given(st.dictionaries(st.integers(0, 2**24 - 1), st.booleans(), min_size=1, max_size=50))
def test_what_is_written_is_read(entries: dict[int, bool]) -> None:
    rows = [f"{index},{'revoked' if gone else 'active'}" for index, gone in entries.items()]
    raw = "\n".join(["index,status", *rows]).encode()
    assert read_register(raw, LIST) == tuple((index, int(gone)) for index, gone in entries.items())


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "line 1"),
        (b"index\n1\n", "line 1"),
        (b"index,status\n", "no line names an entry"),
        (b"index,status,salary\n1,active,9\n", "line 1"),
        (b"index,status,status\n1,active,active\n", "line 1"),
        (b"index,status\n1,active\n1,revoked\n", "line 3: index 1 stands on line 2 already"),
        (b"index,status\n1,activ\n", "line 2: 'activ' is not a known status"),
        (b"index,status\n1,\n", "line 2"),
        (b"index,status\n-1,active\n", "line 2"),
        (b"index,status\n1.0,active\n", "line 2"),
        ("index,status\n١,active\n".encode(), "line 2"),
        (b"index,status\n16777216,active\n", "line 2"),
        (b"index,status\n1,active,more\n", "line 2: 3 columns, not 2"),
        (b"index,status\n1\n", "line 2: 1 columns, not 2"),
        (b"index,status\n1,active\n2,\xff\n", "line 3: not UTF-8"),
        (b"index,status\n1,active\n2,act\0ive\n", "line 3: not a text"),
        (b'index,status\n1,"active\n', "line"),
        (b'index,status\n1,"active"x\n', "line 2"),
    ],
)
def test_a_slip_is_refused_with_its_line(raw: bytes, says: str) -> None:
    with pytest.raises(RegisterRefused, match=says):
        read_register(raw, LIST)


def test_many_faults_are_counted_not_recited() -> None:
    raw = b"index,status\n" + b"x,active\n" * 1000
    with pytest.raises(RegisterRefused, match="and 990 more") as refused:
        read_register(raw, LIST)
    assert len(str(refused.value)) < 2_000


def test_a_suspension_is_not_put_where_it_could_never_be_lifted() -> None:
    raw = b"index,status\n1,active\n2,suspended\n"
    with pytest.raises(RegisterRefused, match="line 3: 'suspended' does not belong on a list of revocations"):
        read_register(raw, StatusPurpose.REVOCATION)
    assert read_register(raw, StatusPurpose.SUSPENSION) == ((1, 0), (2, 1))


@given(st.binary(max_size=300))
def test_nothing_breaks_it(raw: bytes) -> None:
    for text in (raw, b"index,status\n" + raw):
        with contextlib.suppress(RegisterRefused):
            assert all(value in (0, 1) for _, value in read_register(text, LIST))
