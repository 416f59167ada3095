"""A second process that checks heads and roots, while this one does the rest of a long catching up.

What it vouches for is not computed again here. Whatever else it says, or that it says nothing any more, costs
time and nothing else: then it is computed here, as it is where there is little to catch up with.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Sequence

from registry.changes import Change
from registry.events import BlockBatch, StatusListCreated
from registry.records import StatusPurpose
from registry.replica.list_projection import MAX_LIST_BITS
from registry.replica.packed_updates import packed
from registry.replica.projection import Projection
from registry.replica.root_checking import FRAME, ID, LIST, Told
from registry.replica.state import LedgerState

log = logging.getLogger(__name__)

MANY = 5_000  # events: to check as many takes about as long as to start a process
PATIENCE = 60.0  # seconds until it answers: it has a second's work at a time
_COMMAND = (sys.executable, "-P", "-m", "registry.replica.root_checking")  # -P: of no module that lies about


class RootChecker:
    """For one thread at a time. The process is started when it is worth it; once lost it stays lost."""

    def __init__(
        self, many: int | None = MANY, command: Sequence[str] = _COMMAND, patience: float = PATIENCE
    ) -> None:
        """`many`: events at a time that are worth a second process; None: none ever are."""
        self._command = command
        self._patience = patience
        self._watch: threading.Timer | None = None  # ends it where it neither answers nor ends
        self._many = many
        self._process: subprocess.Popen[bytes] | None = None
        self._lost = False
        self._asked = False  # and not answered yet
        self._stands_at: LedgerState | None = None  # what it was told of; None: begin anew
        self._vouched: set[bytes] = set()  # lists that it vouches for
        self._there: set[bytes] = set()  # lists that there are

    @property
    def pid(self) -> int | None:
        """Of the process, where there is one."""
        return self._process.pid if self._process else None

    def projected(
        self, base: LedgerState, last_change: int, batches: Sequence[BlockBatch]
    ) -> tuple[Projection, list[Change]]:
        """What blocks make of a state, every head and root checked.

        Raises InconsistentLedger.
        """
        hoped = self._ask(base, batches)
        outcome = _projected(base, last_change, batches, hoped)
        vouched = self._answer()
        # Nobody has seen the outcome yet: where hope was wrong there is another.
        return outcome if hoped <= vouched else _projected(base, last_change, batches, vouched)

    def goes_on_from(self, state: LedgerState) -> None:
        """That the outcome of the last blocks is this one."""
        if self._process is not None and not self._asked:
            self._stands_at = state

    def close(self) -> None:
        """End the process: it is started anew when there is much to do again."""
        process, self._process = self._process, None
        self._asked, self._stands_at, self._vouched = False, None, set()
        self._watched()
        if process is not None:
            process.kill()  # it has nothing to lose
            process.communicate()

    def _ask(self, base: LedgerState, batches: Sequence[BlockBatch]) -> frozenset[bytes]:
        """The lists that it may come to vouch for; it is checking now."""
        if self._asked:  # and nobody waited for the answer, which would be taken for this one's
            self.close()
        if self._process is None:
            many = None if self._lost else self._many
            if many is None or sum(len(batch.events) for batch in batches) < many:
                return frozenset()
        try:
            if self._process is None:
                self._process = self._started()
            self._watch = threading.Timer(self._patience, self._process.kill)
            self._watch.daemon = True
            self._watch.start()
            if self._stands_at is not base:
                self._begin_with(base)
            self._stands_at = None
            for batch in batches:
                self._tell_of_block(batch)
            self._tell(Told.ASKED, b"")
            self._asked = True
            return frozenset(self._vouched)
        except OSError:
            self._lose()
            return frozenset()

    def _answer(self) -> frozenset[bytes]:
        """The lists whose every update was found to follow."""
        if not self._asked or self._process is None or self._process.stdout is None:
            return frozenset()
        answers = self._process.stdout
        frame = answers.read(FRAME.size)
        what, size = FRAME.unpack(frame) if len(frame) == FRAME.size else (0, 0)
        refused = answers.read(size)
        if what != Told.ASKED or len(refused) != size or size % ID:
            self._lose()
            return frozenset()
        self._asked = False
        self._watched()
        self._vouched.difference_update(refused[at : at + ID] for at in range(0, size, ID))
        return frozenset(self._vouched)

    def _started(self) -> subprocess.Popen[bytes]:
        # None of the environment's secrets; a session of its own, as Ctrl-C is for the node.
        paths = os.pathsep.join(path for path in sys.path if path)
        return subprocess.Popen(  # noqa: S603 – our own program
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": paths},
            start_new_session=True,
        )

    def _watched(self) -> None:
        """It need not be watched any more."""
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.cancel()

    def _lose(self) -> None:
        log.warning("the process that checked roots is gone: they are checked here")
        self.close()
        self._lost = True

    def _begin_with(self, base: LedgerState) -> None:
        self._there, self._vouched = set(base.lists), set()
        for it in base.lists.values():
            if not it.corrupt:
                shape = it.bits.size_bits, it.sets_bits
                told = LIST.pack(it.list_id, *shape, it.published, it.updates.last_head)
                self._tell(Told.LIST, told + it.bits.packed)
                self._vouched.add(it.list_id)

    def _tell_of_block(self, batch: BlockBatch) -> None:
        for event, _, _ in batch.events:
            if type(event) is StatusListCreated:
                self._tell_of_creation(event)
        if updates := packed(batch):
            self._tell(Told.UPDATES, updates)

    def _tell_of_creation(self, event: StatusListCreated) -> None:
        if event.list_id in self._there:  # it goes on in another contract, with the bits it has
            self._vouched.discard(event.list_id)
            self._tell(Told.FORGET, event.list_id)
            return
        self._there.add(event.list_id)
        size = event.size * event.bits_per_entry
        if size > MAX_LIST_BITS:
            return
        sets_bits = event.purpose is StatusPurpose.REVOCATION
        self._tell(Told.LIST, LIST.pack(event.list_id, size, sets_bits, 0, event.head))
        self._vouched.add(event.list_id)

    def _tell(self, what: Told, body: bytes) -> None:
        if self._process is None or self._process.stdin is None:
            raise BrokenPipeError
        self._process.stdin.write(FRAME.pack(what, len(body)) + body)
        if what is Told.ASKED:
            self._process.stdin.flush()


def _projected(
    base: LedgerState, last_change: int, batches: Sequence[BlockBatch], vouched: frozenset[bytes]
) -> tuple[Projection, list[Change]]:
    projection = Projection(base, last_change, vouched)
    return projection, [change for batch in batches for change in projection.apply(batch)]
