"""A hospital that monitors its staff."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulators.database import sqlite_database
from tests.unit.node.monitoring.hospital import Hospital


@pytest.fixture
def hospital(tmp_path: Path) -> Hospital:
    return Hospital(sqlite_database(tmp_path))
