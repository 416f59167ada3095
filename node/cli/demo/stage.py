"""The demo's cast: a ledger, a board's node and a hospital's node, as three processes with a folder each."""

from __future__ import annotations

import fcntl
import json
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from node.cli.client import ApiProblem, NodeClient
from node.cli.demo.processes import Process, ProcessFailed, wait_until
from node.settings import digest_of
from registry.free_ports import free_port

BOARD_DID = "did:web:board.example"
_MARK = "made-by-goodstanding-demo"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where to listen on this machine, if nobody else does."""

    ledger: int
    board: int
    hospital: int


PORTS = Ports(ledger=8545, board=8701, hospital=8700)


class Participant:
    """A node of the demo and the client that talks to it."""

    def __init__(self, name: str, folder: Path, preferred_port: int, settings: dict[str, str]) -> None:
        self.name = name
        self.folder = folder
        self.api_key = secrets.token_urlsafe(24)
        self._settings = settings
        self._take(free_port(preferred_port))

    def _take(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        environment = {
            "GOODSTANDING_DATA_DIR": str(self.folder),
            "GOODSTANDING_PORT": str(port),
            "GOODSTANDING_API_KEYS_SHA256": digest_of(self.api_key),
            **self._settings,
        }
        self.process = Process(f"the {self.name}'s node", ["serve"], environment, self.folder / "node.log")
        self.client = NodeClient(self.url, self.api_key)

    def move(self) -> None:
        """To another port: somebody was quicker to take the one that was free a moment ago."""
        self.stop()
        self._take(free_port())

    def is_ready(self) -> bool:
        """Whether it answers, as the node that knows our key, and its replica is fresh."""
        try:
            self.client.get("/v1/alerts", limit=1)
            return bool(self.client.get("/health/ready")["status"] == "ready")
        except ApiProblem:
            return False

    def stop(self) -> None:
        """Until it has gone."""
        self.client.close()
        self.process.stop()


class Stage:
    """Starts everything in an empty folder; stops what it started."""

    def __init__(self, folder: Path, webhook_url: str, ports: Ports = PORTS) -> None:
        self._lock = _emptied(folder)
        self._folder = folder
        self._webhook_url = webhook_url
        self._ports = ports
        ledger_folder = folder / "ledger"
        self.network_file = ledger_folder / "network.json"
        self.ledger = self._ledger_at(free_port(ports.ledger))
        self.board: Participant
        self.hospital: Participant

    def _ledger_at(self, port: int) -> Process:
        arguments = ["ledger", "run", "--state", str(self.network_file.parent), "--port", str(port)]
        return Process("the ledger", arguments, {}, self._folder / "ledger.log")

    def start_ledger(self) -> None:
        """Until its contracts are deployed."""
        try:
            self._until_deployed()
        except ProcessFailed:  # most likely the port was taken meanwhile; if not, it fails again
            self.ledger = self._ledger_at(free_port())
            self._until_deployed()

    def _until_deployed(self) -> None:
        self.ledger.start()
        wait_until("the ledger starts", self.network_file.exists, [self.ledger])

    def start_nodes(self) -> None:
        """Until both are ready. The hospital founded the ledger: its node holds the governor's key."""
        joining = {
            "GOODSTANDING_LEDGER": "external",
            "GOODSTANDING_NETWORK_FILE": str(self.network_file),
        }
        self.board = Participant(
            "board",
            self._folder / "board",
            self._ports.board,
            {**joining, "GOODSTANDING_ISSUER_DID": BOARD_DID},
        )
        webhook = {"url": self._webhook_url, "secret": secrets.token_urlsafe(24)}
        self.hospital = Participant(
            "hospital",
            self._folder / "hospital",
            self._ports.hospital,
            {
                **joining,
                "GOODSTANDING_GOVERNOR_KEY_FILE": str(self.network_file.parent / "governor.key"),
                "GOODSTANDING_WEBHOOKS": json.dumps([webhook]),
            },
        )
        for participant in (self.board, self.hospital):
            participant.process.start()
        for participant in (self.board, self.hospital):
            try:
                self._until_ready(participant)
            except ProcessFailed:  # as above
                self.ledger.check()
                participant.move()
                participant.process.start()
                self._until_ready(participant)

    def _until_ready(self, participant: Participant) -> None:
        processes = [self.ledger, participant.process]
        wait_until(f"{participant.process.name} gets ready", participant.is_ready, processes)

    @property
    def processes(self) -> list[Process]:
        """Those that should be running."""
        return [self.ledger, self.board.process, self.hospital.process]

    def close(self) -> None:
        """Stop what runs."""
        for name in ("board", "hospital"):
            participant = getattr(self, name, None)
            if isinstance(participant, Participant):
                participant.stop()
        self.ledger.stop()
        self._lock.close()


def _emptied(folder: Path) -> IO[bytes]:
    """A second run starts clean; a folder that is not the demo's own, or where one is running, is left alone.

    Answers the lock: the folder is taken until it is closed.
    """
    mark = folder / _MARK
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        raise ProcessFailed(f"{folder} holds something else: choose another --folder")
    folder.mkdir(parents=True, exist_ok=True)
    lock = mark.open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise ProcessFailed(f"a demo is running in {folder}: choose another --folder") from error
    for left in folder.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        elif left != mark:
            left.unlink()
    return lock
