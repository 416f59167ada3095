"""What a verification costs here: in process and over HTTP, beside the bare signature check and a peer.

    python -m scripts.bench           # some three minutes
    python -m scripts.bench --quick   # some twenty seconds, coarser

Prints one table and writes nothing. Every contender must refuse each case's tampered twin in the same run,
or its line says so instead of giving figures.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import platform
import sys

from node.verification.verdict import Decision
from scripts.bench import in_process, over_http
from scripts.bench.cases import Case, cases
from scripts.bench.peer import Peer
from tests.interop.peers import PeersMissing
from tests.simulators.hospital import Hospital

_SCOPE = """
In process, one thread, from bytes to verdict; every verifier named here refused the tampered twin first.
  Goodstanding       proof, validity, status and accreditation from a replica, schema, holder, policy
  @digitalbazaar/vc  proof and validity of a parsed document; status is not looked at
  jose               the signature alone
"""


def main() -> int:
    """Measure and print; returns 1 where a verifier of ours accepted what it must refuse, or the reverse."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--connections", type=int, default=16, help="keep-alive HTTP connections")
    options = parser.parse_args()
    rounds, seconds, load_seconds = (2, 0.15, 0.6) if options.quick else (5, 1.0, 5.0)
    measured = cases()
    hospital = Hospital()

    def accepts(case: Case, presented: bytes) -> bool:
        verdict = hospital.verdict(presented, challenge=case.challenge, domain=case.domain)
        return verdict.decision is Decision.ACCEPT

    print(f"Python {platform.python_version()}, {platform.machine()}; times in milliseconds")
    with contextlib.ExitStack() as stack:
        try:
            peer = stack.enter_context(Peer(measured))
            print(", ".join(f"{name} {version}" for name, version in peer.versions.items()))
        except PeersMissing as missing:
            peer = None
            print(f"no independent verifier: {missing}")
        print(_SCOPE)
        print(in_process.heading())
        rows = []
        for case in measured:
            row = in_process.row(case, accepts, peer, rounds=rounds, seconds=seconds)
            print(in_process.line(row), flush=True)
            rows.append(row)

    print(f"\nOver HTTP: one worker on loopback, {options.connections} keep-alive connections:\n")
    print(over_http.heading())
    lines = asyncio.run(over_http.measure(measured, connections=options.connections, seconds=load_seconds))
    print("\n".join(over_http.line(line) for line in lines))
    return 1 if any(row.fault for row in rows) or any(line.fault for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
