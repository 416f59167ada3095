"""A board's DID document, pinned on the ledger or served on the web."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from node.did.resolver import Resolver
from node.fetch import Fetched, Fetcher, FetchRefused
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
