"""A ledger at its first block, and a replica's database with empty tables: a test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlmodel import SQLModel

from registry.replica import tables as _tables  # noqa: F401 (registers its tables)
from tests.simulators.anvil import AnvilLedger, running_anvil


@pytest.fixture
def anvil(anvil_binary: Path) -> Iterator[AnvilLedger]:
    with running_anvil(anvil_binary) as running:
        yield running


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path}/replica.db")
    SQLModel.metadata.create_all(engine)
    yield engine
    engine.dispose()
