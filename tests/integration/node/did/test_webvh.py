"""did:webvh through the real fetcher, from a host on loopback that the operator allowed."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest

from node.did.document import DidDocument
from node.did.resolver import Resolver
from node.fetch import Fetcher
from node.verification.evidence import Unresolved
from tests.simulators.webvh_log import START, WebvhController, did_key, key

PAGES: dict[str, tuple[str, bytes]] = {}


class Host(http.server.BaseHTTPRequestHandler):
    """Serves what is in PAGES."""

    def do_GET(self) -> None:
        media_type, body = PAGES.get(self.path, ("text/html", b""))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def resolver(port: int, *, allowed: bool = True) -> Resolver:
    allow = frozenset({("localhost", port)}) if allowed else frozenset()
    return Resolver(
        lambda did, at: None,
        Fetcher(allow=allow),
        lambda: START + 10.0**6,
        plain_http=frozenset({("localhost", port)}),
    )


async def test_a_log_larger_than_a_document_may_be(port: int) -> None:
    rule = {"threshold": 1, "witnesses": [{"id": did_key(key(21))}]}
    board = WebvhController(f"localhost%3A{port}:co", first={"witness": rule})
    for _ in range(299):
        last = board.update(at=START + 60 * len(board.entries))
    board.approve(last, key(21))
    assert len(board.log) > 256 << 10
    for url, body in board.pages().items():
        media_type = "text/jsonl" if url.endswith("l") else "application/json"
        PAGES["/co/" + url.rpartition("/")[2]] = (media_type, body)
    found = await resolver(port).resolve(board.did)
    assert isinstance(found, DidDocument)
    assert found.metadata["versionNumber"] == "300"
    PAGES["/co/did.jsonl"] = ("text/html", board.log)
    refused = await resolver(port).resolve(board.did)
    assert isinstance(refused, Unresolved)
    assert "not read here: 'text/html'" in refused.detail


async def test_a_host_that_was_not_allowed(port: int) -> None:
    board = WebvhController(f"localhost%3A{port}:no")
    refused = await resolver(port, allowed=False).resolve(board.did)
    assert isinstance(refused, Unresolved)
    assert refused.definite
