"""Credentials at rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.monitoring.sealing import CredentialCipher, SealBroken

KEY = bytes(range(32))


@given(st.binary(max_size=500))
def test_what_is_sealed_can_be_opened(credential: bytes) -> None:
    cipher = CredentialCipher(KEY)
    assert cipher.open(cipher.seal(credential, "a"), "a") == credential


def test_two_seals_of_the_same_differ() -> None:
    cipher = CredentialCipher(KEY)
    assert cipher.seal(b"same", "a") != cipher.seal(b"same", "a")


def test_a_seal_moved_to_another_enrolment_is_broken() -> None:
    cipher = CredentialCipher(KEY)
    with pytest.raises(SealBroken):
        cipher.open(cipher.seal(b"Ada", "a"), "b")


def test_another_key_opens_nothing() -> None:
    sealed = CredentialCipher(KEY).seal(b"Ada", "a")
    with pytest.raises(SealBroken):
        CredentialCipher(bytes(32)).open(sealed, "a")


@given(st.data())
def test_every_flipped_bit_and_every_cut_is_noticed(data: st.DataObject) -> None:
    cipher = CredentialCipher(KEY)
    sealed = bytearray(cipher.seal(b"a licence", "a"))
    if data.draw(st.booleans()):
        del sealed[data.draw(st.integers(0, len(sealed) - 1)) :]
    else:
        sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        cipher.open(bytes(sealed), "a")


def test_the_key_has_32_bytes_and_is_not_shown() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        CredentialCipher(b"short")
    assert KEY.hex() not in repr(vars(CredentialCipher(KEY)))
