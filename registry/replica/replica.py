"""The replica: rows and memory that move together, what readers are shown, and the change feed."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Engine

from registry.changes import Change, ChangeKind
from registry.events import BlockBatch
from registry.records import BlockStamp
from registry.replica.errors import InconsistentLedger
from registry.replica.feed import ChangeFeed
from registry.replica.queries import ReplicaQueries, View
from registry.replica.root_checker import RootChecker
from registry.replica.state import LedgerState
from registry.replica.store import Cursor, ReplicaDamaged, ReplicaStore

NOTED_EVERY = 2.0  # seconds
AT_ONCE = 10_000  # events read from the rows


class Replica:
    """Written by one follower; read by anybody, from any thread, without locks.

    Every writing method computes the next state aside, commits it, and only then shows it. After an
    exception from the database the memory may be behind it: `reconcile()` makes them one again.
    """

    def __init__(self, engine: Engine, checker: RootChecker | None = None) -> None:
        """Does no I/O; `load()` before use. `checker`: helps with much at a time."""
        self._store = ReplicaStore(engine)
        self._checker = checker or RootChecker(many=None)
        self._writing = threading.Lock()
        self._state = LedgerState()
        self._last_change = 0
        self._rows = Cursor(None, 0, 0.0)  # where we know the rows to stand
        self._noted_at = 0.0  # when we last wrote down that a ledger confirmed us, Unix seconds
        self._rebuilding = False  # the readers keep what they have until we have caught up
        self._view = View(self._state)
        self.feed = ChangeFeed(self._store)
        self.queries = ReplicaQueries(lambda: self._view)

    @property
    def cursor(self) -> BlockStamp | None:
        """The last block applied; None: none yet."""
        return self._state.head

    @property
    def rebuilding(self) -> bool:
        """Whether readers are shown what there was before, because what there is now is not whole yet."""
        return self._rebuilding

    @property
    def state(self) -> LedgerState:
        """What the memory holds; it never changes, later blocks make another."""
        return self._state

    def load(self) -> None:
        """Rebuild the memory from the rows.

        Raises ReplicaDamaged if they do not fit together; `rewind(-1)` then starts anew.
        """
        with self._writing:
            self._rows = cursor = self._store.cursor()
            self._last_change = cursor.last_change
            state = self._projected(LedgerState(), self._checker)
            self._checker.close()
            self._rebuilding = self._state.head is not None and cursor.stamp is None
            self._view = replace(self._view, confirmed_at=cursor.confirmed_at)
            self._show(replace(state, head=cursor.stamp), cursor.last_change)

    def recomputed(self, head: BlockStamp) -> LedgerState:
        """What the rows make, up to that block. Raises ReplicaDamaged."""
        return self._projected(LedgerState(), RootChecker(many=None)).rewound(head)

    def reconcile(self) -> None:
        """Load again if the rows are not where the memory is. Raises ReplicaDamaged."""
        cursor = self._store.cursor()
        if (cursor.stamp, cursor.last_change) != (self._state.head, self._last_change):
            self.load()

    def apply(self, batches: Sequence[BlockBatch]) -> list[Change]:
        """Add blocks that follow the cursor: rows, cursor and changes in one transaction.

        Raises InconsistentLedger and Superseded, leaving everything as it was.
        """
        with self._writing:
            projection, changes = self._checker.projected(self._state, self._last_change, batches)
            state = projection.state()
            cursor = self._cursor_at(state, projection.last_change)
            self._store.append(batches, changes, cursor, before=self._rows)
            self._rows = cursor
            self._checker.goes_on_from(state)
            self._show(state, projection.last_change)
            return changes

    def rewind(self, to_number: int) -> list[Change]:
        """Undo every block above, in one transaction; the withdrawals, newest change first.

        The cursor goes to the highest kept block that is not above. Where there is none everything is undone,
        and readers keep the old state until the next `confirm`: it grows stale, but is never half of something.
        """
        with self._writing:
            state = self._state.rewound(self.block_not_above(to_number))
            above = state.head.number if state.head else -1
            withdrawals: list[Change] = []
            for change in self._store.changes_above(above):
                seq = self._last_change + len(withdrawals) + 1
                withdrawals.append(
                    Change(seq, ChangeKind.WITHDRAWN, change.key, change.stamp, withdraws=change.seq)
                )
            last_change = self._last_change + len(withdrawals)
            cursor = self._cursor_at(state, last_change)
            self._store.remove_above(withdrawals, cursor, before=self._rows)
            self._rows = cursor
            self._rebuilding = state.head is None
            self._noted_at = 0.0  # those who read along wait for the next confirmation
            self._show(state, last_change)
            return withdrawals

    def confirm(self, head_seen_at: float) -> None:
        """A ledger said at that moment (Unix seconds) that our cursor is its head.

        Written down now and then: others that read along go by it, and a database that cannot be written to is
        found out. Raises Superseded, and what the database raises; the replica is not confirmed then.
        """
        with self._writing:
            self._checker.close()  # we have caught up
            if not 0 <= head_seen_at - self._noted_at < NOTED_EVERY:
                self._rows = Cursor(self._state.head, self._last_change, head_seen_at)
                self._store.confirm(self._rows)
                self._noted_at = head_seen_at
            self._rebuilding = False
            self._view = View(self._state, head_seen_at)

    def read_along(self) -> bool:
        """Follow what another process has written; whether there was anything. Raises ReplicaDamaged.

        Blocks are applied as they were by the one who wrote them; after a reorganisation all of them.
        """
        self._rows = cursor = self._store.cursor()
        head = self._state.head
        if (cursor.stamp, cursor.last_change) == (head, self._last_change):
            if cursor.confirmed_at > self._view.confirmed_at:
                with self._writing:
                    self._rebuilding = False
                    self._view = View(self._state, cursor.confirmed_at)
            return False
        goes_on = head is None or (cursor.stamp and self._store.stamps(head.number + 1, 1) == [head])
        with self._writing:
            # After a reorganisation readers are shown the outcome once a ledger has confirmed it to the writer.
            self._rebuilding = self._rebuilding or not goes_on
            state = self._projected(self._state if goes_on else LedgerState(), self._checker)
            self._checker.close()
            if self._store.cursor()[:2] != cursor[:2]:
                return True  # it was written to meanwhile: look again
            self._show(replace(state, head=cursor.stamp), cursor.last_change)
        return True

    def halt(self, reason: str) -> None:
        """Replication cannot go on; readers are told until the next `confirm`."""
        with self._writing:
            self._checker.close()
            self._view = replace(self._view, halted=reason)

    def stamps(self, below: int, limit: int) -> list[BlockStamp]:
        """Blocks we know of with numbers below `below`, newest first: candidates for a common ancestor."""
        return self._store.stamps(below, limit)

    def block_not_above(self, number: int) -> BlockStamp | None:
        """The newest block on record that is not above: every one that recorded something is."""
        kept = self._store.stamps(below=number + 1, limit=1)
        return kept[0] if kept else None

    def _projected(self, state: LedgerState, checker: RootChecker) -> LedgerState:
        """What the rows make of a state. Raises ReplicaDamaged."""
        try:
            for batches in _a_few_at_a_time(self._store.batches(state.head.number if state.head else -1)):
                projection, _ = checker.projected(state, 0, batches)
                state = projection.state()
                checker.goes_on_from(state)
        except (InconsistentLedger, ValueError, KeyError) as error:
            raise ReplicaDamaged(f"the replica's rows do not fit together: {error}") from error
        return state

    def _cursor_at(self, state: LedgerState, last_change: int) -> Cursor:
        return Cursor(state.head, last_change, self._view.confirmed_at)

    def _show(self, state: LedgerState, last_change: int) -> None:
        self._state = state
        self._last_change = last_change
        if not self._rebuilding:
            self._view = replace(self._view, state=state)
        self.feed.announce(last_change)


def _a_few_at_a_time(batches: Iterable[BlockBatch]) -> Iterator[list[BlockBatch]]:
    taken: list[BlockBatch] = []
    events = 0
    for batch in batches:
        taken.append(batch)
        events += len(batch.events)
        if events >= AT_ONCE:
            yield taken
            taken, events = [], 0
    if taken:
        yield taken
