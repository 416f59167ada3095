"""Our own lists as status list credentials (Bitstring Status List 1.0), for verifiers without the ledger."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from node.crypto import base64url
from node.errors import Unavailable
from node.issuing.credentials import CredentialIssuer
from node.issuing.refusals import IssuingRefused
from node.verification.proofs.contexts import VCDM_2
from registry.records import StatusListRecord

MINIMUM_ENTRIES = 131_072
"""§3.1: fewer would tell too much about the few whose status is asked for."""
TTL = 300_000
"""§2.2 `ttl`: milliseconds a verifier may keep the list."""
_TRIES = 8


class PackedList(Protocol):
    """A list's bits, packed most significant first, and the number of updates they hold."""

    @property
    def seq(self) -> int: ...
    @property
    def packed(self) -> bytes: ...


class StatusLists(Protocol):
    """The replica's lists, from memory."""

    def status_list(self, uri: str) -> StatusListRecord | None: ...

    def bits(self, uri: str) -> PackedList | None:
        """None: no such list, or it does not match its record."""
        ...


@dataclass(frozen=True, slots=True)
class _Signed:
    record: StatusListRecord
    secured: dict[str, Any] | str


class StatusListCredentials:
    """Signs a list once for every change of it. Safe to use from several threads."""

    def __init__(
        self, lists: StatusLists, issuer: CredentialIssuer, *, mechanism: str = "eddsa-jcs-2022", ttl: int = TTL
    ) -> None:
        self._lists = lists
        self._issuer = issuer
        self._mechanism = mechanism
        self._ttl = ttl
        self._signed: dict[str, _Signed] = {}

    def credential(self, uri: str) -> dict[str, Any] | str | None:
        """The signed credential of one of our lists as it is now; None when it is not ours.

        Raises IssuingRefused for a list too short to protect those on it, Unavailable when its bits are not
        known for certain.
        """
        record = self._lists.status_list(uri)
        if record is None or record.issuer_did != self._issuer.did:
            return None
        known = self._signed.get(uri)
        if known is not None and known.record == record:
            return known.secured
        record, packed = self._consistent(record)
        secured = self._issuer.issue(self._unsigned(record, packed), mechanism=self._mechanism)
        self._signed[uri] = _Signed(record, secured)
        return secured

    def _consistent(self, record: StatusListRecord) -> tuple[StatusListRecord, bytes]:
        """The record and the bits of one and the same state, though updates come in between."""
        for _ in range(_TRIES):
            bits = self._lists.bits(record.uri)
            if bits is None or not record.intact:
                break
            if bits.seq == record.seq:
                return record, bits.packed
            record = self._lists.status_list(record.uri) or record
        raise Unavailable("the status list cannot be told for certain at the moment")

    def _unsigned(self, record: StatusListRecord, packed: bytes) -> dict[str, Any]:
        if record.size < MINIMUM_ENTRIES:
            raise IssuingRefused(f"a published status list has at least {MINIMUM_ENTRIES} entries", "/size")
        return {
            "@context": [VCDM_2],
            "id": record.uri,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": record.issuer_did,
            "validFrom": _written(record.stamp.time),
            "credentialSubject": {
                "id": f"{record.uri}#list",
                "type": "BitstringStatusList",
                "statusPurpose": record.purpose.label,
                "encodedList": encoded_list(packed),
                "ttl": self._ttl,
            },
        }


def encoded_list(packed: bytes) -> str:
    """§2.2 `encodedList`: multibase base64url of the GZIP of the bits. The same bits give the same text."""
    return "u" + base64url.encode(gzip.compress(packed, mtime=0))


def _written(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
