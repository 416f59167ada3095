from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry.bindings.abi import encoded
from registry.bindings.addresses import keccak256
from registry.bindings.errors import refusal


def test_a_custom_error_is_named_and_explained() -> None:
    data = keccak256(b"WrongSequence(bytes32,uint64,uint64)")[:4]
    data += encoded(("bytes32", "uint64", "uint64"), (b"\1" * 32, 8, 7))
    found = refusal(data)
    assert found.name == "WrongSequence"
    assert found.arguments == (b"\1" * 32, 8, 7)
    assert (
        str(found) == f"another update of the list was published meanwhile [WrongSequence(0x{'01' * 32}, 8, 7)]"
    )


def test_what_solidity_itself_says() -> None:
    data = keccak256(b"Error(string)")[:4] + encoded(("string",), ("no",))
    assert refusal(data).arguments == ("no",)


def test_nothing_and_the_unknown_are_said_to_be_so() -> None:
    assert "without saying why" in str(refusal(b""))
    assert "do not know" in str(refusal(b"\xde\xad\xbe\xef"))


@given(st.binary(max_size=200), st.booleans())
def test_never_raises(tail: bytes, known: bool) -> None:
    head = keccak256(b"Error(string)")[:4] if known else b""
    assert str(refusal(head + tail))


def test_what_is_shown_of_the_unknown_is_bounded() -> None:
    assert len(str(refusal(b"\xee" * 100_000))) < 250
    assert len(str(refusal(keccak256(b"Error(string)")[:4] + encoded(("string",), ("x" * 100_000,))))) < 500
