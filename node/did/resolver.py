"""Where verification gets DID documents: pinned on the ledger first, then computed, then from elsewhere.

A pinned document wins over what anyone else serves, and one that is deactivated or does not parse ends the
matter: falling through would let whoever holds a web server undo what the ledger says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from node.bounded_cache import BoundedCache
from node.clock import Clock
from node.did import dereference, jwk, key, pkh, resolution, unresolved, url
from node.did.document import DidDocument
from node.did.parse import MalformedDidDocument, parse_document
from node.did.syntax import InvalidDid, method_of
from node.did.versions import (
    PRESENT,
    History,
    HistoryInvalid,
    NoSuchVersion,
    RemoteMethod,
    Unavailable,
    Version,
)
from node.did.web import WebMethod
from node.did.webvh.method import WebvhMethod
from node.fetch import Fetcher, FetchFailed, FetchRefused
from node.lookups import Answer, SharedLookups, TooManyLookups
from node.verification.evidence import Unresolved
from node.verification.proofs import strict_json
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from registry.chain import LedgerError, LedgerUnavailable, WrongLedger
from registry.records import NOW, AsOf, PinnedDocument

Found = DidDocument | Unresolved

_COMPUTED: Mapping[str, Callable[[str, str], DidDocument]] = {
    "key": key.document_of,
    "jwk": jwk.document_of,
    "pkh": pkh.document_of,
}


class Resolver:
    """Implements `DidSource`. What is fetched is kept for `web_ttl` seconds, failures for `negative_ttl`."""

    def __init__(
        self,
        pinned: Callable[[str, AsOf], PinnedDocument | None],
        fetcher: Fetcher | None,
        clock: Clock,
        *,
        pinned_versions: Callable[[str], Sequence[PinnedDocument]] = lambda _: (),
        remote: Mapping[str, RemoteMethod] | None = None,
        plain_http: frozenset[tuple[str, int]] = frozenset(),
        web_ttl: float = 300.0,
        negative_ttl: float = 15.0,
        capacity: int = 4096,
        max_bytes: int = 16 << 20,
    ) -> None:
        """`fetcher` None: did:web and did:webvh resolve by pinned documents alone. `remote`: more methods."""
        self._pinned = pinned
        self._pinned_versions = pinned_versions
        self._remote: Mapping[str, RemoteMethod] = {
            "web": WebMethod(fetcher, plain_http),
            "webvh": WebvhMethod(fetcher, clock, plain_http),
            **(remote or {}),
        }
        self._web_ttl = web_ttl
        self._negative_ttl = negative_ttl
        self._histories: SharedLookups[History | Unresolved] = SharedLookups(
            clock, capacity=capacity, max_weight=max_bytes
        )
        self._parsed: BoundedCache[Found] = BoundedCache(capacity)

    # --- for verification

    def resolve_local(self, did: str, at: AsOf = NOW) -> Found | None:
        """Without I/O. None: only a fetch could tell, or has told: what it said is for `resolve` alone, whose
        callers want the web asked. Whoever does not must get the same answer whatever others asked before."""
        known = self._known(did, at)
        return None if isinstance(known, _Elsewhere) else known

    async def resolve(self, did: str, at: AsOf = NOW) -> Found:
        """With I/O where needed. Concurrent calls for one DID share one fetch."""
        known = self._known(did, at)
        if not isinstance(known, _Elsewhere):
            return known
        history = await self._history(did, known)
        return _usable(_chosen(did, history, _moment(history, at)))

    # --- for `GET /1.0/identifiers` and the command line

    async def resolution(self, text: str) -> resolution.ResolutionResult | resolution.DereferencingResult:
        """A DID's document, in a version if the DID URL says which, or what the DID URL names in it."""
        try:
            asked = url.parse(text)
            version = asked.version()
        except url.InvalidDidUrl as error:
            return resolution.failed("INVALID_DID_URL", f"This is not a DID URL: {error}.")
        except url.InvalidOption as error:
            return resolution.failed("INVALID_OPTIONS", f"It cannot be resolved like that: {error}.")
        found = await self._version(asked.did, version)
        resolved = resolution.result_of(found)
        if asked.is_did:
            return resolved
        try:
            content = dereference.dereference(resolved.document or {}, asked)
        except dereference.NotFound as error:
            return resolution.content_of(resolved, None, f"Nothing is there: {error}.")
        return resolution.content_of(resolved, content)

    async def _version(self, did: str, version: Version) -> Found:
        known = self._known(did, NOW)
        if isinstance(known, _Elsewhere):
            return _chosen(did, await self._history(did, known), version)
        if version == PRESENT or (isinstance(known, Unresolved) and known.error == "INVALID_DID"):
            return known
        if self._pinned(did, NOW) is not None:
            return self._pinned_version(did, version)
        if (version.id, version.number) == (None, None):
            return known  # computed: the same at any time
        return unresolved.no_such_version(did, "its document is computed and has no versions")

    def _pinned_version(self, did: str, version: Version) -> Found:
        """Versions of a pinned document are numbered; the time is the ledger's."""
        found: PinnedDocument | None
        if (version.id, version.number) == (None, None):
            found = self._pinned(did, AsOf(known_at=version.time))
        else:
            wanted = {str(name) for name in (version.id, version.number) if name is not None}
            versions = [one for one in self._pinned_versions(did) if {str(one.version)} == wanted]
            found = versions[-1] if versions else None
            if found is not None and version.time is not None and found.stamp.time > version.time:
                found = None
        if found is None:
            return unresolved.no_such_version(did, "it has no such version on the ledger")
        return self._from_ledger(found)

    # --- sources

    def _known(self, did: str, at: AsOf) -> Found | _Elsewhere:
        """The document, if it is pinned or computed; else who could be asked."""
        try:
            method, identifier = method_of(did)
        except InvalidDid as error:
            return unresolved.invalid(did, str(error))
        pinned = self._pinned(did, at)
        if pinned is not None:
            return self._from_ledger(pinned)
        if method in _COMPUTED:
            return self._computed(did, method, identifier)
        return self._elsewhere(did, method, identifier)

    def _elsewhere(self, did: str, method: str, identifier: str) -> Unresolved | _Elsewhere:
        remote = self._remote.get(method)
        if remote is None:
            return unresolved.unsupported(
                did, f"Identifiers of the kind did:{method[:32]} cannot be looked up here."
            )
        try:
            remote.admit(identifier)
        except InvalidDid as error:
            return unresolved.invalid(did, str(error))
        except Unavailable as unavailable:
            if unavailable.unsupported:
                return unresolved.unsupported(did, f"{unavailable}.")
            return Unresolved(did, Reason.DID_UNRESOLVABLE, f"{unavailable}.", definite=False)
        return _Elsewhere(remote, identifier)

    def _from_ledger(self, pinned: PinnedDocument) -> Found:
        if pinned.deactivated:
            return unresolved.deactivated(pinned.did)
        digest = _digest_of(pinned.document)
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
            return unresolved.malformed(pinned.did, str(error))
        self._parsed.put(pinned.did + digest, found)
        return found

    def _computed(self, did: str, method: str, identifier: str) -> Found:
        known = self._parsed.get(did)
        if known is None:
            try:
                known = _COMPUTED[method](did, identifier)
            except InvalidDid as error:
                known = unresolved.invalid(did, str(error))
            self._parsed.put(did, known)
        return known

    async def _history(self, did: str, where: _Elsewhere) -> History | Unresolved:
        try:
            return await self._histories.get(did, lambda: self._fetched(did, where))
        except TooManyLookups:
            return unresolved.not_now(did, "too many identifiers are being looked up")

    async def _fetched(self, did: str, where: _Elsewhere) -> Answer[History | Unresolved]:
        found: History | Unresolved
        ttl, size = self._negative_ttl, 0
        try:
            found = await where.method.fetch(did, where.identifier)
            ttl = self._web_ttl if found.ttl is None else min(self._web_ttl, found.ttl)
            size = found.size
        except InvalidDid as error:
            found = unresolved.invalid(did, str(error))
        except HistoryInvalid as error:
            found = unresolved.invalid(did, f"its history does not prove itself: {error}")
        except (MalformedDidDocument, Refused) as error:
            found = unresolved.malformed(did, str(error))
        except FetchRefused as error:
            found = Unresolved(
                did, Reason.DID_UNRESOLVABLE, f"The issuer's keys cannot be had: {error}.", definite=True
            )
        except (FetchFailed, Unavailable) as error:
            found = unresolved.not_now(did, str(error))
        except (LedgerUnavailable, LedgerError, WrongLedger) as error:
            found = unresolved.not_now(did, f"its ledger does not answer: {error}")
        return Answer(found, ttl, size)


@lru_cache(256)
def _digest_of(document: bytes) -> str:
    """The replica hands out the same bytes each time, which keep the hash they are looked up by."""
    return hashlib.sha256(document).hexdigest()


class _Elsewhere:
    """Who knows a DID that is neither pinned nor computed."""

    __slots__ = ("identifier", "method")

    def __init__(self, method: RemoteMethod, identifier: str) -> None:
        self.method = method
        self.identifier = identifier


def _moment(history: History | Unresolved, at: AsOf) -> Version:
    """did:web is asked about its present whatever the question: it knows no other."""
    return PRESENT if isinstance(history, Unresolved) or not history.keeps_versions else Version.as_of(at)


def _chosen(did: str, history: History | Unresolved, version: Version) -> Found:
    if isinstance(history, Unresolved):
        return history
    try:
        return history.at(version)
    except NoSuchVersion as error:
        return unresolved.no_such_version(did, str(error))
    except (MalformedDidDocument, Refused) as error:
        return unresolved.malformed(did, str(error))


def _usable(found: Found) -> Found:
    return unresolved.deactivated(found.id) if isinstance(found, DidDocument) and found.deactivated else found
