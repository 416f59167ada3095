"""Where verification gets DID documents: pinned on the ledger first, then computed, then the web.

A pinned document wins over what the web serves, and one that is deactivated or does not parse ends the matter:
falling through to the web would let whoever holds the web server undo what the ledger says.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from node.clock import Clock
from node.did import jwk, key, resolution, web
from node.did.document import DidDocument
from node.did.parse import MalformedDidDocument, parse_document
from node.did.syntax import InvalidDid, did_of, method_of
from node.fetch import Fetcher, FetchFailed, FetchRefused
from node.verification.evidence import Unresolved
from node.verification.proofs import strict_json
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from registry.records import NOW, AsOf, PinnedDocument

Found = DidDocument | Unresolved
Value = TypeVar("Value")


class Resolver:
    """Implements `DidSource`. Web documents are kept for `web_ttl` seconds, failures for `negative_ttl`."""

    def __init__(
        self,
        pinned: Callable[[str, AsOf], PinnedDocument | None],
        fetcher: Fetcher | None,
        clock: Clock,
        *,
        plain_http: frozenset[tuple[str, int]] = frozenset(),
        web_ttl: float = 300.0,
        negative_ttl: float = 15.0,
        capacity: int = 4096,
    ) -> None:
        """`fetcher` None: did:web resolves by pinned documents alone."""
        self._pinned = pinned
        self._fetcher = fetcher
        self._clock = clock
        self._plain_http = plain_http
        self._web_ttl = web_ttl
        self._negative_ttl = negative_ttl
        self._web: _Bounded[tuple[float, Found]] = _Bounded(capacity)
        self._parsed: _Bounded[Found] = _Bounded(capacity)
        self._fetching: dict[str, asyncio.Task[Found]] = {}

    def resolve_local(self, did: str, at: AsOf = NOW) -> Found | None:
        """Without I/O. None: only the web could tell, or has told: what it said is for `resolve` alone, whose
        callers want the web asked. Whoever does not must get the same answer whatever others asked before."""
        try:
            method, identifier = method_of(did)
        except InvalidDid as error:
            return _invalid(did, str(error))
        pinned = self._pinned(did, at)
        if pinned is not None:
            return self._from_ledger(pinned)
        if method in _COMPUTED:
            return self._computed(did, method, identifier)
        if method == "web":
            return self._unaskable(did, identifier)
        return Unresolved(
            did,
            Reason.DID_METHOD_UNSUPPORTED,
            f"Identifiers of the kind did:{method[:32]} cannot be looked up here.",
            definite=True,
            error="METHOD_NOT_SUPPORTED",
        )

    async def resolve(self, did: str, at: AsOf = NOW) -> Found:
        """With I/O where needed. Concurrent calls for one DID share one fetch."""
        found = self.resolve_local(did, at) or self._remembered(did)
        if found is not None:
            return found
        task = self._fetching.get(did)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._from_web(did))
            self._fetching[did] = task
            task.add_done_callback(lambda _: self._fetching.pop(did, None))
        return await asyncio.shield(task)

    async def resolution(self, did: str) -> resolution.ResolutionResult:
        """The answer to `GET /1.0/identifiers/{did}`. Paths, queries and fragments are refused, saying so."""
        if did_of(did) != did:
            return resolution.failed(
                "INVALID_DID_URL", "Only a DID can be resolved here: leave out its path, query and fragment."
            )
        return resolution.result_of(await self.resolve(did))

    def _from_ledger(self, pinned: PinnedDocument) -> Found:
        if pinned.deactivated:
            return Unresolved(
                pinned.did, Reason.DID_DEACTIVATED, "The issuer has withdrawn its identifier.", definite=True
            )
        digest = hashlib.sha256(pinned.document).hexdigest()
        known = self._parsed.get(pinned.did + digest)
        if isinstance(known, DidDocument) and (known.stamp, known.version) == (pinned.stamp, pinned.version):
            return known
        found: Found
        try:
            found = parse_document(
                strict_json.parse(pinned.document),
                pinned.did,
                source="ledger",
                digest=digest,
                stamp=pinned.stamp,
                version=pinned.version,
            )
        except (MalformedDidDocument, Refused) as error:
            return _malformed(pinned.did, str(error))
        self._parsed.put(pinned.did + digest, found)
        return found

    def _computed(self, did: str, method: str, identifier: str) -> Found:
        known = self._parsed.get(did)
        if known is None:
            try:
                known = _COMPUTED[method](did, identifier)
            except InvalidDid as error:
                known = _invalid(did, str(error))
            self._parsed.put(did, known)
        return known

    def _unaskable(self, did: str, identifier: str) -> Unresolved | None:
        """Why the web cannot be asked; None: it can."""
        try:
            web.address_of(identifier)
        except InvalidDid as error:
            return _invalid(did, str(error))
        if self._fetcher is None:
            return Unresolved(
                did, Reason.DID_UNRESOLVABLE, "The issuer's keys are not on record here.", definite=False
            )
        return None

    def _remembered(self, did: str) -> Found | None:
        """What the web said a short while ago."""
        cached = self._web.get(did)
        return cached[1] if cached is not None and cached[0] > self._clock() else None

    async def _from_web(self, did: str) -> Found:
        fetcher = self._fetcher
        if fetcher is None:
            raise RuntimeError("only called where there is a fetcher")
        found: Found
        ttl = self._negative_ttl
        try:
            found = await web.fetch_document(did, method_of(did)[1], fetcher, self._plain_http)
            ttl = self._web_ttl
            if found.deactivated:
                found = Unresolved(
                    did, Reason.DID_DEACTIVATED, "The issuer has withdrawn its identifier.", definite=True
                )
        except (MalformedDidDocument, Refused) as error:
            found = _malformed(did, str(error))
        except FetchRefused as error:
            found = Unresolved(
                did, Reason.DID_UNRESOLVABLE, f"The issuer's keys cannot be had: {error}.", definite=True
            )
        except FetchFailed as error:
            found = Unresolved(
                did,
                Reason.DID_UNRESOLVABLE,
                f"The issuer's keys could not be looked up just now: {error}.",
                definite=False,
            )
        self._web.put(did, (self._clock() + ttl, found))
        return found


_COMPUTED: dict[str, Callable[[str, str], DidDocument]] = {"key": key.document_of, "jwk": jwk.document_of}


def _invalid(did: str, detail: str) -> Unresolved:
    return Unresolved(
        did[:128],
        Reason.DID_UNRESOLVABLE,
        f"The issuer's identifier cannot be used: {detail}.",
        definite=True,
        error="INVALID_DID",
    )


def _malformed(did: str, detail: str) -> Unresolved:
    return Unresolved(
        did,
        Reason.DID_UNRESOLVABLE,
        f"The document with the issuer's keys cannot be read: {detail}.",
        definite=True,
        error="INVALID_DID_DOCUMENT",
    )


class _Bounded(Generic[Value]):
    """The last `capacity` entries used. Verification may run in threads: hence the lock."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[str, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str) -> Value | None:
        with self._lock:
            value = self._entries.get(name)
            if value is not None:
                self._entries.move_to_end(name)
            return value

    def put(self, name: str, value: Value) -> None:
        with self._lock:
            self._entries[name] = value
            self._entries.move_to_end(name)
            if len(self._entries) > self._capacity:
                self._entries.popitem(last=False)
