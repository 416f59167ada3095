"""What the decoder takes is what a Solidity contract emits, and nothing else."""

from __future__ import annotations

import contextlib
import copy
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.bindings.addresses import checksummed, keccak256
from registry.bindings.decoder import RawLog, UndecodableEvent, decode
from registry.bindings.issuer_registry import STANDINGS
from registry.events import (
    AdminChanged,
    DidDeactivated,
    DidDocumentPinned,
    IssuerAccredited,
    LedgerEvent,
    OperatorChanged,
    OwnershipOffered,
    OwnershipTransferred,
    StandingChanged,
    StatusListClosed,
    StatusListCreated,
    StatusListMoved,
    StatusPublished,
    TermsChanged,
)
from registry.records import BlockStamp, StatusPurpose, Terms
from tests.simulators.raw_logs import raw_log

CONTRACT = checksummed(b"\x11" * 20)


def log(event: LedgerEvent) -> RawLog:
    """The log that the contracts emit for an event, made by an independent encoder."""
    return raw_log(event, BlockStamp(1, bytes(32), 0), 0)


def uints(bits: int) -> st.SearchStrategy[int]:
    return st.integers(0, 2**bits - 1)


words = st.binary(min_size=32, max_size=32)
addresses = st.binary(min_size=20, max_size=20).map(checksummed)
lines = st.text(max_size=80)
names = st.text(string.printable.strip(), min_size=1, max_size=80)
terms_ = st.builds(
    Terms,
    name=lines,
    credential_types=st.lists(lines, max_size=4).map(tuple),
    jurisdictions=st.lists(lines, max_size=4).map(tuple),
    valid_from=uints(40),
    valid_until=uints(40),
)
created = st.builds(
    lambda uri, **members: StatusListCreated(list_id=keccak256(uri.encode()), uri=uri, **members),
    uri=names,
    issuer_id=uints(32),
    size=uints(32),
    purpose=st.sampled_from(StatusPurpose),
    bits_per_entry=uints(8),
    head=words,
    root=words,
)
published = st.builds(
    StatusPublished,
    list_id=words,
    seq=uints(64),
    head=words,
    root=words,
    effective_at=uints(48),
    delta=st.binary(max_size=200),
)
events = st.one_of(
    st.builds(IssuerAccredited, uints(32), names, addresses, terms_),
    st.builds(TermsChanged, uints(32), terms_),
    st.builds(StandingChanged, uints(32), st.sampled_from(list(STANDINGS.values())), lines),
    st.builds(OperatorChanged, uints(32), addresses, st.booleans()),
    st.builds(AdminChanged, uints(32), addresses, st.booleans()),
    st.builds(DidDocumentPinned, names, uints(32), words, st.binary(max_size=200)),
    st.builds(DidDeactivated, names, uints(32), words),
    created,
    published,
    st.builds(StatusListClosed, words, uints(64)),
    st.builds(StatusListMoved, words, uints(32), uints(32)),
    st.builds(OwnershipOffered, st.just(CONTRACT), addresses),
    st.builds(OwnershipTransferred, st.just(CONTRACT), addresses),
)


@given(events)
def test_what_is_emitted_is_read_back(event: LedgerEvent) -> None:
    assert decode(log(event)) == event


@given(events, st.data())
def test_changed_data_is_refused_or_is_another_event(event: LedgerEvent, draw: st.DataObject) -> None:
    """No bit is without meaning: a log that differs is never read as the same event, and nothing but
    UndecodableEvent is ever raised."""
    raw = log(event)
    data = bytearray.fromhex(raw["data"][2:])
    position = draw.draw(st.integers(0, max(len(data) - 1, 0)))
    if data:
        data[position] ^= draw.draw(st.integers(1, 255))
    else:
        data.append(0)
    raw["data"] = "0x" + data.hex()
    with contextlib.suppress(UndecodableEvent):
        assert decode(raw) != event


@given(events, st.integers(1, 64))
def test_cut_and_lengthened_data_is_refused(event: LedgerEvent, count: int) -> None:
    raw = log(event)
    longer = {**raw, "data": raw["data"] + "00" * count}
    with pytest.raises(UndecodableEvent):
        decode(longer)
    if len(raw["data"]) > 2:
        with pytest.raises(UndecodableEvent):
            decode({**raw, "data": raw["data"][: -2 * min(count, len(raw["data"]) // 2 - 1)]})


@given(events, st.booleans())
def test_the_number_of_topics_is_exact(event: LedgerEvent, more: bool) -> None:
    raw = log(event)
    raw["topics"] = [*raw["topics"], "0x" + "00" * 32] if more else raw["topics"][:-1]
    with pytest.raises(UndecodableEvent):
        decode(raw)


@given(st.recursive(st.none() | st.integers() | st.text() | st.binary(), st.lists, max_leaves=5))
def test_rubbish_is_refused(rubbish: Any) -> None:
    raw = log(StatusListClosed(b"\1" * 32, 1))
    for member in ("address", "topics", "data"):
        if rubbish != raw[member]:
            with pytest.raises(UndecodableEvent):
                decode({**raw, member: rubbish})
    with pytest.raises(UndecodableEvent):
        decode({**raw, "topics": [rubbish, *raw["topics"][1:]]})


PUBLISHED = StatusPublished(b"\1" * 32, 1, b"\2" * 32, b"\3" * 32, 7, b"\x05\x06")
CREATED = StatusListCreated(
    keccak256(b"https://board.example/1"),
    1,
    256,
    StatusPurpose.REVOCATION,
    1,
    b"\2" * 32,
    b"\3" * 32,
    "https://board.example/1",
)
ACCREDITED = IssuerAccredited(1, "did:web:board.example", CONTRACT, Terms("Board", ("A",), ("US-CO",), 1, 2))


def word(value: int) -> str:
    return value.to_bytes(32, "big").hex()


def replaced(event: LedgerEvent, index: int, with_: str) -> RawLog:
    """The log with one word of its data replaced."""
    raw = log(event)
    start = 2 + 64 * index
    raw["data"] = raw["data"][:start] + with_ + raw["data"][start + 64 :]
    return raw


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(replaced(PUBLISHED, 2, word(2**48)), id="effectiveAt beyond its type"),
        pytest.param(replaced(PUBLISHED, 2, word(2**64 + 5)), id="effectiveAt far beyond its type"),
        pytest.param(replaced(PUBLISHED, 3, word(0)), id="offset into the head"),
        pytest.param(replaced(PUBLISHED, 3, word(160)), id="offset beyond"),
        pytest.param(replaced(PUBLISHED, 3, word(2**256 - 1)), id="offset without end"),
        pytest.param(replaced(PUBLISHED, 4, word(2**255)), id="length without end"),
        pytest.param(replaced(PUBLISHED, 4, word(2**64 + 2)), id="length that is right but for what is above"),
        pytest.param(replaced(PUBLISHED, 4, word(33)), id="length beyond the data"),
        pytest.param(replaced(PUBLISHED, 5, "0506" + "00" * 29 + "01"), id="padding that is not zero"),
        pytest.param(replaced(CREATED, 1, word(0)), id="no such purpose"),
        pytest.param(replaced(CREATED, 1, word(5)), id="no such purpose either"),
        pytest.param(replaced(CREATED, 7, "ff" * 23 + "00" * 9), id="address of a list is not UTF-8"),
        pytest.param(
            replaced(CREATED, 7, b"https://board.example/2".hex() + "00" * 9), id="not the list named"
        ),
        pytest.param(replaced(ACCREDITED, 1, "01" + word(5)[2:]), id="an address of 32 bytes"),
        pytest.param(replaced(ACCREDITED, 12, word(2**200)), id="an array without end"),
    ],
)
def test_malformed_logs(raw: RawLog) -> None:
    with pytest.raises(UndecodableEvent):
        decode(raw)


def test_an_array_is_bounded_by_the_data_before_it_is_read() -> None:
    """Otherwise one number in a log could take all memory."""
    data = [word(32), word(160), word(224), word(256), word(0), word(0)]
    data += [word(0), word(2**40), word(0)]
    raw = log(TermsChanged(1, Terms("", (), (), 0, 0)))
    with pytest.raises(UndecodableEvent):
        decode({**raw, "data": "0x" + "".join(data)})


@pytest.mark.parametrize("number", [0, 4, 256])
def test_no_such_standing(number: int) -> None:
    raw = log(StandingChanged(1, STANDINGS[1], ""))
    raw["topics"][2] = "0x" + word(number)
    with pytest.raises(UndecodableEvent):
        decode(raw)


def test_an_unknown_event() -> None:
    raw = log(PUBLISHED)
    raw["topics"][0] = "0x" + "ee" * 32
    with pytest.raises(UndecodableEvent):
        decode(raw)


@pytest.mark.parametrize("member", ["address", "topics", "data"])
def test_a_missing_member(member: str) -> None:
    raw = log(PUBLISHED)
    del raw[member]
    with pytest.raises(UndecodableEvent):
        decode(raw)


@pytest.mark.parametrize("data", ["", "0x0", "0X00", "0x 00", "0x00 00", "0xzz", "00"])
def test_not_hexadecimal(data: str) -> None:
    with pytest.raises(UndecodableEvent):
        decode({**log(PUBLISHED), "data": data})


def test_the_log_is_left_as_it_was() -> None:
    raw = log(ACCREDITED)
    before = copy.deepcopy(raw)
    decode(raw)
    assert raw == before
