from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlmodel import SQLModel

from tests.behaviours.registry.audit_suite import AuditBehaviours
from tests.behaviours.registry.following_suite import FollowingBehaviours
from tests.behaviours.registry.replica_suite import ReplicaBehaviours
from tests.behaviours.registry.sharing_suite import SharingBehaviours


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path}/replica.db")
    SQLModel.metadata.create_all(engine)
    yield engine
    engine.dispose()


class TestReplicaOnSqlite(ReplicaBehaviours):
    pass


class TestAuditOnSqlite(AuditBehaviours):
    pass


class TestFollowingOnSqlite(FollowingBehaviours):
    pass


class TestSharingOnSqlite(SharingBehaviours):
    pass
