"""What the replica costs: replicating from cold, holding, and answering, over many lists.

    python -m scripts.bench_ledger            # a million updates over 300 lists: some minutes
    python -m scripts.bench_ledger --quick    # a tenth of that

The ledger's answers are made beforehand and given from memory (see `synthetic.py`). What two processes do is
measured by the clock, with the time each had a core beside it: the longer of the two is about what the clock
would say if nothing else ran. Other times are this process's own. `floor` is what hashing alone takes:
two Keccak-256 for the head and a SHA-256 for each level of the tree, without a line of ours around them.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import random
import statistics
import sys
import tempfile
import tracemalloc
from itertools import islice
from pathlib import Path

import sha3

from node.memory import settle_memory
from node.store.engine import create_engine, migrate
from registry.chain import Ledger
from registry.events import BlockBatch
from registry.follower import Follower
from registry.records import AsOf
from registry.replica.bitmaps import Bitmap
from registry.replica.projection import Projection
from registry.replica.replica import Replica
from registry.replica.root_checker import RootChecker
from registry.replica.short_hash import sha256
from registry.replica.state import LedgerState
from registry.replica.store import ReplicaStore
from scripts.bench_ledger.measures import Taken, by_two, line, spent
from scripts.bench_ledger.synthetic import SyntheticLedger


def main() -> int:
    """Measure and print; 1 where what was replicated is not what was made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    events = 100_000 if options.quick else 1_000_000
    ledger = SyntheticLedger(events)
    print(f"Python {platform.python_version()}, {platform.machine()}; {events:,} updates, {ledger.lists} lists")
    settle_memory()  # as a node does; and the ledger's answers are none of the replica's
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'bench.db'}")
        migrate(engine)
        replica = Replica(engine, RootChecker())
        replica.load()
        taken = cold(ledger, replica)
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
        line("replicated from cold, SQLite", *taken.told(events))
        line("database", f"{size / 1e6:.0f} MB", f"{size / events:.0f} bytes an update")
        fault = wrong(ledger, replica)
        batches = list(islice(ReplicaStore(engine).batches(), 26))
        rate = f"{statistics.median(projected(batches) for _ in range(3)):,.0f}/s"
        line("projection, heads and roots verified", rate, f"floor {floor(ledger.size):,.0f}/s")
        line(
            "the same with a second process",
            *projected_by_two(batches).told(sum(len(it.events) for it in batches)),
        )
        line("restart: memory from the rows", *by_two(replica.load).told(events))
        memory(batches, ledger)
        questions(ledger, replica)
        engine.dispose()
    print(f"\n{fault}" if fault else "\nEvery list has the head, the root and the bits it was made with.")
    return 1 if fault else 0


def cold(ledger: SyntheticLedger, replica: Replica) -> Taken:

    async def follow() -> None:
        source = Ledger("http://ledger.example", transport=ledger.transport())
        await Follower(source, replica, ledger.contracts).catch_up()
        await source.close()

    return by_two(lambda: asyncio.run(follow()))


def wrong(ledger: SyntheticLedger, replica: Replica) -> str:
    """What of the outcome differs from what was made, in words."""
    for uri, held in zip(ledger.uris, ledger.held, strict=True):
        found, bits = replica.queries.status_list(uri), replica.queries.bits(uri)
        if found is None or bits is None or not found.intact:
            return f"{uri} is missing or damaged"
        if (found.head, found.root, bits.packed) != (held.head, held.bits.root(), bytes(held.bits.packed)):
            return f"{uri} is not what was made"
    return ""


def projected(batches: list[BlockBatch]) -> float:
    """Updates a second."""

    def project() -> None:
        projection = Projection(LedgerState())
        for batch in batches:
            projection.apply(batch)

    return sum(len(batch.events) for batch in batches) / spent(project)


def projected_by_two(batches: list[BlockBatch]) -> Taken:
    """As a replica does it, a few blocks at a time."""

    def project() -> None:
        checker, state = RootChecker(), LedgerState()
        for start in range(0, len(batches), 4):
            projection, _ = checker.projected(state, 0, batches[start : start + 4])
            state = projection.state()
            checker.goes_on_from(state)
        checker.close()

    return by_two(project)


def floor(size: int) -> float:
    """Updates a second, were there nothing to do but to hash."""
    node, levels = b"\x01" + bytes(64), (size // 256).bit_length()

    def hash_alone() -> None:
        for _ in range(10_000):
            sha3.keccak_256(b"\x01\x02\x03").digest()
            sha3.keccak_256(bytes(160)).digest()
            for _ in range(levels):
                sha256(node).digest()

    return statistics.median(10_000 / spent(hash_alone) for _ in range(5))


def memory(batches: list[BlockBatch], ledger: SyntheticLedger) -> None:
    tracemalloc.start()
    held = [Bitmap(ledger.size) for _ in range(ledger.lists)]
    dice = random.Random(3)  # noqa: S311 – which bits are set does not matter
    for bitmap in held:
        bitmap.flip_all([dice.randrange(ledger.size) for _ in range(4 * ledger.size // 256)])
        bitmap.root()
    taken = tracemalloc.get_traced_memory()[0]
    line(f"bits and trees of {ledger.lists} lists", f"{taken / 1e6:.0f} MB", f"of {ledger.size:,} entries")
    tracemalloc.stop()
    projection = Projection(LedgerState())
    updates = sum(len(batch.events) for batch in batches)
    for batch in batches:
        projection.apply(batch)
    parts = [part for it in projection.state().lists.values() for part in (it.updates, it.history)]
    # Arrays of numbers and bytes; the stamps they point to are one for each block.
    indexes = sum(sys.getsizeof(getattr(part, name)) for part in parts for name in part.__slots__)
    line("as-of indexes, of a million updates", f"{indexes / updates:.0f} MB", "history, heads, roots, times")


def questions(ledger: SyntheticLedger, replica: Replica) -> None:
    dice, queries = random.Random(5), replica.queries  # noqa: S311 – whom it asks about does not matter
    head = replica.cursor
    assert head is not None  # noqa: S101 - it was replicated
    asked = [(dice.choice(ledger.uris), dice.randrange(ledger.size)) for _ in range(20_000)]
    blocks = [AsOf(block=dice.randrange(2, head.number)) for _ in asked]
    moments = [AsOf(known_at=head.time - dice.randrange(60), valid_at=head.time - 60) for _ in asked]

    def now() -> None:
        for uri, index in asked:
            queries.status(uri, index)

    def then(at: list[AsOf]) -> None:
        for (uri, index), moment in zip(asked, at, strict=True):
            queries.status(uri, index, moment)

    for what, ask in (
        ("one entry now", now),
        ("one entry as of a block", lambda: then(blocks)),
        ("one entry then, as known then", lambda: then(moments)),
    ):
        each = statistics.median(spent(ask) for _ in range(5)) / len(asked)
        line(what, f"{each * 1e6:.1f} µs", "")


if __name__ == "__main__":
    sys.exit(main())
