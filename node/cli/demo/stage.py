"""The demo's cast: a ledger, a board's node and a hospital's node, as three processes with a folder each."""

from __future__ import annotations

import json
import secrets
import shutil
from pathlib import Path

from node.cli.client import ApiProblem, NodeClient
from node.cli.demo.processes import Process, ProcessFailed, free_port, wait_until
from node.settings import digest_of

BOARD_DID = "did:web:board.example"
_MARK = "made-by-goodstanding-demo"


class Participant:
    """A node of the demo and the client that talks to it."""

    def __init__(self, name: str, folder: Path, preferred_port: int, settings: dict[str, str]) -> None:
        self.port = free_port(preferred_port)
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.api_key = secrets.token_urlsafe(24)
        environment = {
            "GOODSTANDING_DATA_DIR": str(folder),
            "GOODSTANDING_PORT": str(self.port),
            "GOODSTANDING_API_KEYS_SHA256": digest_of(self.api_key),
            **settings,
        }
        self.process = Process(f"the {name}'s node", ["serve"], environment, folder / "node.log")
        self.client = NodeClient(self.url, self.api_key)

    def is_ready(self) -> bool:
        """Whether it answers and its replica is fresh."""
        try:
            return bool(self.client.get("/health/ready")["status"] == "ready")
        except ApiProblem:
            return False


class Stage:
    """Starts everything in an empty folder; stops what it started."""

    def __init__(self, folder: Path, webhook_url: str) -> None:
        _empty(folder)
        self._folder = folder
        self._webhook_url = webhook_url
        ledger_folder = folder / "ledger"
        self.network_file = ledger_folder / "network.json"
        self._ledger_port = free_port(8545)
        self.ledger = Process(
            "the ledger",
            ["ledger", "run", "--state", str(ledger_folder), "--port", str(self._ledger_port)],
            {},
            folder / "ledger.log",
        )
        self.board: Participant
        self.hospital: Participant

    def start_ledger(self) -> None:
        """Until its contracts are deployed."""
        self.ledger.start()
        wait_until("the ledger starts", self.network_file.exists, [self.ledger])

    def start_nodes(self) -> None:
        """Until both are ready. The hospital founded the ledger: its node holds the governor's key."""
        joining = {
            "GOODSTANDING_LEDGER": "external",
            "GOODSTANDING_NETWORK_FILE": str(self.network_file),
        }
        self.board = Participant(
            "board", self._folder / "board", 8701, {**joining, "GOODSTANDING_ISSUER_DID": BOARD_DID}
        )
        webhook = {"url": self._webhook_url, "secret": secrets.token_urlsafe(24)}
        self.hospital = Participant(
            "hospital",
            self._folder / "hospital",
            8700,
            {
                **joining,
                "GOODSTANDING_GOVERNOR_KEY_FILE": str(self.network_file.parent / "governor.key"),
                "GOODSTANDING_WEBHOOKS": json.dumps([webhook]),
            },
        )
        for participant in (self.board, self.hospital):
            participant.process.start()
        for participant in (self.board, self.hospital):
            wait_until(f"{participant.process.name} gets ready", participant.is_ready, self.processes)

    @property
    def processes(self) -> list[Process]:
        """Those that should be running."""
        return [self.ledger, self.board.process, self.hospital.process]

    def close(self) -> None:
        """Stop what runs."""
        for name in ("board", "hospital"):
            participant = getattr(self, name, None)
            if isinstance(participant, Participant):
                participant.client.close()
                participant.process.stop()
        self.ledger.stop()


def _empty(folder: Path) -> None:
    """A second run starts clean; a folder that is not the demo's own is left alone."""
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise ProcessFailed(f"{folder} holds something else: choose another folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / _MARK).touch()
