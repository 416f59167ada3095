"""What never reaches a log, however much is asked for."""

from __future__ import annotations

import logging

import pytest

from node.observability import configure_logging


@pytest.mark.parametrize(
    "name", ["httpx2", "httpcore2.http11", "python_multipart.multipart", "websockets.client"]
)
def test_libraries_that_tell_of_every_byte_or_address_stay_quiet(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """An anonymous client could have a line written for each byte it sends."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", root.handlers[:])  # pytest's own come back
    level = root.level
    try:
        configure_logging("DEBUG")
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)
        assert logging.getLogger("node.monitoring").isEnabledFor(logging.DEBUG)
    finally:
        root.setLevel(level)
