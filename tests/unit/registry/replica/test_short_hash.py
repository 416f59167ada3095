"""Whichever implementation of SHA-256 is taken, it is SHA-256."""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Iterator

import pytest

from registry.replica import short_hash


@pytest.fixture
def afresh() -> Iterator[None]:
    """`short_hash` is as it was again afterwards."""
    yield
    importlib.reload(short_hash)


@pytest.mark.parametrize("size", [0, 33, 55, 56, 64, 65, 1000])
def test_it_is_sha256(size: int) -> None:
    data = bytes(range(256)) * 4
    assert short_hash.sha256(data[:size]).digest() == hashlib.sha256(data[:size]).digest()


@pytest.mark.usefixtures("afresh")
def test_a_python_without_its_own_implementation_takes_openssls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "_sha256", None)  # importing it raises ImportError
    importlib.reload(short_hash)
    assert short_hash.sha256 is hashlib.sha256
