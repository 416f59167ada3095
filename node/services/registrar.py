"""What a participant does on the ledger: checked here, carried out by the publisher.

Every method returns the number of a publication at once; `Publisher.wait` tells when it is final.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

from node.clock import Clock
from node.errors import Conflict, Invalid, NotConfigured, NotFound
from node.issuing.schema_services import (
    anchors,
    check_schemas,
    read_pinned_document,
    with_schema,
    with_services_of,
)
from node.services.requirements import GO_ON, account, known_list, left_behind, open_list, require
from registry.actions import (
    CloseStatusList,
    CreateStatusList,
    LedgerAction,
    PinDidDocument,
    PublishStatus,
    RotateOperator,
)
from registry.publisher.status_updates import ListBits
from registry.records import Accreditation, PinnedDocument, StatusListRecord, StatusPurpose

MINIMUM_ENTRIES = 131_072
"""Bitstring Status List §3.1: fewer would tell too much about the few."""
MAXIMUM_ENTRIES = 1 << 24
MAXIMUM_DOCUMENT = 16 * 1024
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20]{1,2000}")
_LIST_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class _Publisher(Protocol):
    def submit(self, action: LedgerAction, idempotency_key: str | None = None) -> int: ...


class _Ledger(Protocol):
    def accreditation(self, did: str) -> Accreditation | None: ...
    def pinned_document(self, did: str) -> PinnedDocument | None: ...
    def status_list(self, uri: str) -> StatusListRecord | None: ...
    def status_registry(self) -> str: ...
    def bits(self, uri: str) -> ListBits | None: ...


class Registrar:
    """The acts of this node's admin and operator keys."""

    def __init__(
        self,
        *,
        publisher: _Publisher,
        ledger: _Ledger,
        own_did: str,
        admin_address: str,
        operator_address: str,
        public_url: str,
        own_document: Callable[[], Mapping[str, Any]],
        clock: Clock,
    ) -> None:
        self._publisher = publisher
        self._ledger = ledger
        self._own_did = own_did
        self.admin_address = admin_address
        self.operator_address = operator_address
        self._public_url = public_url
        self._own_document = own_document
        self._clock = clock

    def pin(
        self,
        *,
        did: str | None = None,
        document: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> int:
        """By the issuer's admin. Without a document: this node's own keys, with the services pinned before."""
        did = self._named(did)
        chosen = document
        if chosen is None:
            chosen = with_services_of(self._own_document(), self._ledger.pinned_document(did))
        require(chosen.get("id") == did, f"the document's id is not {did}", "document/id")
        check_schemas(chosen, did)
        raw = json.dumps(chosen, ensure_ascii=False, separators=(",", ":")).encode()
        require(len(raw) <= MAXIMUM_DOCUMENT, f"larger than {MAXIMUM_DOCUMENT} bytes", "document")
        self._accreditation(did)
        return self._publisher.submit(PinDidDocument(did, raw), idempotency_key)

    def anchor_schema(
        self,
        *,
        url: str,
        schema: object,
        did: str | None = None,
        idempotency_key: str | None = None,
    ) -> int:
        """By the issuer's admin: the next version of its document, with the schema. None: without it."""
        did = self._named(did)
        require(bool(_URL.fullmatch(url)), "not an address", "id")
        document = read_pinned_document(self._ledger.pinned_document(did))
        if document is None and did == self._own_did:
            document = dict(self._own_document())
        if document is None:
            raise NotFound(f"no document of {did} is pinned that a schema could be added to")
        if schema is None and not anchors(document, url):
            raise NotFound(f"the document of {did} anchors no schema {url}")
        return self.pin(did=did, document=with_schema(document, url, schema), idempotency_key=idempotency_key)

    def rotate(self, *, old: str, new: str, did: str | None = None, idempotency_key: str | None = None) -> int:
        """By the issuer's admin: one of its operator keys for another."""
        did = did or self._own_did
        current = self._accreditation(did)
        old, new = account(old, "old"), account(new, "new")
        if old not in current.operators:
            raise Conflict(f"{old} is not an operator of {did}")
        if new in current.operators:
            raise Conflict(f"{new} is an operator of {did} already")
        return self._publisher.submit(RotateOperator(did, old, new), idempotency_key)

    def close_list(self, *, uri: str, idempotency_key: str | None = None) -> int:
        """By the issuer's admin, for good: nothing can be revoked on it any more."""
        uri = self.list_uri(uri)
        open_list(self._ledger, uri)
        return self._publisher.submit(CloseStatusList(uri), idempotency_key)

    def create_list(
        self,
        *,
        name: str,
        purpose: StatusPurpose = StatusPurpose.REVOCATION,
        size: int = MINIMUM_ENTRIES,
        bits_per_entry: int = 1,
        idempotency_key: str | None = None,
    ) -> int:
        """By an operator. The list is addressed `{public url}/status-lists/{name}`, see `list_uri`."""
        require(bool(_LIST_NAME.fullmatch(name)), "letters, digits, '.', '_' and '-', at most 64", "name")
        require(
            MINIMUM_ENTRIES <= size <= MAXIMUM_ENTRIES and size % 256 == 0,
            f"a multiple of 256 from {MINIMUM_ENTRIES} to {MAXIMUM_ENTRIES}",
            "size",
        )
        allowed = (1, 2, 4, 8) if purpose is StatusPurpose.MESSAGE else (1,)
        require(bits_per_entry in allowed, f"one of {allowed} for purpose {purpose.label}", "statusSize")
        uri = self.list_uri(name)
        there_is = self._ledger.status_list(uri)
        if there_is is not None:
            behind = left_behind(there_is, self._ledger.status_registry())
            raise Conflict(f"there is a list {uri} already{f': {GO_ON}' if behind else ''}")
        self._accreditation(self._own_did)
        action = CreateStatusList(self._own_did, uri, size, purpose, bits_per_entry)
        return self._publisher.submit(action, idempotency_key)

    def continue_list(self, *, uri: str, idempotency_key: str | None = None) -> int:
        """By an operator: it goes on in the successor of its registry, with the bits it has.

        Only as it is, and only by who keeps it: anything else under its address there would leave it
        indeterminate for good.
        """
        uri = self.list_uri(uri)
        it = known_list(self._ledger, uri)
        if it.closed:
            raise Conflict(f"{uri} is closed: it stays where it is, and is read there")
        if not left_behind(it, self._ledger.status_registry()):
            raise Conflict(f"{uri} is in the registry in use: there is nothing to do")
        if it.issuer_did != self._own_did:
            raise Conflict(f"{uri} is kept by {it.issuer_did}, whose node has it go on")
        if self._ledger.bits(uri) is None:
            raise Conflict(f"the bits of {uri} do not match the ledger; it cannot go on")
        action = CreateStatusList(self._own_did, uri, it.size, it.purpose, it.bits_per_entry)
        return self._publisher.submit(action, idempotency_key)

    def list_uri(self, name_or_uri: str) -> str:
        """The full address of one of this node's lists; an address stays as it is. Raises Invalid."""
        try:
            scheme = urlsplit(name_or_uri).scheme
        except ValueError as error:
            raise Invalid("uri: neither a list's name nor an address", "uri") from error
        if scheme:
            return name_or_uri
        return f"{self._public_url}/status-lists/{name_or_uri}"

    def publish(
        self,
        *,
        uri: str,
        entries: Sequence[tuple[int, int]] = (),
        effective_at: int | None = None,
        idempotency_key: str | None = None,
    ) -> int:
        """By an operator: give entries their values; none at all is a heartbeat."""
        uri = self.list_uri(uri)
        record = open_list(self._ledger, uri)
        if effective_at is not None:
            require(effective_at >= 0, "lies before 1970", "effectiveAt")
            require(effective_at <= self._clock(), "lies in the future", "effectiveAt")
        self._check_entries(record, entries)
        return self._publisher.submit(PublishStatus(uri, tuple(entries), effective_at), idempotency_key)

    def _check_entries(self, record: StatusListRecord, entries: Sequence[tuple[int, int]]) -> None:
        seen: set[int] = set()
        cleared: list[int] = []
        for index, value in entries:
            require(0 <= index < record.size, f"entry {index} is not in 0 … {record.size - 1}", "entries")
            require(0 <= value < 1 << record.bits_per_entry, f"entry {index} cannot hold {value}", "entries")
            require(index not in seen, f"entry {index} appears twice", "entries")
            seen.add(index)
            if value == 0:
                cleared.append(index)
        if record.purpose is StatusPurpose.REVOCATION and cleared:
            self._check_none_revoked(record, cleared)

    def _check_none_revoked(self, record: StatusListRecord, cleared: Sequence[int]) -> None:
        """The ledger could not even say it: on a revocation list a message only ever sets bits."""
        known = self._ledger.bits(record.uri)
        if known is None:
            raise Conflict(f"the bits of {record.uri} do not match the ledger; nothing can be published to it")
        revoked = [i for i in cleared if known.packed[i >> 3] & (0x80 >> (i & 7))]
        if revoked:
            first = ", ".join(map(str, revoked[:10]))
            raise Conflict(
                f"a revocation cannot be taken back, and {len(revoked)} of these are revoked already ({first})"
            )

    def _named(self, did: str | None) -> str:
        if not (did or self._own_did):
            raise NotConfigured("this node has no DID of its own: set GOODSTANDING_ISSUER_DID")
        return did or self._own_did

    def _accreditation(self, did: str) -> Accreditation:
        if not did:
            raise NotConfigured("this node has no DID of its own: set GOODSTANDING_ISSUER_DID")
        found = self._ledger.accreditation(did)
        if found is None:
            raise NotFound(f"{did} is not accredited on this ledger")
        return found
