from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine
from sqlmodel import SQLModel

from tests.behaviours.registry.audit_suite import AuditBehaviours
from tests.behaviours.registry.following_suite import FollowingBehaviours
from tests.behaviours.registry.replica_suite import ReplicaBehaviours
from tests.behaviours.registry.sharing_suite import SharingBehaviours


@pytest.fixture
def engine(postgresql: str) -> Iterator[Engine]:
    engine = create_engine(postgresql.replace("postgresql://", "postgresql+psycopg://", 1))
    SQLModel.metadata.create_all(engine)
    yield engine
    engine.dispose()


class TestReplicaOnPostgres(ReplicaBehaviours):
    pass


class TestAuditOnPostgres(AuditBehaviours):
    pass


class TestFollowingOnPostgres(FollowingBehaviours):
    pass


class TestSharingOnPostgres(SharingBehaviours):
    pass
