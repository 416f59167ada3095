"""A real node, a process with an embedded ledger of its own, to which the fixtures' issuers are known."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from node.cli.client import ApiProblem, NodeClient
from node.cli.commands.keys import addresses_in
from node.cli.demo.processes import Process, wait_until
from node.settings import digest_of
from registry.free_ports import free_port
from tests.simulators.fixture_ledger import ACCREDITED, BOARD, FIXTURES

PATIENCE = 60  # seconds until something put on the ledger must be final
LIST_NAME = "1"
UNTIL = "2090-01-01T00:00:00Z"


class RealNode:
    """The board's own node, which verifies as any other does."""

    def __init__(self, url: str, client: NodeClient, folder: Path) -> None:
        self.url = url
        self._client = client
        self._folder = folder

    def recognise_issuers(self) -> None:
        """Accredit all three, pin the board's document and create its list, where the fixtures look for it."""
        keys = json.loads((FIXTURES / "keys.json").read_text(encoding="utf-8"))
        strangers = [{"admin": f"0x{n:040x}", "operator": f"0x{n + 1:040x}"} for n in (1, 3)]
        addresses = {"board": addresses_in(self._folder)} | dict(
            zip(("weldingInstitute", "university"), strangers, strict=True)
        )
        for name, (legal_name, credential_type) in ACCREDITED.items():
            self._publish(
                "/v1/issuers",
                did=keys[name]["did"],
                name=legal_name,
                credentialTypes=[credential_type],
                validUntil=UNTIL,
                **addresses[name],
            )
        document = json.loads((FIXTURES / "did-board.json").read_text(encoding="utf-8"))
        self._publish("/v1/dids", did=BOARD, document=document)
        self._publish("/v1/status-lists", name=LIST_NAME)

    def revoke(self, fixture: str) -> None:
        """The licence in this file, now and for good."""
        licence = json.loads((FIXTURES / fixture).read_text(encoding="utf-8"))
        index = int(licence["credentialStatus"]["statusListIndex"])
        self._publish("/v1/status-lists/updates", uri=LIST_NAME, entries=[{"index": index, "value": 1}])

    def _publish(self, path: str, **body: Any) -> None:
        done = self._client.post(path, {**body, "wait": PATIENCE})
        if done["state"] != "done":
            raise RuntimeError(f"{path}: {done['state']}, {done['error']}")


@contextmanager
def real_node(folder: Path) -> Iterator[RealNode]:
    """Until the end of the block. Raises ProcessFailed, ApiProblem."""
    api_key, port = secrets.token_urlsafe(24), free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        "GOODSTANDING_DATA_DIR": str(folder),
        "GOODSTANDING_PORT": str(port),
        "GOODSTANDING_PUBLIC_URL": "https://board.example",
        "GOODSTANDING_ISSUER_DID": BOARD,
        "GOODSTANDING_API_KEYS_SHA256": digest_of(api_key),
    }
    with serving(environment, folder / "node.log", url, api_key) as client:
        node = RealNode(url, client, folder)
        node.recognise_issuers()
        yield node


@contextmanager
def serving(
    environment: Mapping[str, str], log: Path, url: str, api_key: str | None = None
) -> Iterator[NodeClient]:
    """A node's process, ready, until the end of the block. Raises ProcessFailed."""
    process = Process("the node", ["serve"], environment, log)
    client = NodeClient(url, api_key)

    def ready() -> bool:
        try:
            return bool(client.get("/health/ready")["status"] == "ready")
        except ApiProblem:
            return False

    try:
        process.start()
        wait_until("the node gets ready", ready, [process])
        yield client
    finally:
        client.close()
        process.stop()
