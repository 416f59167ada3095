"""`make devnet`: a consortium of three organisations on this machine, until you stop it.

On four Clique signers and three followers where geth is there or can be built, else on the embedded ledger.
"""

from __future__ import annotations

import argparse
import contextlib
import secrets
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from node.cli.demo.processes import Process, ProcessFailed, wait_until
from node.cli.founding import CannotFound
from registry.free_ports import free_port
from scripts.devnet import consortium
from scripts.devnet.geth import GethMissing, find_geth
from scripts.devnet.network import Devnet, running
from scripts.devnet.node import GethFailed

_MARK = ".goodstanding-devnet"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.devnet", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".devnet"), help="emptied at each start")
    parser.add_argument("--embedded", action="store_true", help="on the embedded ledger, whatever is there")
    parser.add_argument("--once", action="store_true", help="end as soon as everything runs")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything is stopped
    try:
        folder = _emptied(asked.folder.absolute())
        ledger = _embedded(folder) if asked.embedded or not _geth_is_there() else _clique(folder)
        with ledger as (rpc_urls, finality), contextlib.ExitStack() as stack:
            members = consortium.organisations(folder, rpc_urls, finality)
            for one in members:
                stack.callback(one.process.stop)
            consortium.start(members)
            consortium.write_commands(folder, members)
            _tell(folder, members)
            if not asked.once:
                threading.Event().wait()
    except KeyboardInterrupt:
        print("stopped")
    except (ProcessFailed, GethFailed, CannotFound, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _geth_is_there() -> bool:
    try:
        print("looking for geth (the first time it is built, which takes some minutes) …", flush=True)
        find_geth(build=True)
    except GethMissing as error:
        print(f"{error}: using the embedded ledger, whose blocks nobody seals")
        return False
    return True


@contextlib.contextmanager
def _clique(folder: Path) -> Iterator[tuple[list[str], str]]:
    """RPC addresses and finality of a network of signers and followers."""
    governors = [consortium.new_governor(folder / name) for name in consortium.ORGANISATIONS]
    accounts = [
        address for name in consortium.ORGANISATIONS for address in consortium.ledger_keys(folder / name)
    ]
    devnet = Devnet(
        find_geth(),
        folder / "ledger",
        secrets=[secrets.token_bytes(32) for _ in range(4)],
        followers=len(consortium.ORGANISATIONS),
        funded=[*governors, *accounts],
        period=2,
    )
    print("starting four signers and three followers …", flush=True)
    with running(devnet):
        deployed = consortium.deploy(folder, devnet.followers[0].url, str(consortium.CONFIRMATIONS))
        network = consortium.with_urls(deployed, devnet)
        consortium.write_files(folder, network, devnet)
        yield [node.url for node in devnet.followers], str(consortium.CONFIRMATIONS)


@contextlib.contextmanager
def _embedded(folder: Path) -> Iterator[tuple[list[str], str]]:
    """The same of the embedded ledger: one process."""
    port, state = free_port(), folder / "ledger"
    process = Process(
        "the ledger", ["ledger", "run", "--state", str(state), "--port", str(port)], {}, folder / "ledger.log"
    )
    try:
        process.start()
        wait_until("the ledger starts", (state / "network.json").exists, [process])
        for name in consortium.ORGANISATIONS:
            consortium.new_governor(folder / name)
        # Beside the contracts that the ledger brings for a single participant.
        url = f"http://127.0.0.1:{port}"
        consortium.deploy(folder, url, "instant").save(folder / "network.json")
        yield [url], "instant"
    finally:
        process.stop()


def _emptied(folder: Path) -> Path:
    """Raises ProcessFailed for a folder that is not a devnet's."""
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise ProcessFailed(f"{folder} holds something else: choose another --folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / _MARK).touch()
    return folder


def _tell(folder: Path, members: list[consortium.Organisation]) -> None:
    print(
        "\nA consortium of three organisations is running. Each node's page, and the folder with its API key:\n"
    )
    for one in members:
        print(f"  {one.name:<10} {one.url}   {one.folder}")
    print(f"\nThe network file is {folder / 'network.json'}.")
    print(f"In another terminal, for a command at each: . {folder / consortium.COMMANDS}")
    print('"A consortium on one machine" in README.md goes on from here. Ctrl-C stops everything.', flush=True)


if __name__ == "__main__":
    sys.exit(main())
