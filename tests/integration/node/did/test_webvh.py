"""did:webvh through the real fetcher, from a host on loopback that the operator allowed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from node.did.document import DidDocument
from node.did.resolver import Resolver
from node.fetch import Fetcher
from node.verification.evidence import Unresolved
from tests.simulators.loopback_host import PageHost, page_host
from tests.simulators.webvh_log import START, WebvhController, did_key, key


@pytest.fixture
def port() -> Iterator[int]:
    with page_host() as port:
        yield port


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
        PageHost.pages["/co/" + url.rpartition("/")[2]] = (media_type, body)
    found = await resolver(port).resolve(board.did)
    assert isinstance(found, DidDocument)
    assert found.metadata["versionNumber"] == "300"
    PageHost.pages["/co/did.jsonl"] = ("text/html", board.log)
    refused = await resolver(port).resolve(board.did)
    assert isinstance(refused, Unresolved)
    assert "not read here: 'text/html'" in refused.detail


async def test_a_host_that_was_not_allowed(port: int) -> None:
    board = WebvhController(f"localhost%3A{port}:no")
    refused = await resolver(port, allowed=False).resolve(board.did)
    assert isinstance(refused, Unresolved)
    assert refused.definite
