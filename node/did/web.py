"""did:web: the identifier is an address (did:web method, §2.5.2)."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote

from node.did.document import DidDocument
from node.did.parse import parse_document
from node.did.syntax import InvalidDid
from node.fetch import Fetcher
from node.verification.proofs import strict_json

ACCEPT = "application/did+ld+json, application/did+json, application/json;q=0.9"

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})").fullmatch
_PORT = re.compile(r"[1-9]\d{0,4}", re.ASCII).fullmatch


def address_of(identifier: str, *, plain_http: frozenset[tuple[str, int]] = frozenset()) -> str:
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
    return f"{scheme}://{host}{':' + port if port else ''}/{path}/did.json"


async def fetch_document(
    did: str, identifier: str, fetcher: Fetcher, plain_http: frozenset[tuple[str, int]]
) -> DidDocument:
    """The document as served. Raises InvalidDid, MalformedDidDocument, Refused, FetchRefused, FetchFailed."""
    fetched = await fetcher.get(address_of(identifier, plain_http=plain_http), accept=ACCEPT)
    return parse_document(
        strict_json.parse(fetched.body), did, source="web", digest=hashlib.sha256(fetched.body).hexdigest()
    )
