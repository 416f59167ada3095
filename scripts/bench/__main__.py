"""What a verification costs here: in process and over HTTP, beside the bare signature check and every peer.

    python -m scripts.bench           # some eight minutes
    python -m scripts.bench --quick   # about one, coarser

Prints one table and writes nothing. Every contender must refuse each case's tampered twin in the same run,
or its line says so instead of giving figures.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import platform
import sys

from node.memory import settle_memory
from node.verification.verdict import Decision
from scripts.bench import in_process, over_http, single_steps
from scripts.bench.cases import Case, cases
from scripts.bench.node import measured_node
from scripts.bench.peer import INTEROP, OTHERS, NodePeers
from scripts.bench.python_peers import PythonPeers
from tests.interop.peers import PeersMissing

_SCOPE = """
In process, one thread, from bytes to verdict; every verifier named here refused the tampered twin first.
  Goodstanding            proof, validity, status and accreditation from a replica, schema, holder, policy
  @digitalbazaar/vc, @digitalcredentials/vc
                          proof and validity of a parsed document; status is not looked at
  jose                    the signature alone
  did-jwt-vc, didkit, openvc-core, @sd-jwt/sd-jwt-vc
                          signature, dates and, of an SD-JWT, key binding; status is not looked at
  sd-jwt                  signatures and disclosures alone
"""


def main() -> int:
    """Measure and print; returns 1 where a verifier of ours accepted what it must refuse, or the reverse."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="", metavar="WORDS", help="cases whose name holds them, and no HTTP")
    parser.add_argument("--connections", type=int, default=16, help="keep-alive HTTP connections")
    options = parser.parse_args()
    rounds, seconds, load_seconds = (3, 0.15, 0.6) if options.quick else (15, 0.2, 5.0)
    measured = [case for case in cases() if options.only in case.name]
    node = measured_node()

    def accepts(case: Case, presented: bytes) -> bool:
        verdict = node.verdict(presented, challenge=case.challenge, domain=case.domain)
        return verdict.decision is Decision.ACCEPT

    print(f"Python {platform.python_version()}, {platform.machine()}; times in milliseconds")
    with contextlib.ExitStack() as stack:
        peers: list[in_process.Peers] = [PythonPeers(measured)]
        of_lists = None
        try:
            peers.append(stack.enter_context(NodePeers(INTEROP, measured)))
            of_lists = stack.enter_context(NodePeers(OTHERS, measured, single_steps.questions()))
            peers.append(of_lists)
        except PeersMissing as missing:
            print(f"not all independent verifiers: {missing}")
        print(", ".join(f"{name} {version}" for one in peers for name, version in one.versions.items()))
        print(_SCOPE)
        print(in_process.heading())
        settle_memory()
        rows = []
        for case in measured:
            row = in_process.row(case, accepts, peers, rounds=rounds, seconds=seconds)
            print("\n".join(in_process.lines(row)), flush=True)
            rows.append(row)
        print()
        for line in single_steps.measured(node, of_lists, rounds=rounds, seconds=seconds / 2):
            print(line, flush=True)
    faulty = any(row.fault for row in rows)
    if options.only:
        return int(faulty)

    print(f"\nOver HTTP: one worker on loopback, {options.connections} keep-alive connections:\n")
    print(over_http.heading())
    lines = asyncio.run(over_http.measure(measured, connections=options.connections, seconds=load_seconds))
    print("\n".join(over_http.line(line) for line in lines))
    return int(faulty or any(line.fault for line in lines))


if __name__ == "__main__":
    sys.exit(main())
