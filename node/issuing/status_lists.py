"""Our own lists, signed for verifiers without the ledger: as status list credentials and as tokens.

Of the present, or of a moment in the past: then signed as holding until the update that came next, so that no
old list passes for a present one.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from node.bounded_cache import BoundedCache
from node.clock import Clock
from node.crypto import base64url
from node.errors import Unavailable
from node.issuing import token_lists
from node.issuing.credentials import CredentialIssuer
from node.issuing.refusals import IssuingRefused
from node.verification.dates import written
from node.verification.proofs.contexts import VCDM_2
from registry.records import NOW, AsOf, Freshness, ListEvent, StatusListRecord

MINIMUM_ENTRIES = 131_072
"""Bitstring Status List §3.1: fewer would tell too much about the few whose status is asked for."""
TTL = 300
"""Seconds a verifier may keep a list: `ttl`, in milliseconds in a credential (§2.2), in seconds in a token."""
TOKEN_LIFETIME = 86_400
"""s. Whoever is shown a token of yesterday need not be told what was revoked since."""
KEPT = 64 << 20
"""Bytes of signed lists kept; of those, many are of the past."""
_TRIES = 8


class ListForm(StrEnum):
    """How a list can be signed."""

    EMBEDDED = "vc"
    ENVELOPED = "vc+jwt"
    TOKEN = "statuslist+jwt"  # noqa: S105 -- a media type, not a secret


class PackedList(Protocol):
    """A list's bits, packed most significant first, and the number of updates they hold."""

    @property
    def seq(self) -> int: ...
    @property
    def packed(self) -> bytes: ...


class StatusLists(Protocol):
    """The replica's lists, from memory."""

    def freshness(self) -> Freshness: ...

    def status_list(self, uri: str, at: AsOf = NOW) -> StatusListRecord | None: ...

    def list_history(self, uri: str) -> Sequence[ListEvent]: ...

    def bits(self, uri: str, at: AsOf = NOW) -> PackedList | None:
        """None: no such list, or it does not match its record."""
        ...


@dataclass(frozen=True, slots=True)
class SignedList:
    """A list as it is served."""

    secured: dict[str, Any] | str
    until: int | None  # Unix seconds: when it was superseded; None: it is of the present


class StatusListCredentials:
    """Signs a list once for every change of it. Safe to use from several threads."""

    def __init__(
        self,
        lists: StatusLists,
        issuer: CredentialIssuer,
        clock: Clock,
        *,
        mechanism: str = "eddsa-jcs-2022",
        ttl: int = TTL,
    ) -> None:
        """`mechanism`: of embedded proofs."""
        self._lists = lists
        self._issuer = issuer
        self._clock = clock
        self._mechanism = mechanism
        self._ttl = ttl
        self._signed: BoundedCache[SignedList] = BoundedCache(4096, KEPT)

    def signed(
        self, uri: str, form: ListForm = ListForm.EMBEDDED, *, moment: int | None = None
    ) -> SignedList | None:
        """One of our lists as it is now, or as it had been recorded by `moment` (Unix seconds).

        None when it is not ours, was not there yet, or the moment is still to come. Raises IssuingRefused for a
        list too short to protect those on it, or that a token cannot say; Unavailable when its bits are not
        known for certain.
        """
        at = NOW if moment is None else AsOf(known_at=moment)
        record = self._lists.status_list(uri, at)
        if record is None or record.issuer_did != self._issuer.did or (moment or 0) > self._clock():
            return None
        until = None if at is NOW else self._superseded(record)
        if until is None:
            at = NOW  # whatever the moment: nothing was recorded since
        issued_at = self._issued_at(record) if until is None and form is ListForm.TOKEN else record.stamp.time
        name = f"{form} {record.issuer_did} {record.head.hex()} {issued_at} {until}"
        known = self._signed.get(name) if record.intact else None
        if known is not None:
            return known
        latest, packed = self._consistent(record, at)
        secured = self._secured(latest, packed, form, max(issued_at, latest.stamp.time), until)
        found = SignedList(secured, until)
        if latest == record:
            self._signed.put(name, found, 2 * len(packed))
        return found

    def _superseded(self, record: StatusListRecord) -> int | None:
        """When the next update was recorded; None: there has been none."""
        later = (one.stamp.time for one in self._lists.list_history(record.uri) if one.seq > record.seq)
        return next(later, None)

    def _issued_at(self, record: StatusListRecord) -> int:
        """A token says of itself when it was issued: as far as the replica reaches, so that one whose ledger is
        out of reach grows old. The same for `ttl` seconds, to be signed once."""
        reached = int(min(self._clock(), self._lists.freshness().reaches))
        return max(record.stamp.time, reached - reached % self._ttl)

    def _consistent(self, record: StatusListRecord, at: AsOf) -> tuple[StatusListRecord, bytes]:
        """The record and the bits of one and the same state, though updates come in between."""
        for _ in range(_TRIES):
            bits = self._lists.bits(record.uri, at)
            if bits is None or not record.intact:
                break
            if bits.seq == record.seq:
                return record, bits.packed
            record = self._lists.status_list(record.uri, at) or record
        raise Unavailable("the status list cannot be told for certain at the moment")

    def _secured(
        self, record: StatusListRecord, packed: bytes, form: ListForm, issued_at: int, until: int | None
    ) -> dict[str, Any] | str:
        if record.size < MINIMUM_ENTRIES:
            raise IssuingRefused(f"a published status list has at least {MINIMUM_ENTRIES} entries", "/size")
        if form is ListForm.TOKEN:
            return self._issuer.sign_status_list(self._token(record, packed, issued_at, until))
        credential = self._credential(record, packed, until)
        return self._issuer.issue(
            credential, mechanism=self._mechanism if form is ListForm.EMBEDDED else form.value
        )

    def _credential(self, record: StatusListRecord, packed: bytes, until: int | None) -> dict[str, Any]:
        found: dict[str, Any] = {
            "@context": [VCDM_2],
            "id": record.uri,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": record.issuer_did,
            "validFrom": written(record.stamp.time),
            "credentialSubject": {
                "id": f"{record.uri}#list",
                "type": "BitstringStatusList",
                "statusPurpose": record.purpose.label,
                "encodedList": encoded_list(packed),
                "ttl": 1000 * self._ttl,
            },
        }
        if until is not None:
            found["validUntil"] = written(until - 1)  # whose last second counts (VCDM 2.0 §4.9)
        return found

    def _token(
        self, record: StatusListRecord, packed: bytes, issued_at: int, until: int | None
    ) -> dict[str, Any]:
        """Token Status List §5.1."""
        if record.purpose not in token_lists.PURPOSES:
            raise IssuingRefused(f"a token cannot tell of a list of {record.purpose.label}", "/purpose")
        return {
            "iss": record.issuer_did,
            "sub": record.uri,
            "iat": issued_at,
            "exp": issued_at + TOKEN_LIFETIME if until is None else until,  # of which no second counts
            "ttl": self._ttl,
            "status_list": token_lists.status_list(packed, record.purpose, record.bits_per_entry),
        }


def encoded_list(packed: bytes) -> str:
    """§2.2 `encodedList`: multibase base64url of the GZIP of the bits. The same bits give the same text."""
    return "u" + base64url.encode(gzip.compress(packed, mtime=0))
