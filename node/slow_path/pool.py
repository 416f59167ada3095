"""A few warm processes for the general JSON-LD processor: each answers in time, or is killed and replaced.

Threads would not do: whoever holds the interpreter's lock holds everyone. A caller waits no longer than two
deadlines, one for its turn and one for its answer; more callers than there is room for are turned away at
once. What could not be read in time is indeterminate: it says nothing about the document.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import sys
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from node.slow_path.process import PeerLost, Process
from node.verification.proof import Undecided
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.general import WouldBlock
from node.verification.proofs.data_integrity.statements import Quad
from node.verification.reasons import Reason
from node.verification.refusals import Refused

log = logging.getLogger(__name__)

WORKERS = 1
WAITING = 3  # callers beyond those being answered; each holds a thread
DEADLINE = 2.0  # seconds for one document
_STARTING = 30.0  # seconds that a process may take to be ready
_COMMAND = (sys.executable, "-m", "node.slow_path.worker")


class SlowPath:
    """The pool. Safe to share between threads; its `quads` is for threads alone."""

    def __init__(
        self,
        contexts: Contexts,
        *,
        workers: int = WORKERS,
        waiting: int = WAITING,
        deadline: float = DEADLINE,
        command: Sequence[str] = _COMMAND,
    ) -> None:
        added = {url: raw.decode() for url, raw in contexts.added.items()}
        self._first = orjson.dumps({"contexts": added, "seconds": 2 * deadline})
        self._workers = workers
        self._deadline = deadline
        self._command = command
        self._idle: queue.LifoQueue[Process] = queue.LifoQueue()
        self._room = threading.BoundedSemaphore(workers + waiting)
        self._lock = threading.Lock()
        self._alive: set[Process] = set()
        self._starting: set[threading.Thread] = set()
        self._closed = False
        self.declined: Counter[str] = Counter()  # documents the fast path left over, by why
        self.ended: Counter[str] = Counter({"answered": 0, "killed": 0, "turned_away": 0})  # how that went

    def start(self) -> None:
        """Begin to warm up; documents may come before that is done."""
        self._fill()

    def close(self) -> None:
        """End every process. Whoever still waits is turned away."""
        with self._lock:
            self._closed = True
            alive, starting = list(self._alive), list(self._starting)
        for process in alive:
            self._end(process)
        for thread in starting:
            thread.join()
        self._drain()

    def processes(self) -> frozenset[int]:
        """The ids of those that run."""
        with self._lock:
            return frozenset(process.pid for process in self._alive)

    def quads(self, document: Mapping[str, Any], why: str) -> list[Quad]:
        """The document's RDF. Raises Refused; Undecided where it could not be had now; WouldBlock."""
        if _in_event_loop():
            raise WouldBlock
        self._count(self.declined, why)
        if not self._room.acquire(blocking=False):
            raise self._turned_away()
        try:
            return _read(self._answer(orjson.dumps(document)))
        finally:
            self._room.release()

    def _answer(self, message: bytes) -> bytes:
        try:
            process = self._idle.get(timeout=self._deadline)
        except queue.Empty:
            self._fill()
            raise self._turned_away() from None
        try:
            answer = process.ask(message, self._deadline)
        except PeerLost as error:
            log.warning("a document could not be read in %s s: %s", self._deadline, error)
            self._count(self.ended, "killed")
            self._end(process)
            process.close()
            self._fill()
            raise Undecided(
                Reason.TOO_COMPLEX, "It is so laborious to read that it was given up; another try may succeed."
            ) from error
        self._put_back(process)
        self._count(self.ended, "answered")
        return answer

    def _fill(self) -> None:
        """Start what is missing, beside the caller: that takes its time."""
        with self._lock:
            missing = 0 if self._closed else self._workers - len(self._alive) - len(self._starting)
            threads = [threading.Thread(target=self._warm_up, name="slow path") for _ in range(missing)]
            self._starting.update(threads)
            for thread in threads:
                thread.start()

    def _warm_up(self) -> None:
        try:
            process = Process(self._command)
        except OSError as error:
            log.error("a process for unusual documents could not be started: %s", error)
            self._started(None)
            return
        self._started(process)
        try:
            process.ask(self._first, _STARTING)
        except PeerLost as error:
            if not self._closed:
                log.error("a process for unusual documents could not be started: %s", error)
            self._end(process)
            process.close()
        else:
            self._put_back(process)

    def _started(self, process: Process | None) -> None:
        with self._lock:
            if process is not None:
                self._alive.add(process)
            self._starting.discard(threading.current_thread())
            closed = self._closed
        if process is not None and closed:
            self._end(process)

    def _put_back(self, process: Process) -> None:
        self._idle.put(process)
        if self._closed:
            self._drain()

    def _drain(self) -> None:
        """After the end of all."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()

    def _end(self, process: Process) -> None:
        with self._lock:
            self._alive.discard(process)
        process.kill()

    def _turned_away(self) -> Undecided:
        self._count(self.ended, "turned_away")
        return Undecided(Reason.OVERLOADED, "Too many documents as unusual as this are being read just now.")

    def _count(self, counter: Counter[str], name: str) -> None:
        with self._lock:
            counter[name] += 1


def _read(answer: bytes) -> list[Quad]:
    read = orjson.loads(answer)
    if "refused" in read:
        reason, detail, member = read["refused"]
        raise Refused(Reason(reason), detail, member)
    return [(subject, predicate, object_, graph) for subject, predicate, object_, graph in read["quads"]]


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
