"""`python -m registry.embedded --state DIR [--port P]`: the embedded ledger as a process of its own.

Prints one line of JSON when it is ready, ends on SIGTERM or SIGINT.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
import sys
from pathlib import Path

from registry.embedded.errors import EmbeddedLedgerError
from registry.embedded.ledger import HEARTBEAT, SNAPSHOT_EVERY, EmbeddedLedger


async def run(
    state_dir: Path, port: int, heartbeat: float = HEARTBEAT, snapshot_every: int = SNAPSHOT_EVERY
) -> None:
    """Until a signal. Raises EmbeddedLedgerError, OSError."""
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with EmbeddedLedger(state_dir, port, heartbeat=heartbeat, snapshot_every=snapshot_every) as ledger:
        ready = {"url": ledger.url, "ws": ledger.ws_url, "networkFile": str(ledger.network_path)}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        await told.wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="registry.embedded", description="Run the embedded ledger.")
    parser.add_argument("--state", type=Path, required=True, help="directory that keeps the ledger")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument(
        "--heartbeat", type=float, default=HEARTBEAT, help="seconds of idleness until an empty block"
    )
    parser.add_argument("--snapshot-every", type=int, default=SNAPSHOT_EVERY, help="blocks between snapshots")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    try:
        asyncio.run(run(options.state, options.port, options.heartbeat, options.snapshot_every))
    except (EmbeddedLedgerError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
