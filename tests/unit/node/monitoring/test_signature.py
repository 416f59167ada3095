"""Signatures of deliveries."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.monitoring.delivery.signature import SignatureRefused, check, sign

SECRET = b"a secret of some length"


def test_the_signature_is_what_the_documentation_says() -> None:
    expected = hmac.new(SECRET, b'1700000000.{"id":1}', hashlib.sha256).hexdigest()
    assert sign(SECRET, b'{"id":1}', 1_700_000_000) == f"t=1700000000,v1={expected}"


@given(st.binary(max_size=200), st.integers(0, 2**33))
def test_what_was_signed_is_accepted(body: bytes, now: int) -> None:
    check(sign(SECRET, body, now), SECRET, body, now)


@pytest.mark.parametrize(
    ("secret", "body", "now"),
    [
        (b"another secret of length", b"body", 1_000),
        (SECRET, b"body!", 1_000),
        (SECRET, b"body", 1_301),
        (SECRET, b"body", 699),
    ],
)
def test_another_secret_another_body_and_replays_are_refused(secret: bytes, body: bytes, now: int) -> None:
    with pytest.raises(SignatureRefused):
        check(sign(SECRET, b"body", 1_000), secret, body, now)


def test_the_time_is_signed_too() -> None:
    mac = sign(SECRET, b"body", 1_000).partition(",")[2]
    with pytest.raises(SignatureRefused, match="match"):
        check(f"t=1200,{mac}", SECRET, b"body", 1_200)


@given(st.text(max_size=100))
def test_what_is_no_signature_is_refused(header: str) -> None:
    with pytest.raises(SignatureRefused):
        check(header, SECRET, b"body", 1_000)
