"""The order of sources, what ends the matter, and how little the web is asked."""

from __future__ import annotations

import asyncio
import json
from typing import Any, cast

import pytest

from node.did.document import DidDocument
from node.did.resolver import Resolver
from node.fetch import Fetched, Fetcher, FetchFailed, FetchRefused
from node.verification.evidence import Unresolved
from node.verification.reasons import Reason
from registry.records import AsOf, BlockStamp, PinnedDocument

BOARD = "did:web:board.example"
ED25519 = "z6MkusPdJBoCjzcEetuZWcQhtJDMJ5PntdYHKX1Moi3FekHF"
STAMP = BlockStamp(7, bytes(32), 1_700_000_000)


def board_document(did: str = BOARD) -> dict[str, Any]:
    return {
        "id": did,
        "verificationMethod": [
            {"id": "#key-1", "type": "Multikey", "controller": did, "publicKeyMultibase": ED25519}
        ],
        "assertionMethod": ["#key-1"],
    }


class Web:
    """A fetcher that answers from a table, and counts."""

    def __init__(self, pages: dict[str, bytes | Exception]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    async def get(self, url: str, *, accept: str = "") -> Fetched:
        self.asked.append(url)
        await asyncio.sleep(0)
        page = self.pages.get(url, FetchRefused("there is no such document (HTTP 404)"))
        if isinstance(page, Exception):
            raise page
        return Fetched(url, page, "application/json")


class Registry:
    """Pinned documents by DID."""

    def __init__(self, *documents: PinnedDocument) -> None:
        self.documents = {one.did: one for one in documents}

    def __call__(self, did: str, at: AsOf) -> PinnedDocument | None:
        return self.documents.get(did)


def pinned(document: bytes, *, did: str = BOARD, deactivated: bool = False) -> PinnedDocument:
    return PinnedDocument(did, 3, document, deactivated, bytes(32), STAMP)


def resolver(web: Web, *documents: PinnedDocument, now: list[float] | None = None) -> Resolver:
    moment = now or [1_700_000_000.0]
    return Resolver(Registry(*documents), cast(Fetcher, web), lambda: moment[0])


WELL_KNOWN = "https://board.example/.well-known/did.json"


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


@pytest.mark.parametrize(
    ("did", "status", "error"),
    [
        ("did:nonsense:1", 501, "METHOD_NOT_SUPPORTED"),
        ("nonsense", 400, "INVALID_DID"),
        (BOARD + "?versionId=1", 404, "NOT_FOUND"),
        (BOARD + "?versionTime=yesterday", 400, "INVALID_OPTIONS"),
        (BOARD + "?versionNumber=0", 400, "INVALID_OPTIONS"),
        (BOARD + "?hl=zQm", 400, "INVALID_OPTIONS"),
        (BOARD + "?versionId=1&versionId=2", 400, "INVALID_DID_URL"),
        (BOARD + "#", 400, "INVALID_DID_URL"),
        (BOARD + "?" + "a" * 3000, 400, "INVALID_DID_URL"),
        (BOARD, 404, "NOT_FOUND"),
    ],
)
async def test_resolution_errors_are_those_of_the_specification(did: str, status: int, error: str) -> None:
    result = await resolver(Web({})).resolution(did)
    assert result.status == status
    assert result.to_json()["didResolutionMetadata"]["error"]["type"] == f"https://www.w3.org/ns/did#{error}"
    assert result.to_json()["didDocument"] is None


async def test_resolution_of_a_pinned_document_names_its_version() -> None:
    result = await resolver(Web({}), pinned(json.dumps(board_document()).encode())).resolution(BOARD)
    assert result.status == 200
    assert result.to_json()["didDocument"]["id"] == BOARD
    assert result.to_json()["didDocumentMetadata"] == {"versionId": "3", "updated": "2023-11-14T22:13:20Z"}


async def test_resolution_of_a_deactivated_did() -> None:
    result = await resolver(Web({}), pinned(b"", deactivated=True)).resolution(BOARD)
    assert (result.status, result.to_json()["didDocumentMetadata"]) == (410, {"deactivated": True})


# --- versions of a pinned document


class Ledger:
    """Two versions and a deactivation, at blocks 7, 8 and 9."""

    def __init__(self, *, deactivated: bool = False) -> None:
        self.versions = [
            PinnedDocument(
                BOARD,
                number,
                json.dumps(board_document() | {"alsoKnownAs": [f"v{number}"]}).encode(),
                False,
                bytes(32),
                BlockStamp(6 + number, bytes(32), 1000 * number),
            )
            for number in (1, 2)
        ]
        if deactivated:
            stamp = BlockStamp(9, bytes(32), 3000)
            self.versions.append(PinnedDocument(BOARD, 3, b"", True, bytes(32), stamp))

    def pinned(self, did: str, at: AsOf) -> PinnedDocument | None:
        known = [one for one in self.versions if at.known_at is None or one.stamp.time <= at.known_at]
        return known[-1] if known and did == BOARD else None

    def resolver(self, web: Web) -> Resolver:
        return Resolver(
            self.pinned, cast(Fetcher, web), lambda: 9000.0, pinned_versions=lambda did: self.versions
        )


@pytest.mark.parametrize(
    ("query", "version"),
    [
        ("", "v2"),
        ("?versionId=1", "v1"),
        ("?versionId=2", "v2"),
        ("?versionNumber=1", "v1"),
        ("?versionId=1&versionNumber=1", "v1"),
        ("?versionTime=1970-01-01T00:16:40Z", "v1"),
        ("?versionTime=1970-01-01T00:33:20Z", "v2"),
        ("?versionTime=2026-01-01T00:00:00Z", "v2"),
        ("?versionId=1&versionTime=2026-01-01T00:00:00Z", "v1"),
        ("?versionId=3", None),
        ("?versionId=01", None),
        ("?versionId=1&versionNumber=2", None),
        ("?versionTime=1970-01-01T00:16:39Z", None),
        ("?versionId=2&versionTime=1970-01-01T00:16:40Z", None),
    ],
)
async def test_versions_on_the_ledger(query: str, version: str | None) -> None:
    web = Web({WELL_KNOWN: json.dumps(board_document()).encode()})
    result = await Ledger().resolver(web).resolution(BOARD + query)
    if version is None:
        assert result.status == 404
    else:
        assert result.to_json()["didDocument"]["alsoKnownAs"] == [version]
        assert result.to_json()["didDocumentMetadata"]["versionId"] == version[1:]
    assert web.asked == [], "what is pinned is never asked of the web, whichever version is wanted"


async def test_a_version_before_deactivation() -> None:
    source = Ledger(deactivated=True).resolver(Web({}))
    assert (await source.resolution(BOARD)).status == 410
    assert (await source.resolution(BOARD + "?versionId=3")).status == 410
    assert (await source.resolution(BOARD + "?versionId=2")).status == 200
    assert (await source.resolution(BOARD + "#key-1")).status == 410


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
