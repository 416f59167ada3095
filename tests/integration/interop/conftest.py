"""Fixtures of the interoperability tests: the committed documents, and peers that may not be installed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.interop.peers import PeersMissing, node_command

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture(scope="session")
def _peers() -> None:
    """Skips, saying why, where the independent implementations are not installed."""
    try:
        node_command()
    except PeersMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def fixture() -> Callable[[str], Any]:
    """A committed fixture by file name: a parsed document, or a compact JWT."""

    def read(name: str) -> Any:
        text = (FIXTURES / name).read_text(encoding="utf-8")
        return json.loads(text) if name.endswith(".json") else text.strip()

    return read
