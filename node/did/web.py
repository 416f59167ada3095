"""did:web: the identifier is an address (did:web method, §2.5.2)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import unquote

from node.did.document import DidDocument
from node.did.parse import parse_document
from node.did.syntax import InvalidDid
from node.did.versions import PRESENT, NoSuchVersion, Unavailable, Version
from node.fetch import Fetcher
from node.verification.proofs import strict_json

ACCEPT = "application/did+ld+json, application/did+json, application/json;q=0.9"

NOT_HERE = "The issuer's keys are not on record here"

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})").fullmatch
_PORT = re.compile(r"[1-9]\d{0,4}", re.ASCII).fullmatch


def address_of(
    identifier: str, *, plain_http: frozenset[tuple[str, int]] = frozenset(), file: str = "did.json"
) -> str:
    """The URL of a did:web document. Raises InvalidDid.

    `did:web:host` is at `/.well-known/did.json`, `did:web:host%3Aport:a:b` at `/a/b/did.json`. Hosts in
    `plain_http` are asked by http instead of https.
    """
    authority, *segments = identifier.split(":")
    host, _, port = re.sub("%3a", "%3A", authority).partition("%3A")
    if not _HOST(host) or ("%3A" in authority.upper() and not _PORT(port)):
        raise InvalidDid("the DID does not name a host on the web")
    for segment in segments:
        plain = unquote(segment, errors="replace")
        if plain in {"", ".", ".."} or not plain.isprintable() or any(c in "/\\%?#" for c in plain):
            raise InvalidDid("the DID's path leads out of itself")
    scheme = "http" if (host.lower(), int(port or 80)) in plain_http else "https"
    path = "/".join(segments) if segments else ".well-known"
    return f"{scheme}://{host}{':' + port if port else ''}/{path}/{file}"


@dataclass(frozen=True, slots=True)
class Present:
    """What did:web knows of a document's history: the present, as served."""

    document: DidDocument
    size: int
    ttl: float | None = None
    keeps_versions: bool = False

    def at(self, version: Version) -> DidDocument:
        """Raises NoSuchVersion for any but the present."""
        if version != PRESENT:
            raise NoSuchVersion("a did:web has its present document alone")
        return self.document


class WebMethod:
    """did:web over a guarded fetcher."""

    def __init__(self, fetcher: Fetcher | None, plain_http: frozenset[tuple[str, int]] = frozenset()) -> None:
        self._fetcher = fetcher
        self._plain_http = plain_http

    def admit(self, identifier: str) -> None:
        """Raises InvalidDid or Unavailable."""
        address_of(identifier)
        if self._fetcher is None:
            raise Unavailable(NOT_HERE)

    async def fetch(self, did: str, identifier: str) -> Present:
        """As served. Raises InvalidDid, MalformedDidDocument, Refused, FetchRefused, FetchFailed."""
        if self._fetcher is None:
            raise Unavailable(NOT_HERE)
        url = address_of(identifier, plain_http=self._plain_http)
        body = (await self._fetcher.get(url, accept=ACCEPT)).body
        document = parse_document(
            strict_json.parse(body), did, source="web", digest=hashlib.sha256(body).hexdigest()
        )
        return Present(document, len(body))
