"""Processes for unusual documents: real ones, hung ones, dead ones. None holds anybody up or is left behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from node.did.resolver import Resolver
from node.services.verification import VerificationService
from node.slow_path.pool import SlowPath
from node.verification.proof import ProofChecker, Undecided
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.proofs.data_integrity.general import WouldBlock, general_quads
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.schema_registry import SchemaRegistry
from node.verification.verdict import CheckId, Decision, Outcome
from node.verification.verifier import Verifier
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, ended

CONTEXTS = Contexts()
DOCUMENT = {"@context": "https://www.w3.org/ns/credentials/v2", "id": "urn:x:1", "name": "n"}
READY = "import sys; sys.stdout.buffer.write(b'\\0\\0\\0\\2{}'); sys.stdout.flush(); "
HUNG = (sys.executable, "-c", READY + "[0 for _ in iter(int, 1)]")  # busy for ever, never letting go
DEAD = (sys.executable, "-c", READY)
BROKEN = (sys.executable, "-c", "raise SystemExit(1)")


def eventually(true: Callable[[], bool]) -> None:
    """Within half a minute; how long it takes decides nothing else."""
    for _ in range(3000):
        if true():
            return
        time.sleep(0.01)
    pytest.fail("it never came to that")


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def pools() -> Iterator[Callable[..., SlowPath]]:
    opened: list[SlowPath] = []

    def start(**options: Any) -> SlowPath:
        pool = SlowPath(CONTEXTS, **{"deadline": 20.0, **options})
        opened.append(pool)
        pool.start()
        return pool

    yield start
    for pool in opened:
        pids = pool.processes()
        pool.close()
        assert not pool.processes()
        assert not any(runs(pid) for pid in pids)


def test_it_reads_what_the_general_processor_reads(pools: Callable[..., SlowPath]) -> None:
    pool = pools()
    for _ in range(2):
        assert sorted(pool.quads(DOCUMENT, "number")) == sorted(general_quads(DOCUMENT, CONTEXTS))
    with pytest.raises(Refused) as refused:
        pool.quads({**DOCUMENT, "@id": 7}, "json")
    assert refused.value.reason is Reason.MALFORMED_CREDENTIAL
    assert pool.declined == {"number": 2, "json": 1}
    assert pool.ended == {"answered": 3, "killed": 0, "turned_away": 0}


def test_contexts_the_operator_vouches_for_are_known_there(pools: Callable[..., SlowPath]) -> None:
    url = "https://board.example/contexts/v1"
    contexts = Contexts({url: b'{"@context": {"licence": "https://board.example/vocabulary#licence"}}'})
    pool = SlowPath(contexts, deadline=20.0)
    pool.start()
    try:
        quads = pool.quads({"@context": [DOCUMENT["@context"], url], "licence": "RN-1"}, "number")
        assert any("vocabulary#licence" in quad[1] for quad in quads)
    finally:
        pool.close()


@pytest.mark.parametrize("command", [HUNG, DEAD])
def test_one_that_does_not_answer_is_killed_and_replaced(
    pools: Callable[..., SlowPath], command: tuple[str, ...]
) -> None:
    pool = pools(command=command, deadline=0.5)
    eventually(lambda: pool._idle.qsize() == 1)
    (first,) = pool.processes()
    with pytest.raises(Undecided) as refused:
        pool.quads(DOCUMENT, "number")
    assert refused.value.reason is Reason.TOO_COMPLEX
    assert not runs(first)
    eventually(lambda: pool._idle.qsize() == 1)
    assert pool.processes() != {first}
    assert pool.ended["killed"] == 1


def test_one_that_somebody_else_killed_is_replaced(pools: Callable[..., SlowPath]) -> None:
    pool = pools()
    pool.quads(DOCUMENT, "number")
    (pid,) = pool.processes()
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(Undecided):
        pool.quads(DOCUMENT, "number")
    assert pool.quads(DOCUMENT, "number")
    assert pid not in pool.processes()


def test_who_finds_no_room_is_turned_away_at_once(pools: Callable[..., SlowPath]) -> None:
    pool = pools(command=HUNG, waiting=0, deadline=5.0)
    eventually(lambda: pool._idle.qsize() == 1)
    reasons: list[Reason] = []

    def ask() -> None:
        with pytest.raises(Undecided) as refused:
            pool.quads(DOCUMENT, "number")
        reasons.append(refused.value.reason)

    first = threading.Thread(target=ask)
    first.start()
    eventually(lambda: pool._idle.qsize() == 0)
    ask()
    assert reasons == [Reason.OVERLOADED]  # before the first had its answer
    first.join()
    assert reasons == [Reason.OVERLOADED, Reason.TOO_COMPLEX]
    assert (pool.ended["turned_away"], pool.ended["killed"]) == (1, 1)


def test_where_none_can_be_started_nothing_is_decided(pools: Callable[..., SlowPath]) -> None:
    for command in (BROKEN, ("/nonexistent",)):
        pool = pools(command=command, deadline=0.2)
        with pytest.raises(Undecided) as refused:
            pool.quads(DOCUMENT, "number")
        assert refused.value.reason is Reason.OVERLOADED


def test_closing_in_the_middle_of_work_and_of_starting() -> None:
    for wait in (True, False):
        pool = SlowPath(CONTEXTS, command=HUNG, deadline=20.0)
        pool.start()
        caught: list[Refused] = []

        def ask(pool: SlowPath = pool, caught: list[Refused] = caught) -> None:
            try:
                pool.quads(DOCUMENT, "number")
            except Refused as refused:
                caught.append(refused)

        asking = threading.Thread(target=ask)
        if wait:
            eventually(lambda pool=pool: pool._idle.qsize() == 1)
            asking.start()
            eventually(lambda pool=pool: pool._idle.qsize() == 0)
        pids = pool.processes()
        pool.close()
        if wait:
            asking.join()
            assert caught
        assert not pool.processes()
        assert not any(runs(pid) for pid in pids)


ORPHANING = """
import sys, threading, time
from node.slow_path.pool import SlowPath
from node.verification.proofs.contexts import Contexts
busy = (
    "import sys, node.slow_path.worker as w;"
    "w.general_quads = lambda d, *a: [0 for _ in iter(int, 1)] if 'id' in d else [];"
    "w.serve(sys.stdin.buffer, sys.stdout.buffer)"
)
pool = SlowPath(Contexts(), command=(sys.executable, "-c", busy), deadline=1.0)
pool.start()
while not pool._idle.qsize():
    time.sleep(0.01)
if sys.argv[1] == "busy":
    threading.Thread(target=pool.quads, args=({"id": "urn:x"}, "number"), daemon=True).start()
    while pool._idle.qsize():
        time.sleep(0.01)
print(*pool.processes(), flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_none_outlives_a_node_that_was_killed(state: str) -> None:
    node = subprocess.Popen([sys.executable, "-c", ORPHANING, state], stdout=subprocess.PIPE)
    with node:
        assert node.stdout is not None
        (pid,) = map(int, node.stdout.readline().split())
        node.kill()
    eventually(lambda: not runs(pid))


def test_an_event_loop_is_never_held_up(pools: Callable[..., SlowPath]) -> None:
    """While one document is hopeless, others are answered; it is indeterminate, and says why."""
    party = SimulatedRelyingParty()
    pool = pools(command=HUNG, deadline=3.0)
    eventually(lambda: pool._idle.qsize() == 1)
    verifier = Verifier(ProofChecker(DataIntegrity(CONTEXTS, pool)), SchemaRegistry({}))
    resolver = Resolver(party.ledger.pinned_document, None, party.clock)
    service = VerificationService(verifier, resolver, party.ledger, party.clock)
    licence = party.board.licence()
    plain = json.dumps(party.board.sign(licence)).encode()
    licence["credentialSubject"]["licenceNumber"] = 2**60  # a number the fast path leaves over
    unusual = json.dumps(party.board.sign(licence)).encode()

    async def both() -> list[str]:
        assert service.verify_if_local(unusual, policy=DEFAULT_POLICY) is None
        with pytest.raises(WouldBlock):
            pool.quads(DOCUMENT, "number")
        order: list[str] = []
        hopeless = asyncio.create_task(service.verify(unusual, policy=DEFAULT_POLICY))
        hopeless.add_done_callback(lambda _: order.append("unusual"))
        for _ in range(20):
            verdict = await service.verify(plain, policy=DEFAULT_POLICY)
            assert verdict.decision is Decision.ACCEPT
            order.append("plain")
            await asyncio.sleep(0)
        verdict = await hopeless
        assert verdict.decision is Decision.INDETERMINATE
        assert ended(verdict, CheckId.PROOF) == (Outcome.INDETERMINATE, Reason.TOO_COMPLEX)
        return order

    assert asyncio.run(both()) == ["plain"] * 20 + ["unusual"]


def test_what_the_fast_path_leaves_over_is_verified_all_the_same(pools: Callable[..., SlowPath]) -> None:
    party = SimulatedRelyingParty()
    pool = pools()
    verifier = Verifier(ProofChecker(DataIntegrity(CONTEXTS, pool)), SchemaRegistry({}))
    resolver = Resolver(party.ledger.pinned_document, None, party.clock)
    service = VerificationService(verifier, resolver, party.ledger, party.clock)
    licence = party.board.licence()
    licence["credentialSubject"]["licenceNumber"] = 2**60
    signed = party.board.sign(licence)
    verdict = asyncio.run(service.verify(json.dumps(signed).encode(), policy=DEFAULT_POLICY))
    assert verdict.decision is Decision.ACCEPT
    signed["credentialSubject"]["licenceNumber"] = 2**60 + 256
    verdict = asyncio.run(service.verify(json.dumps(signed).encode(), policy=DEFAULT_POLICY))
    assert ended(verdict, CheckId.PROOF) == (Outcome.FAILED, Reason.SIGNATURE_INVALID)
    assert pool.declined == {"number": 2}
