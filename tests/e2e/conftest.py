"""One browser and one served page for all tests of this tier."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.simulators.browser import find_chromium, launched, served
from tests.simulators.node import SimulatedNode


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Tests are skipped, saying so, where there is no browser."""
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("no chromium on this machine (set GOODSTANDING_CHROMIUM)")
    with launched(chromium) as browser:
        yield browser


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the page is served."""
    with served(SimulatedNode(max_body_bytes=100_000)) as address:
        yield address
