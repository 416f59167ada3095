"""What a status list costs: to decode one, and to read a bit of one that is kept.

    python -m scripts.bench.status_lists

CPU time of one call in the best of several rounds, so that a busy machine counts for little. The peer decodes
with the packages that @digitalbazaar/bitstring is made of; what it decodes must be what we decode.
"""

from __future__ import annotations

import gzip
import hashlib
import random
import sys
import time
import timeit
from dataclasses import dataclass
from typing import Any

from node.crypto import base64url
from node.verification.packed_list import bitstring
from registry.replica.bitmaps import Bitmap
from tests.interop.peers import PeersMissing, ask

ENTRIES = 131_072
ROUNDS = 7
DECODES, READS = 300, 200_000  # calls in a round


@dataclass(frozen=True, slots=True)
class Row:
    """Microseconds of CPU time. `peer` None: there is none to compare with."""

    name: str
    ours: float
    peer: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times faster ours is."""
        return None if self.peer is None else self.peer / self.ours


def rows() -> list[Row]:
    """Raises RuntimeError where the two do not decode the same; without a peer its figures are left out."""
    lists = {f"{revoked:,} revoked": _encoded(revoked) for revoked in (0, 1000, 10_000, ENTRIES // 2)}
    try:
        asked = {"lists": list(lists.values()), "calls": DECODES, "rounds": ROUNDS}
        theirs = ask("status-lists.mjs", asked)
    except PeersMissing:
        theirs = [None] * len(lists)
    found = []
    for (name, encoded), answer in zip(lists.items(), theirs, strict=True):
        if answer and answer["sha256"] != hashlib.sha256(bitstring(encoded).packed).hexdigest():
            raise RuntimeError("the peer decodes another list")
        ours = _best("bitstring(encoded)", DECODES, bitstring=bitstring, encoded=encoded)
        peer = answer["microseconds"] if answer else None
        found.append(Row(f"decode a list of {ENTRIES:,} entries, {name}", ours, peer))
    kept, anchored = bitstring(_encoded(1000)), Bitmap(ENTRIES)
    found.append(Row("a bit of a fetched list that is kept", _best("kept.value(77777)", READS, kept=kept)))
    found.append(
        Row("a bit of a list on the ledger", _best("anchored.value(77777, 1)", READS, anchored=anchored))
    )
    return found


def _encoded(revoked: int) -> str:
    packed = bytearray(ENTRIES // 8)
    for position in random.Random(1).sample(range(ENTRIES), revoked):  # noqa: S311 -- the same every time
        packed[position >> 3] |= 0x80 >> (position & 7)
    return "u" + base64url.encode(gzip.compress(bytes(packed), mtime=0))


def _best(statement: str, calls: int, **names: Any) -> float:
    rounds = timeit.repeat(statement, globals=names, number=calls, repeat=ROUNDS, timer=time.process_time)
    return min(rounds) / calls * 1e6


def main() -> int:
    """Print the rows."""
    print(f"{'µs of CPU time':60} {'ours':>9} {'peer':>9} {'ratio':>7}")
    for row in rows():
        peer, ratio = ("-", "-") if row.peer is None else (f"{row.peer:.1f}", f"{row.ratio:.1f} x")
        print(f"{row.name:60} {row.ours:9.3f} {peer:>9} {ratio:>7}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
