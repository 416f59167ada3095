from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.behaviours.registry.audit_suite import AuditBehaviours
from tests.behaviours.registry.following_suite import FollowingBehaviours
from tests.behaviours.registry.replica_suite import ReplicaBehaviours
from tests.behaviours.registry.sharing_suite import SharingBehaviours
from tests.simulators.database import sqlite_database


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = sqlite_database(tmp_path)
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
