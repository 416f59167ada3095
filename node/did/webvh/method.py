"""did:webvh: fetch the log and the witnesses' proofs, verify both, keep every version."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from node.clock import Clock
from node.did.document import DidDocument
from node.did.parse import MalformedDidDocument, parse_document
from node.did.versions import PRESENT, HistoryInvalid, NoSuchVersion, Unavailable, Version
from node.did.web import NOT_HERE
from node.did.webvh import log, witnesses
from node.did.webvh.address import location_of
from node.did.webvh.log import Entry
from node.fetch import Fetcher

ACCEPT = "text/jsonl, application/jsonl, text/plain;q=0.9, application/json;q=0.8"
_LONG_WORK = 32 << 10  # bytes of a log from which on a thread verifies, so that the event loop goes on


@dataclass(frozen=True, slots=True)
class LogHistory:
    """A log that verified in full."""

    did: str
    entries: Sequence[Entry]
    digest: str  # SHA-256 of the log as served
    present: DidDocument | MalformedDidDocument  # or why there is none, where earlier versions have one
    size: int
    keeps_versions: bool = True

    @property
    def ttl(self) -> float | None:
        return float(self.entries[-1].parameters.ttl)

    def at(self, version: Version) -> DidDocument:
        """Raises NoSuchVersion or MalformedDidDocument."""
        chosen = len(self.entries) if version == PRESENT else _chosen(self.entries, version)
        if chosen == len(self.entries):
            if isinstance(self.present, MalformedDidDocument):
                raise self.present
            return self.present
        return document_of(self.did, self.entries, chosen, self.digest)


class WebvhMethod:
    """did:webvh over a guarded fetcher."""

    def __init__(
        self, fetcher: Fetcher | None, clock: Clock, plain_http: frozenset[tuple[str, int]] = frozenset()
    ) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._plain_http = plain_http

    def admit(self, identifier: str) -> None:
        """Raises InvalidDid or Unavailable."""
        location_of(identifier, plain_http=self._plain_http)
        if self._fetcher is None:
            raise Unavailable(NOT_HERE)

    async def fetch(self, did: str, identifier: str) -> LogHistory:
        """Raises InvalidDid, HistoryInvalid, MalformedDidDocument, Refused, FetchRefused, FetchFailed."""
        if self._fetcher is None:
            raise Unavailable(NOT_HERE)
        place = location_of(identifier, plain_http=self._plain_http)
        body = (await self._fetcher.get(place.log_url, accept=ACCEPT, max_bytes=log.MAX_LOG_BYTES)).body
        now = self._clock()
        entries: list[Entry] = await _maybe_aside(len(body), log.read, body, place.scid, now=now)
        if did not in {entry.document_id for entry in entries}:
            raise HistoryInvalid("the log is of the same origin, but of another DID")
        size = len(body)
        if witnesses.needed(entries):
            limit = witnesses.MAX_WITNESS_BYTES
            proofs = (await self._fetcher.get(place.witness_url, max_bytes=limit)).body
            await _maybe_aside(len(proofs), witnesses.check, entries, proofs, now=now)
        digest = hashlib.sha256(body).hexdigest()
        present: DidDocument | MalformedDidDocument
        try:
            present = document_of(did, entries, len(entries), digest)
        except MalformedDidDocument as error:
            present = error
        return LogHistory(did, entries, digest, present, size)


def document_of(did: str, entries: Sequence[Entry], number: int, digest: str) -> DidDocument:
    """The document of entry `number`. Raises MalformedDidDocument."""
    entry, last = entries[number - 1], entries[-1]
    if entry.document_id != did:
        raise MalformedDidDocument(f"it was that of {entry.document_id[:200]} in that version")
    in_force = last.parameters
    metadata: dict[str, Any] = {
        "versionId": entry.version_id,
        "versionNumber": str(number),
        "versionTime": entry.version_time,
        "created": entries[0].version_time,
        "updated": last.version_time,
        "scid": in_force.scid,
        "portable": in_force.portable,
        "deactivated": in_force.deactivated,
        "ttl": str(in_force.ttl),
    }
    if number < len(entries):
        metadata |= {"nextVersionId": entries[number].version_id, "nextUpdate": entries[number].version_time}
    if in_force.witness is not None:
        metadata["witness"] = in_force.witness.to_json()
    if in_force.watchers:
        metadata["watchers"] = list(in_force.watchers)
    return parse_document(
        orjson.loads(entry.document),
        did,
        source="did:webvh",
        digest=digest,
        deactivated=entry.parameters.deactivated,
        metadata=metadata,
    )


def _chosen(entries: Sequence[Entry], version: Version) -> int:
    """The number of the entry asked for, which every member of `version` must agree on."""
    latest = sum(version.time is None or entry.time[0] <= version.time for entry in entries)
    number = latest if version.number is None else version.number
    if version.id is not None:
        stated = version.id.partition("-")[0]
        number = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 10 else 0
    if (
        not 0 < number <= latest
        or version.number not in (None, number)
        or version.id not in (None, entries[number - 1].version_id)
    ):
        raise NoSuchVersion("the log has no such version")
    return number


async def _maybe_aside(size: int, work: Any, *arguments: Any, now: float) -> Any:
    if size < _LONG_WORK:
        return work(*arguments, now=now)
    return await asyncio.to_thread(work, *arguments, now=now)
