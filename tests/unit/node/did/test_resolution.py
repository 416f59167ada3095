"""DID resolution as the specification words it: results, errors, versions of a pinned document."""

from __future__ import annotations

import json
from typing import cast

import pytest

from node.did.resolver import Resolver
from node.fetch import Fetcher
from registry.records import AsOf, BlockStamp, PinnedDocument
from tests.unit.node.did.board_documents import BOARD, WELL_KNOWN, Web, board_document, pinned, resolver


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
