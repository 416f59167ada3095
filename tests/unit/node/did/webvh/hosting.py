"""A host of did:webvh logs, and a resolver that asks it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, cast

from node.did.document import DidDocument
from node.did.resolver import Resolver
from node.fetch import Fetched, Fetcher, FetchRefused
from node.verification.evidence import Unresolved
from registry.records import NOW, AsOf
from tests.simulators.webvh_log import START, WebvhController, did_key, key

WITNESSES = [{"id": did_key(key(number))} for number in (21, 22, 23)]
RULE = {"threshold": 2, "witnesses": WITNESSES}


class Host:
    """Serves what is in its table, counts, and holds to the limit it was given."""

    def __init__(self, pages: Mapping[str, bytes | Exception]) -> None:
        self.pages = dict(pages)
        self.asked: list[str] = []

    async def get(self, url: str, *, accept: str = "", max_bytes: int = 0) -> Fetched:
        self.asked.append(url)
        await asyncio.sleep(0)
        page = self.pages.get(url, FetchRefused("there is no such document (HTTP 404)"))
        if isinstance(page, Exception):
            raise page
        if len(page) > max_bytes:
            raise FetchRefused(f"the body is larger than {max_bytes} bytes")
        return Fetched(url, page, "text/jsonl")


class Moment:
    """A clock that can be set."""

    def __init__(self) -> None:
        self.now = float(START + 10**6)

    def __call__(self) -> float:
        return self.now


def resolver(host: Host, clock: Moment | None = None, **options: Any) -> Resolver:
    return Resolver(lambda did, at: None, cast(Fetcher, host), clock or Moment(), **options)


async def resolved(board: WebvhController, did: str = "", at: AsOf = NOW) -> DidDocument | Unresolved:
    return await resolver(Host(board.pages())).resolve(did or board.did, at)
