from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.crypto import base64url


@given(st.binary(max_size=100))
def test_round_trip_equals_the_standard_library(data: bytes) -> None:
    text = base64url.encode(data)
    assert text == base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    assert base64url.decode(text) == data


@given(st.text("ABYZaz09-_", max_size=12))
def test_only_one_spelling_is_accepted(text: str) -> None:
    try:
        data = base64url.decode(text)
    except base64url.MalformedBase64url:
        return
    assert base64url.encode(data) == text


@pytest.mark.parametrize("text", ["A", "AB=", "QQ==", "Q Q", "QR", "QQB", "+/AA", "AAAA\n", "é", "AAAAA"])
def test_malformed(text: str) -> None:
    with pytest.raises(base64url.MalformedBase64url):
        base64url.decode(text)
