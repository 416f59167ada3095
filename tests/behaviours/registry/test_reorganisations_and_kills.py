"""A thousand reorganisations and kills at random moments: the replica is what a fresh one would be after each.

A kill loses the process's memory and whatever was not committed; the next process has the rows alone. The same
with real processes and signals: `tests/integration/test_kill.py`.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, event

from registry.audit import compared
from registry.follower import Follower
from registry.replica.projection import Projection
from registry.replica.replica import Replica
from registry.replica.state import LedgerState
from tests.behaviours.registry.replicated import Crash, crash_before_statement, standing_changes
from tests.simulators import stories
from tests.simulators.database import sqlite_database
from tests.simulators.ledger import CONTRACTS, SimulatedLedger

LEDGERS, ROUNDS = 50, 20  # a ledger begins anew before its story grows long
STATEMENTS = 10  # about as many as a look at the ledger executes: beyond, nobody is killed


def restarted(engine: Engine) -> Replica:
    replica = Replica(engine)
    replica.load()
    return replica


def fresh(ledger: SimulatedLedger) -> tuple[LedgerState, list[tuple[object, ...]]]:
    """What a replica that saw no other branch holds, and what it told of."""
    projection = Projection(LedgerState())
    told = [
        (it.kind, it.key, it.stamp, it.values) for batch in ledger.batches() for it in projection.apply(batch)
    ]
    return projection.state(), told


@pytest.mark.parametrize("part", range(5))
async def test_equal_to_a_fresh_one_after_each(tmp_path: Path, part: int) -> None:
    random = Random(part)
    killed = reorganised = 0
    for number in range(part * LEDGERS // 5, (part + 1) * LEDGERS // 5):
        engine = sqlite_database(tmp_path / str(number))
        event.listen(engine, "connect", lambda it, _: it.execute("PRAGMA synchronous = OFF"))
        ledger, replica = SimulatedLedger(), restarted(engine)
        for _ in range(ROUNDS):
            reorganised += disturb(random, ledger)
            with crash_before_statement(engine, random.randrange(1, 2 * STATEMENTS)):
                while replica.cursor != ledger.blocks[-1].header.stamp:
                    try:
                        await Follower(ledger, replica, CONTRACTS).catch_up()
                    except Crash:
                        killed += 1
                        replica = restarted(engine)
            right, told = fresh(ledger)
            assert list(compared(right, replica.state)) == []
            assert list(compared(right, restarted(engine).state)) == []
            stands = standing_changes(replica.feed.read(0, 10_000))
            assert [(it.kind, it.key, it.stamp, it.values) for it in stands] == told
        engine.dispose()
    assert killed > 20 and reorganised > 50, "it was not as rough as it was meant to be"


def disturb(random: Random, ledger: SimulatedLedger) -> int:
    """More of the story, two times in three after blocks were dropped. How many reorganisations that was."""
    height = len(ledger.blocks)
    forked = height > 1 and random.random() < 0.67
    if forked:
        ledger.fork(max(0, height - 1 - random.randrange(1, 9)))
    stories.mine(random, ledger, random.randrange(1, 4))
    while len(ledger.blocks) < height:
        ledger.mine()  # a shorter branch would be taken for a lag at first
    return int(forked)
