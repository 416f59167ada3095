"""did:ethr: read an identity's events from the ledger of its network, keep every version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from node.clock import Clock
from node.did.document import DidDocument
from node.did.ethr.document import build
from node.did.ethr.events import Event, EventLedger, events_of
from node.did.ethr.identifier import Identity, identity_of
from node.did.parse import parse_document
from node.did.versions import PRESENT, NoSuchVersion, Unavailable, Version

TTL = 60.0  # seconds: an owner revokes a key to have it out of use
_SOURCE = "did:ethr"


@dataclass(frozen=True, slots=True)
class Network:
    """Where the events of a network are."""

    ledger: EventLedger
    registry: str  # address of the ERC-1056 contract


@dataclass(frozen=True, slots=True)
class EventHistory:
    """All of an identity's events. A version is named by the block of its last change."""

    did: str
    identity: Identity
    chain_id: int
    events: Sequence[Event]
    present: DidDocument
    size: int
    ttl: float = TTL
    keeps_versions: bool = True

    def at(self, version: Version) -> DidDocument:
        """Raises NoSuchVersion."""
        if version == PRESENT:
            return self.present
        block = _block(version)
        past = [
            event
            for event in self.events
            if (block is None or event.block <= block) and (version.time is None or event.time <= version.time)
        ]
        if block is not None and (not past or past[-1].block != block):
            raise NoSuchVersion("nothing changed in that block")
        following = self.events[len(past)] if len(past) < len(self.events) else None
        if version.time is not None:
            moment = version.time
        elif following is not None:
            moment = past[-1].time
        else:
            return self.present
        return document_of(self.did, self.identity, self.chain_id, past, moment, following=following)


class EthrMethod:
    """did:ethr over the ledgers that were configured."""

    def __init__(self, networks: Mapping[str, Network], clock: Clock) -> None:
        self._networks = networks
        self._clock = clock

    def admit(self, identifier: str) -> None:
        """Raises InvalidDid or Unavailable."""
        network = identity_of(identifier).network
        if network not in self._networks:
            raise Unavailable(f"The network {network!r} of did:ethr is not set up here", unsupported=True)

    async def fetch(self, did: str, identifier: str) -> EventHistory:
        """Raises InvalidDid, HistoryInvalid, LedgerError, LedgerUnavailable, WrongLedger."""
        identity = identity_of(identifier)
        network = self._networks[identity.network]
        chain_id = await network.ledger.chain_id()
        events, _ = await events_of(network.ledger, network.registry, identity.address)
        now = int(self._clock())
        present = document_of(did, identity, chain_id, events, now, until=True)
        return EventHistory(did, identity, chain_id, events, present, size=1024 + 512 * len(events))


def document_of(
    did: str,
    identity: Identity,
    chain_id: int,
    events: Sequence[Event],
    now: int,
    *,
    following: Event | None = None,
    until: bool = False,
) -> DidDocument:
    """The document after `events`, as it stood at `now`; `until`: each key is for use until it runs out."""
    built = build(did, identity, chain_id, events, now)
    metadata: dict[str, Any] = {}
    if events:
        metadata |= {"versionId": str(events[-1].block), "updated": _written(events[-1].time)}
    if following is not None:
        metadata |= {"nextVersionId": str(following.block), "nextUpdate": _written(following.time)}
    parsed = parse_document(
        built.document,
        did,
        source=_SOURCE,
        digest=hashlib.sha256(json.dumps(built.document, sort_keys=True).encode()).hexdigest(),
        deactivated=built.deactivated,
        metadata=metadata,
    )
    if not until:
        return parsed
    methods = {
        url: replace(method, usable_until=built.valid_to.get(url)) for url, method in parsed.methods.items()
    }
    return replace(parsed, methods=methods)


def _block(version: Version) -> int | None:
    if version.number is not None:
        raise NoSuchVersion("its versions are named by block and have no numbers")
    if version.id is None:
        return None
    if not version.id.isascii() or not version.id.isdigit() or len(version.id) > 20:
        raise NoSuchVersion("its versions are named by the number of a block")
    return int(version.id)


def _written(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
