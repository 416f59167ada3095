"""Tiers are folders, and a tier's promise is enforced: a unit test that opens a socket fails."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# No test passes or fails by the clock: a busy machine is no defect.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

TESTS = Path(__file__).parent
# Cheapest first; the browser's last, as its driver keeps an event loop running in this thread to the end.
TIERS = ("unit", "vectors", "behaviours", "fuzz", "integration", "network", "e2e")
SOCKETLESS = {"unit", "vectors", "fuzz", "behaviours"}


def tier_of(path: Path) -> str:
    return path.relative_to(TESTS).parts[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: TIERS.index(tier_of(item.path)))
    for item in items:
        item.add_marker(getattr(pytest.mark, tier_of(item.path)))


@pytest.fixture(autouse=True)
def _no_sockets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connecting or listening fails in the tiers that promise not to; an event loop's own pair is fine."""
    tier = tier_of(request.node.path)
    if tier not in SOCKETLESS:
        return

    def refuse(*_: Any, **__: Any) -> None:
        pytest.fail(f"a {tier} test opened a socket")

    for name in ("connect", "connect_ex", "bind", "listen"):
        monkeypatch.setattr(socket.socket, name, refuse)


@pytest.fixture(scope="session")
def vectors() -> Path:
    """The published test vectors; skipped, saying so, where they are absent."""
    default = TESTS.parent.parent / "shared" / "vectors"
    folder = Path(os.environ.get("GOODSTANDING_VECTORS", default))
    if not folder.is_dir():
        pytest.skip(f"no published vectors at {folder} (set GOODSTANDING_VECTORS)")
    return folder
