from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from node.verification.proofs.limits import Limits
from node.verification.proofs.strict_json import parse
from node.verification.reasons import Reason
from node.verification.refusals import Refused


class Twice(ValueError):
    pass


def reference(raw: bytes) -> Any:
    """The standard library, told to refuse what we refuse."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in items}) != len(items):
            raise Twice
        return dict(items)

    def integer(digits: str) -> int | float:
        """Beyond 64 bits a number is a double, as RFC 8785 and ECMAScript read all of them."""
        value = int(digits)
        return value if -(2**63) <= value < 2**64 else float(digits)

    return json.loads(raw, object_pairs_hook=pairs, parse_int=integer)


def reason_of(raw: bytes | str, limits: Limits | None = None) -> Reason:
    with pytest.raises(Refused) as refused:
        parse(raw, limits) if limits else parse(raw)
    return refused.value.reason


# Texts made of pieces that have to do with members, strings and escapes, duplicates included.
keys = st.sampled_from(["a", "b", "", ":", '"', "\\", '\\"', '":', "é", "\\u0061", "\n"])
json_text = st.recursive(
    st.one_of(keys.map(json.dumps), st.sampled_from(["1", "true", "null", "[]", "{}", '"\\\\"', '"\\\\\\":"'])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + " ,".join(items) + "]"),
        st.lists(st.tuples(keys.map(json.dumps), inner), max_size=4).map(
            lambda items: "{" + ",".join(f"{key}\t: {value}" for key, value in items) + "}"
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=500)
@given(json_text)
def test_duplicates_are_found_exactly(text: str) -> None:
    raw = text.encode()
    try:
        expected = reference(raw)
    except Twice:
        assert reason_of(raw) is Reason.DUPLICATE_MEMBER
        return
    assert parse(raw) == parse(text) == expected


@example(b"20000000000000000001")
@example(b"-9223372036854775809")
@given(st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_never_more_lenient_than_the_standard_library(raw: bytes) -> None:
    try:
        value = parse(raw)
    except Refused:
        return
    assert value == reference(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"NaN",
        b"[Infinity]",
        b"[-Infinity]",
        b"[1e999]",
        b'"\\ud800"',
        b'"\xed\xa0\x80"',
        b"\xef\xbb\xbf{}",
        b"'a'",
        b"{a:1}",
        b"[1,]",
        b"01",
        b'"\n"',
        b"\xff",
        b"[1] 2",
        b"/**/1",
        b"\0{}",
    ],
)
def test_malformed(raw: bytes) -> None:
    assert reason_of(raw) is Reason.MALFORMED_JSON


def test_half_a_surrogate_pair_in_a_text() -> None:
    assert reason_of('"\ud800"') is Reason.MALFORMED_JSON


@pytest.mark.parametrize("key", ["a", "", "é"])
def test_duplicates(key: str) -> None:
    name = json.dumps(key)
    assert reason_of(f"{{{name}:1,{name}:1}}") is Reason.DUPLICATE_MEMBER
    assert reason_of(f'[{{"x":{{{name}:1,"c":2,{name}:3}}}}]') is Reason.DUPLICATE_MEMBER


def test_a_duplicate_spelled_by_an_escape() -> None:
    assert reason_of(b'{"issuer":1,"\\u0069ssuer":2}') is Reason.DUPLICATE_MEMBER


def depth_of(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth_of, inner), default=0)


def values_in(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return len(inner) + sum(map(values_in, inner))


trees = st.recursive(
    st.sampled_from([1, "a", "{[", ":,", "\\", "\n      ", {}, []]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=30,
)


@settings(max_examples=500)
@given(trees, st.integers(1, 6), st.integers(1, 60), st.sampled_from([None, 2]))
def test_limits_are_kept_exactly(value: Any, depth: int, values: int, indent: int | None) -> None:
    raw, limits = json.dumps(value, indent=indent), Limits(max_depth=depth, max_values=values)
    if depth_of(value) > depth or values_in(value) > values:
        assert reason_of(raw, limits) in {Reason.TOO_DEEP, Reason.TOO_MANY_VALUES}
    else:
        assert parse(raw, limits) == value


def test_a_duplicate_among_many_objects() -> None:
    record = '{"type":"Result","value":"{1}"},'
    assert len(parse(f"[{record * 100}{{}}]")) == 101
    assert reason_of(f'[{record * 100}{{"a":1,"a":1}}]') is Reason.DUPLICATE_MEMBER


def test_limits() -> None:
    assert reason_of(b"[" * 49 + b"]" * 49) is Reason.TOO_DEEP
    assert reason_of(b"[" * 5000 + b"]" * 5000) is Reason.TOO_DEEP
    assert reason_of(b'{"a":' * 49 + b"1" + b"}" * 49) is Reason.TOO_DEEP
    assert parse(b"[" * 48 + b"]" * 48)
    assert reason_of(b" " * (1 << 20) + b"1") is Reason.TOO_LARGE
    assert reason_of("é" * (1 << 19) + "é") is Reason.TOO_LARGE
    assert reason_of(b"[" + b"1," * 20_000 + b"1]") is Reason.TOO_MANY_VALUES
    assert reason_of(b"[1,2,3]", Limits(max_values=2)) is Reason.TOO_MANY_VALUES
    assert parse(b"[1,2]", Limits(max_values=2)) == [1, 2]
