"""Where a did:webvh log is (did:webvh 1.0, "The DID to HTTPS Transformation")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from node.did import web
from node.did.syntax import InvalidDid

LOG = "did.jsonl"
WITNESSES = "did-witness.json"

SCID = re.compile(r"[1-9A-HJ-NP-Za-km-z]{46}").fullmatch
_NUMERIC = re.compile(r"[\d.]+(?:%3[Aa]\d+)?").fullmatch


@dataclass(frozen=True, slots=True)
class Location:
    """What the method-specific identifier says."""

    scid: str
    log_url: str
    witness_url: str


def location_of(identifier: str, *, plain_http: frozenset[tuple[str, int]] = frozenset()) -> Location:
    """`<scid>:<host>[:<path>…]`. Raises InvalidDid."""
    scid, _, place = identifier.partition(":")
    if not SCID(scid):
        raise InvalidDid("the DID does not begin with a self-certifying identifier")
    authority = place.partition(":")[0]
    host = authority.partition("%")[0].lower()
    # A bare name is no domain, unless the operator named it (localhost, in tests).
    if _NUMERIC(authority) or ("." not in host and host not in {name for name, _ in plain_http}):
        raise InvalidDid("the DID does not name a domain")
    log = web.address_of(place, plain_http=plain_http, file=LOG)
    return Location(scid, log, log.removesuffix(LOG) + WITNESSES)
