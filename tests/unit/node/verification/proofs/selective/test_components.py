"""Reading a proof value: what is not exactly CBOR of the expected form is refused before any work."""

from __future__ import annotations

from typing import Any

import cbor2
import pytest

from node.crypto import base64url
from node.verification.proofs.selective.components import MAX_CHARS, components_of, encode, label_map, places
from node.verification.proofs.selective.ecdsa_sd import BASE, DERIVED, parse
from node.verification.reasons import Reason
from node.verification.refusals import Refused

KEY = b"\x80\x24" + bytes(33)


def value(data: bytes, kind: bytes = DERIVED) -> str:
    return "u" + base64url.encode(kind + data)


def refused(text: Any) -> None:
    with pytest.raises(Refused) as error:
        components_of(text)
    assert error.value.reason is Reason.MALFORMED_PROOF
    assert error.value.member == "/proof/proofValue"


def test_what_was_written_is_read() -> None:
    assert components_of(encode(DERIVED, [b"x", {0: b"y"}, [1, 2], "/a"])) == [b"x", {0: b"y"}, [1, 2], "/a"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        cbor2.dumps([1]) + b"\0",  # something past the end
        b"\x9f\x01\xff",  # an open length
        b"\xa2\x00\x41a\x00\x41b",  # a key twice
        b"\x81\x18\x01",  # 1, spelled longer
        b"\x81" * 10 + b"\0",  # deep
        b"\x9b" + b"\xff" * 8,  # a list of 2^64 items
        b"\x5b\x00\xff" + b"\xff" * 6,  # a string of 2^56 bytes
        b"\x81\x5a\x7f\xff\xff\xff",
        cbor2.dumps([cbor2.CBORTag(35, "(a+)+$")]),  # a regular expression
        cbor2.dumps([2**80]),  # a bignum
        b"\x81\xc4\x82\x1b\x7f" + b"\xff" * 7 + b"\x01",  # a decimal of 2^63 digits
        b"\x81\xd8\x1d\x00",  # a shared reference
        cbor2.dumps([cbor2.CBORTag(64, b"x")]),
        cbor2.dumps({0: 1}),
        cbor2.dumps("text"),
        b"\x81\xff",
        b"\x81\x61\xff",  # a text that is not UTF-8
    ],
)
def test_other_cbor_is_refused(data: bytes) -> None:
    refused(value(data))


@pytest.mark.parametrize(
    "text", [None, 7, "", "u", "z" + "1" * 80, "u2V0B=", "u2V0 B", "uÿ", "u" + "A" * MAX_CHARS]
)
def test_other_text_is_refused(text: Any) -> None:
    refused(text)


@pytest.mark.parametrize(
    "map_",
    [
        {1: b"x"},
        {0: b"x", 2: b"y"},
        {0: b"x", 1: b"x"},
        {-1: b"x"},
        {"0": b"x"},
        {True: b"x"},
        [b"x"],
        {0: 7},
        0,
    ],
)
def test_label_maps_name_every_part_once(map_: Any) -> None:
    def text(one: object) -> bytes:
        if type(one) is not bytes:
            raise Refused(Reason.MALFORMED_PROOF, "no bytes")
        return one

    with pytest.raises(Refused):
        label_map(map_, text)
    assert label_map({1: b"x", 0: b"y"}, text) == (b"y", b"x")


@pytest.mark.parametrize("found", [[0, 0], [-1], [True], ["1"], [10**9], {0: 1}, list(range(1_001)), None])
def test_places_are_numbers_none_twice(found: Any) -> None:
    with pytest.raises(Refused):
        places(found)
    assert places([3, 1]) == (3, 1)


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        (b"\xd9\x5d\x02", [bytes(64), KEY, [], {}, []]),
        (b"\xd9\x5d", []),
        (DERIVED, [bytes(64), KEY, [], {}]),
        (DERIVED, [bytes(64), KEY, [], {}, [], []]),
        (DERIVED, [bytes(63), KEY, [], {}, []]),
        (DERIVED, [bytes(64), b"\xed\x01" + bytes(33), [], {}, []]),
        (DERIVED, [bytes(64), KEY[:-1], [], {}, []]),
        (DERIVED, [bytes(64), KEY, [bytes(65)], {}, []]),
        (DERIVED, [bytes(64), KEY, bytes(64), {}, []]),
        (DERIVED, [bytes(64), KEY, [], {0: bytes(31)}, []]),
        (DERIVED, [bytes(64), KEY, [], {0: "u" * 44}, []]),
        (BASE, [bytes(64), KEY, bytes(31), [], []]),
        (BASE, [bytes(64), KEY, bytes(32), [], "/issuer"]),
        (BASE, [bytes(64), KEY, bytes(32), [], [7]]),
        (BASE, [bytes(64), KEY, bytes(32), [], ["/issuer"] * 257]),
        (BASE, [bytes(64), KEY, bytes(32), [bytes(64)] * 1_001, []]),
    ],
)
def test_proofs_of_another_form(kind: bytes, parts: list[Any]) -> None:
    with pytest.raises(Refused) as error:
        parse(encode(kind, parts))
    assert error.value.reason is Reason.MALFORMED_PROOF
