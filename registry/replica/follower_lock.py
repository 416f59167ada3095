"""One follower at a time, of all processes that share a database: whoever holds this lock.

Its holder's end frees it, however that comes about. On PostgreSQL it is an advisory lock held by a connection
of its own; on SQLite, whose processes share a machine, a lock on a file beside the database.
Two that hold it for a moment, because a connection was lost unnoticed, do no harm: see `store.Superseded`.
"""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

_ADVISORY = 0x666F6C6C6F77  # any number that nobody else takes an advisory lock on


class FollowerLock:
    """Call from one thread at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._file: IO[str] | None = None

    def acquire(self) -> bool:
        """Whether it is ours now; does not wait. Raises SQLAlchemyError, OSError."""
        if self._engine.dialect.name == "postgresql":
            return self._acquire_advisory()
        if self._file is None:
            path = Path(f"{self._engine.url.database}.follower")
            file = path.open("a")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
                return False
            self._file = file
        return True

    def held(self) -> bool:
        """Whether it still is: a connection may have been lost."""
        if self._connection is None:
            return self._file is not None
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self.release()
            return False
        return True

    def release(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()  # the server gives the lock back with the connection
            self._connection.close()
            self._connection = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def _acquire_advisory(self) -> bool:
        if self._connection is not None:
            return True
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            taken = connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _ADVISORY}).scalar()
        except BaseException:
            connection.close()
            raise
        if not taken:
            connection.close()
            return False
        self._connection = connection
        return True
