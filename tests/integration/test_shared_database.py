"""Two processes of a node on one database, the one that follows killed again and again: the other takes over.

What the survivor was told to publish is published once, what changed is told once, and each says the same.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from node.cli.client import ApiProblem, NodeClient
from node.cli.commands.keys import addresses_in
from node.cli.demo.processes import Process, wait_until
from node.cli.demo.register import LICENCE_TYPE, licence
from node.settings import digest_of
from registry.free_ports import free_port
from tests.simulators.embedded_process import EmbeddedProcess
from tests.simulators.webhook_host import WebhookHost

KEY = "an API key of this test's own"
KILLS = 2  # of each process one
PATIENCE = 60  # seconds
CANARY = 4711  # an entry that is never revoked
LEADS = "following the ledger for all processes"


class Server:
    """One of the processes, at a port of its own."""

    def __init__(self, name: str, folder: Path, settings: dict[str, str]) -> None:
        port = free_port()
        self.process = Process(
            name, ["serve"], settings | {"GOODSTANDING_PORT": str(port)}, folder / f"{name}.log"
        )
        self.client = NodeClient(f"http://127.0.0.1:{port}", KEY)

    def start(self) -> None:
        self._log_before = len(self._log())
        self.process.start()
        wait_until(f"{self.process.name} gets ready", self._ready, [self.process], PATIENCE)

    @property
    def leads(self) -> bool:
        """Whether it has taken the follower's place since it was started."""
        return LEADS in self._log()[self._log_before :]

    def decision(self, credential: dict[str, Any]) -> str:
        return str(self.client.post("/v1/verifications", {"credential": credential})["decision"])

    def published(self, publication: int) -> bool:
        return bool(self.client.get(f"/v1/publications/{publication}")["state"] == "done")

    def _log(self) -> str:
        return self.process.log.read_text() if self.process.log.exists() else ""

    def _ready(self) -> bool:
        try:
            return bool(self.client.get("/health/ready")["status"] == "ready")
        except ApiProblem:
            return False


class Board:
    """What the node does as an issuer, whichever of its processes is asked."""

    def __init__(self, did: str, name: str) -> None:
        self.did, self.uri = did, f"https://{name}.example/status-lists/{name}"
        self._name = name

    def found(self, at: Server, folder: Path) -> None:
        terms = {"name": "Board", "credentialTypes": [LICENCE_TYPE], "validUntil": "2090-01-01T00:00:00Z"}
        done(at, "/v1/issuers", did=self.did, **terms, **addresses_in(folder))
        done(at, "/v1/dids")
        done(at, "/v1/status-lists", name=self._name)

    def issue(self, at: Server, index: int) -> dict[str, Any]:
        unsigned = licence(
            given="Ana",
            family="Silva",
            holder="did:example:holder",
            issuer=self.did,
            status_list=self.uri,
            index=index,
        )
        issued: dict[str, Any] = at.client.post("/credentials/issue", {"credential": unsigned})
        return issued["verifiableCredential"]  # type: ignore[no-any-return] # JSON

    def revoke(self, at: Server, index: int, wait: int) -> dict[str, Any]:
        body = {"uri": self.uri, "entries": [{"index": index, "value": 1}], "wait": wait}
        return at.client.post("/v1/status-lists/updates", body)  # type: ignore[no-any-return] # JSON


def done(at: Server, path: str, **body: Any) -> None:
    answer = at.client.post(path, {**body, "wait": PATIENCE})
    assert answer["state"] == "done", answer


def eventually(holds: Callable[..., bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "not within the time given"
        time.sleep(0.05)


@pytest.fixture
def webhook() -> Iterator[WebhookHost]:
    with WebhookHost() as host:
        yield host


@pytest.fixture(params=["sqlite", "postgresql"])
def servers(
    request: pytest.FixtureRequest, embedded: EmbeddedProcess, webhook: WebhookHost, tmp_path: Path
) -> Iterator[list[Server]]:
    database = request.getfixturevalue("postgresql") if request.param == "postgresql" else ""
    name = f"shared-{request.param}"
    settings = {
        "GOODSTANDING_SHARE_DATABASE": "true",
        "GOODSTANDING_DATABASE_URL": database,
        "GOODSTANDING_DATA_DIR": str(tmp_path / "data"),
        "GOODSTANDING_LEDGER": "external",
        "GOODSTANDING_NETWORK_FILE": str(embedded.state_dir / "network.json"),
        "GOODSTANDING_GOVERNOR_KEY_FILE": str(embedded.state_dir / "governor.key"),
        "GOODSTANDING_ISSUER_DID": f"did:web:{name}.example",
        "GOODSTANDING_PUBLIC_URL": f"https://{name}.example",
        "GOODSTANDING_API_KEYS_SHA256": digest_of(KEY),
        "GOODSTANDING_WEBHOOKS": json.dumps([{"url": webhook.url, "secret": "0123456789abcdef"}]),
    }
    both = [Server(one, tmp_path, settings) for one in ("first", "second")]
    try:
        for one in both:
            one.start()
        yield both
    finally:
        for one in both:
            one.client.close()
            one.process.stop()


@pytest.mark.timeout(600)
def test_the_follower_is_killed_and_the_other_takes_over(
    servers: list[Server], webhook: WebhookHost, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    name = f"shared-{request.node.callspec.params['servers']}"
    board = Board(f"did:web:{name}.example", name)
    leading, reading = servers
    assert leading.leads and not reading.leads
    board.found(reading, tmp_path / "data")  # the one wants it, the other sends it

    numbers = itertools.count()
    credentials = {index: board.issue(reading, index) for index in [*range(3 * KILLS), CANARY]}
    for index, credential in credentials.items():
        reading.client.post("/v1/enrolments", {"credential": credential, "reference": str(index)})

    for _ in range(KILLS):
        seen = next(numbers)
        assert board.revoke(leading, seen, PATIENCE)["state"] == "done"
        eventually(lambda it=reading, one=credentials[seen]: it.decision(one) == "reject")  # its memory follows
        assert reading.decision(credentials[CANARY]) == "accept"

        wanted = [board.revoke(reading, next(numbers), 0)["id"] for _ in range(2)]
        leading.process.kill()
        eventually(lambda it=reading, those=wanted: all(it.published(one) for one in those))
        assert reading.leads
        leading.start()
        assert not leading.leads
        leading, reading = reading, leading

    revoked = [str(index) for index in range(3 * KILLS)]
    for one in servers:
        eventually(lambda it=one: all(it.decision(credentials[int(n)]) == "reject" for n in revoked))
        assert one.decision(credentials[CANARY]) == "accept"
        assert one.client.post("/v1/ledger/audit")["agrees"]
    (status_list,) = [
        it for it in servers[0].client.get("/v1/status-lists")["statusLists"] if it["uri"] == board.uri
    ]
    assert (status_list["updates"], status_list["intact"]) == (3 * KILLS, True)

    eventually(lambda: len(servers[0].client.get("/v1/alerts")["alerts"]) >= len(revoked))
    alerts = servers[0].client.get("/v1/alerts")["alerts"]
    assert sorted(it["reference"] for it in alerts) == revoked
    eventually(lambda: set(delivered(webhook)) == {it["id"] for it in alerts})
    assert all(len(ids) == 1 for ids in delivered(webhook).values())  # sent again is known by its id


def delivered(webhook: WebhookHost) -> dict[int, set[str]]:
    """The ids of the deliveries of each alert."""
    found: dict[int, set[str]] = {}
    for body in [json.loads(raw) for _, raw in list(webhook.received)]:
        found.setdefault(body["alert"]["id"], set()).add(body["id"])
    return found
