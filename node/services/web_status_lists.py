"""Status lists that are not on the ledger, from where they are published: fetched, checked in full, kept a bit.

Only a policy that says so has anything fetched. What is kept is the checked list, not what was served; it is
let go as its issuer says (`ttl`, `exp`, `validUntil`), within bounds of ours, and fetched anew when the keys it
was checked by have changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from node.clock import Clock
from node.did.document import DidDocument
from node.fetch import Fetcher, FetchFailed, FetchRefused
from node.lookups import Answer, SharedLookups, TooManyLookups
from node.verification.evidence import (
    DidSource,
    Evidence,
    FetchedList,
    Unresolved,
    UnusableList,
    WantedList,
)
from node.verification.fetched_list import ServedList, checked, read_served, unusable
from node.verification.list_rules import LIMITS
from node.verification.list_token import TOKEN_TYPE
from node.verification.policy import Question
from node.verification.proof import ProofChecker
from node.verification.reasons import Reason
from node.verification.refusals import Refused

MAX_LISTS = 8  # that one presentation may have fetched
DEFAULT_TTL = 300.0  # s; Bitstring Status List §2.2: what a list that says nothing is taken to allow
SHORTEST, LONGEST = 5.0, 3600.0
"""s that a list is kept at least, so that nobody can have one host asked without end, and at most: a revocation
must not wait longer, whatever a list allows."""
NEGATIVE_TTL = 15.0  # s that a failure is kept

_JWT_TYPES = frozenset(
    f"application/{kind}" for kind in (TOKEN_TYPE, "vc+jwt", "vc", "jwt", "vc+sd-jwt", "dc+sd-jwt")
)
_ACCEPT = (
    f"application/{TOKEN_TYPE}, application/vc+jwt, application/vc, application/vc+ld+json, application/json"
)


@dataclass(frozen=True, slots=True)
class _Checked:
    """A list and the documents whose keys it was checked by."""

    found: FetchedList | UnusableList
    documents: Mapping[str, DidDocument | Unresolved]


class WebStatusLists:
    """Implements `StatusListSource`. Safe to share within one event loop."""

    def __init__(
        self,
        fetcher: Fetcher,
        dids: DidSource,
        proofs: ProofChecker,
        clock: Clock,
        *,
        capacity: int = 512,
        max_bytes: int = 64 << 20,
    ) -> None:
        self._fetcher = fetcher
        self._dids = dids
        self._proofs = proofs
        self._clock = clock
        self._kept: SharedLookups[_Checked] = SharedLookups(clock, capacity=capacity, max_weight=max_bytes)

    async def fetch(
        self, wanted: Iterable[WantedList], evidence: Evidence, question: Question
    ) -> Mapping[WantedList, FetchedList | UnusableList]:
        """All at once; each is bounded by the fetcher's deadline."""
        distinct = list(dict.fromkeys(wanted))
        asked, put_off = distinct[:MAX_LISTS], distinct[MAX_LISTS:]
        found = await asyncio.gather(*(self._list(one, evidence, question) for one in asked))
        return {
            **dict.fromkeys(put_off, _unreachable(f"more than {MAX_LISTS} lists would have to be fetched")),
            **dict(zip(asked, found, strict=True)),
        }

    async def _list(
        self, wanted: WantedList, evidence: Evidence, question: Question
    ) -> FetchedList | UnusableList:
        name = f"{wanted.issuer} {wanted.uri}"
        for _ in range(2):
            try:
                kept = await self._kept.get(name, lambda: self._look_up(wanted, evidence, question))
            except TooManyLookups:
                return _unreachable("too many are being fetched")
            if all(self._known(did, evidence) in (known, None) for did, known in kept.documents.items()):
                return kept.found
            self._kept.forget(name)  # its issuer's keys are others by now
        return _unreachable("its issuer's keys change too fast")

    async def _look_up(self, wanted: WantedList, evidence: Evidence, question: Question) -> Answer[_Checked]:
        try:
            fetched = await self._fetcher.get(
                wanted.uri, accept=_ACCEPT, max_bytes=LIMITS.max_bytes, media_types=_JWT_TYPES
            )
        except (FetchRefused, FetchFailed) as error:
            return Answer(_Checked(_unreachable(str(error)), {}), NEGATIVE_TTL)
        try:
            served = await asyncio.to_thread(read_served, fetched.body, wanted.uri, int(self._clock()))
            documents = await self._documents(served, wanted.issuer, evidence, question)
            whole = replace(evidence, documents=documents)
            found = await asyncio.to_thread(checked, served, wanted.issuer, whole, question, self._proofs)
        except Refused as refused:
            return Answer(_Checked(unusable(refused), {}), NEGATIVE_TTL)
        return Answer(_Checked(found, documents), self._ttl(found), len(found.content.bits.packed))

    async def _documents(
        self, served: ServedList, issuer: str, evidence: Evidence, question: Question
    ) -> dict[str, DidDocument | Unresolved]:
        """Of the issuer, as it was gathered for the credential, and of whoever signed the list for it."""
        documents: dict[str, DidDocument | Unresolved] = {}
        for did in served.dids(issuer):
            known = self._known(did, evidence)
            if known is None and question.policy.allow_web:
                known = await self._dids.resolve(did)
            if known is not None:
                documents[did] = known
        return documents

    def _known(self, did: str, evidence: Evidence) -> DidDocument | Unresolved | None:
        """What was gathered for the credential, or is known without asking anyone."""
        return evidence.documents.get(did) or self._dids.resolve_local(did)

    def _ttl(self, found: FetchedList) -> float:
        allowed = DEFAULT_TTL if found.content.ttl is None else found.content.ttl
        if found.content.expires is not None:
            allowed = min(allowed, found.content.expires - self._clock())
        return min(max(allowed, SHORTEST), LONGEST)


def _unreachable(why: str) -> UnusableList:
    return UnusableList(
        Reason.STATUS_LIST_UNREACHABLE, f"The status list it names could not be fetched: {why[:200]}."
    )
