"""A ledger at its first block, and a replica's database with empty tables: a test's own; deployed contracts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from registry.replica import tables as _tables  # noqa: F401 (registers its tables)
from tests.simulators.anvil import AnvilLedger, running_anvil
from tests.simulators.database import sqlite_database
from tests.simulators.registries import Registries, deployed


@pytest.fixture
def anvil(anvil_binary: Path) -> Iterator[AnvilLedger]:
    with running_anvil(anvil_binary) as running:
        yield running


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = sqlite_database(tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def ledger(anvil_binary: Path) -> Iterator[AnvilLedger]:
    with running_anvil(anvil_binary) as running:
        yield running


@pytest.fixture
def registries(ledger: AnvilLedger) -> Registries:
    return deployed(ledger)
