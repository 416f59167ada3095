"""The order of sources, what ends the matter, and how little the web is asked."""

from __future__ import annotations

import asyncio
import json
from typing import cast

import pytest

from node.did.document import DidDocument
from node.did.resolver import Resolver
from node.fetch import Fetched, Fetcher, FetchFailed
from node.verification.evidence import Unresolved
from node.verification.reasons import Reason
from tests.unit.node.did.board_documents import (
    BOARD,
    STAMP,
    WELL_KNOWN,
    Registry,
    Web,
    board_document,
    pinned,
    resolver,
)


async def test_a_pinned_document_wins_over_the_web() -> None:
    web = Web({WELL_KNOWN: json.dumps(board_document()).encode()})
    found = await resolver(web, pinned(json.dumps(board_document()).encode())).resolve(BOARD)
    assert isinstance(found, DidDocument)
    assert (found.source, found.version, found.stamp) == ("ledger", 3, STAMP)
    assert web.asked == []


@pytest.mark.parametrize("document", [b"", b"{", b"[]", b'{"id": "did:web:other.example"}'])
async def test_a_pinned_document_that_does_not_parse_never_falls_through(document: bytes) -> None:
    web = Web({WELL_KNOWN: json.dumps(board_document()).encode()})
    found = await resolver(web, pinned(document)).resolve(BOARD)
    assert isinstance(found, Unresolved)
    assert (found.reason, found.definite) == (Reason.DID_UNRESOLVABLE, True)
    assert web.asked == []


async def test_a_deactivated_did_never_falls_through() -> None:
    web = Web({WELL_KNOWN: json.dumps(board_document()).encode()})
    found = await resolver(web, pinned(b"", deactivated=True)).resolve(BOARD)
    assert isinstance(found, Unresolved)
    assert (found.reason, found.definite) == (Reason.DID_DEACTIVATED, True)
    assert web.asked == []


@pytest.mark.parametrize(
    ("did", "url"),
    [
        (BOARD, WELL_KNOWN),
        ("did:web:board.example:boards:co", "https://board.example/boards/co/did.json"),
        ("did:web:board.example%3A8443", "https://board.example:8443/.well-known/did.json"),
        ("did:web:board.example%3a8443:co", "https://board.example:8443/co/did.json"),
    ],
)
async def test_where_a_did_web_document_is(did: str, url: str) -> None:
    web = Web({url: json.dumps(board_document(did)).encode()})
    found = await resolver(web).resolve(did)
    assert isinstance(found, DidDocument)
    assert found.source == "web"
    assert web.asked == [url]


@pytest.mark.parametrize(
    "did",
    [
        "did:web:board.example:..:secret",
        "did:web:board.example:%2e%2e:secret",
        "did:web:board.example:a%2Fb",
        "did:web:board.example:a%00b",
        "did:web:board.example:a%3Fb",
        "did:web:board.example::a",
        "did:web:board.example%3A",
        "did:web:board.example%3Aport",
        "did:web:board.example%3A80%40evil.example",
        "did:web:user%40board.example",
        "did:web:board.example%252F",
        "did:web:",
        "did:web:board.example:",
        "did:web",
        "did:",
        "https://board.example",
        "",
        "did:web:" + "a" * 2000,
        "did:key:z6Mk",
        "did:key:" + "z" + "1" * 900,
        "did:key:zzzzzzzz",
        "did:jwk:",
        "did:jwk:e30",
        "did:jwk:AAAA",
    ],
)
async def test_what_is_refused_before_anything_is_asked(did: str) -> None:
    web = Web({})
    found = await resolver(web).resolve(did)
    assert isinstance(found, Unresolved)
    assert (found.reason, found.definite, found.error) == (Reason.DID_UNRESOLVABLE, True, "INVALID_DID")
    assert len(found.did) <= 128
    assert web.asked == []


async def test_a_document_for_another_did_is_refused() -> None:
    web = Web({WELL_KNOWN: json.dumps(board_document("did:web:other.example")).encode()})
    found = await resolver(web).resolve(BOARD)
    assert isinstance(found, Unresolved)
    assert (found.error, found.definite) == ("INVALID_DID_DOCUMENT", True)


async def test_an_outage_may_pass_and_is_remembered_for_a_short_while() -> None:
    web = Web({WELL_KNOWN: FetchFailed("board.example took too long")})
    now = [1000.0]
    source = resolver(web, now=now)
    found = await source.resolve(BOARD)
    assert isinstance(found, Unresolved)
    assert found.definite is False
    await source.resolve(BOARD)
    assert len(web.asked) == 1
    now[0] += 16
    web.pages[WELL_KNOWN] = json.dumps(board_document()).encode()
    assert isinstance(await source.resolve(BOARD), DidDocument)
    now[0] += 299
    await source.resolve(BOARD)
    assert len(web.asked) == 2
    now[0] += 2
    await source.resolve(BOARD)
    assert len(web.asked) == 3


async def test_a_stampede_makes_one_request() -> None:
    web = Web({WELL_KNOWN: json.dumps(board_document()).encode()})
    source = resolver(web)
    found = await asyncio.gather(*(source.resolve(BOARD) for _ in range(50)))
    assert all(isinstance(one, DidDocument) for one in found)
    assert len(web.asked) == 1


async def test_one_caller_giving_up_does_not_take_the_others_along() -> None:
    source = resolver(Web({WELL_KNOWN: json.dumps(board_document()).encode()}))
    first = asyncio.ensure_future(source.resolve(BOARD))
    second = asyncio.ensure_future(source.resolve(BOARD))
    await asyncio.sleep(0)
    first.cancel()
    assert isinstance(await second, DidDocument)


async def test_the_cache_is_bounded() -> None:
    pages: dict[str, bytes | Exception] = {
        f"https://b{i}.example/.well-known/did.json": json.dumps(
            board_document(f"did:web:b{i}.example")
        ).encode()
        for i in range(5)
    }
    web = Web(pages)
    source = Resolver(Registry(), cast(Fetcher, web), lambda: 0.0, capacity=2)
    for i in (0, 1, 2, 3, 4, 4, 2):
        await source.resolve(f"did:web:b{i}.example")
    assert [url[8:10] for url in web.asked] == ["b0", "b1", "b2", "b3", "b4", "b2"]


async def test_what_the_web_said_is_for_those_alone_who_ask_it() -> None:
    source = resolver(Web({WELL_KNOWN: json.dumps(board_document()).encode()}))
    assert isinstance(await source.resolve(BOARD), DidDocument)
    assert source.resolve_local(BOARD) is None


async def test_without_a_fetcher_the_web_is_not_asked() -> None:
    found = await Resolver(Registry(), None, lambda: 0.0).resolve(BOARD)
    assert isinstance(found, Unresolved)
    assert found.definite is False


async def test_too_many_lookups_at_once_are_put_off() -> None:
    class Slow(Web):
        async def get(self, url: str, *, accept: str = "") -> Fetched:
            await asyncio.sleep(0.05)
            return await super().get(url, accept=accept)

    source = resolver(Slow({}))
    found = await asyncio.gather(*(source.resolve(f"did:web:b{i}.example") for i in range(300)))
    put_off = [one for one in found if isinstance(one, Unresolved) and one.error == "INTERNAL_ERROR"]
    assert len(put_off) == 300 - 256
    assert not any(one.definite for one in put_off)
