"""Answers a question about one credential or presentation: gathers evidence, then lets the pipeline judge.

Never raises for what it is given: whatever is presented ends in a verdict. Where nothing but the ledger's
replica and the documents themselves are needed, nothing is awaited.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import Any

from node.clock import Clock
from node.did.document import DidDocument
from node.verification.evidence import (
    DidSource,
    Evidence,
    LedgerView,
    StatusListSource,
    Unresolved,
    WantedList,
    gather_local,
)
from node.verification.given import NOTHING, Given
from node.verification.policy import Policy, Question
from node.verification.presentation import parse
from node.verification.proofs.data_integrity.general import WouldBlock
from node.verification.proofs.limits import DEFAULT_LIMITS, Limits
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.secured import Parsed
from node.verification.status import lists_to_fetch
from node.verification.verdict import Verdict
from node.verification.verifier import Verifier, unreadable
from registry.records import NOW, AsOf

Presented = bytes | str | dict[str, Any]

MAX_LOOKUPS = 8  # DIDs that one presentation may have fetched from the web
_LONG_WORK = 32 * 1024  # characters from which on a thread judges, so that the event loop goes on


class VerificationService:
    """What the faces call. Safe to share."""

    def __init__(
        self,
        verifier: Verifier,
        dids: DidSource,
        ledger: LedgerView,
        clock: Clock,
        *,
        limits: Limits = DEFAULT_LIMITS,
        status_lists: StatusListSource | None = None,
    ) -> None:
        """`status_lists` None: a list that is not on the ledger is never fetched, whatever the policy."""
        self._verifier = verifier
        self._dids = dids
        self._ledger = ledger
        self._clock = clock
        self._limits = limits
        self._status_lists = status_lists

    async def verify(
        self,
        raw: Presented,
        *,
        policy: Policy,
        challenge: str | None = None,
        domain: str | None = None,
        at: AsOf = NOW,
        given: Given = NOTHING,
    ) -> Verdict:
        """The verdict. The web is asked only where the policy allows it and nothing else knows."""
        question = Question(policy, int(self._clock()), at, challenge, domain, given)
        parsed = self._read(raw, question)
        if isinstance(parsed, Verdict):
            return parsed
        documents, remaining = gather_local(self._verifier.dids(parsed, policy), self._dids, at)
        if remaining:
            documents |= await self._look_up(remaining, question)
        evidence = Evidence(documents, self._ledger)
        verdict = await self._judged(parsed, evidence, question)
        wanted = self._lists_to_fetch(verdict, question)
        if not wanted or self._status_lists is None:
            return verdict
        lists = await self._status_lists.fetch(wanted, evidence, question)
        return await self._judged(parsed, replace(evidence, lists=lists), question)

    async def _judged(self, parsed: Parsed, evidence: Evidence, question: Question) -> Verdict:
        if parsed.size < _LONG_WORK:
            with contextlib.suppress(WouldBlock):
                return self._verifier.verify(parsed, evidence, question)
        return await asyncio.to_thread(self._verifier.verify, parsed, evidence, question)

    def _lists_to_fetch(self, verdict: Verdict, question: Question) -> list[WantedList]:
        """A list on the web tells of the present alone."""
        allowed = self._status_lists is not None and question.policy.fetch_status_lists and question.at == NOW
        return list(lists_to_fetch(verdict)) if allowed else []

    def verify_if_local(
        self,
        raw: Presented,
        *,
        policy: Policy,
        challenge: str | None = None,
        domain: str | None = None,
        at: AsOf = NOW,
        given: Given = NOTHING,
    ) -> Verdict | None:
        """The same without waiting; None where only the web could tell, or an event loop would be held up."""
        question = Question(policy, int(self._clock()), at, challenge, domain, given)
        parsed = self._read(raw, question)
        if isinstance(parsed, Verdict):
            return parsed
        documents, remaining = gather_local(self._verifier.dids(parsed, policy), self._dids, at)
        if remaining and policy.allow_web:
            return None
        if remaining:
            documents |= {did: _not_on_record(did) for did in remaining}
        try:
            verdict = self._verifier.verify(parsed, Evidence(documents, self._ledger), question)
        except WouldBlock:
            return None
        return None if self._lists_to_fetch(verdict, question) else verdict

    def _read(self, raw: Presented, question: Question) -> Parsed | Verdict:
        try:
            return parse(raw, limits=self._limits)
        except Refused as refused:
            return unreadable(refused, question)

    async def _look_up(self, remaining: list[str], question: Question) -> dict[str, DidDocument | Unresolved]:
        """All at once; each is bounded by the fetcher's deadline."""
        asked = remaining[:MAX_LOOKUPS] if question.policy.allow_web else []
        found = await asyncio.gather(*(self._dids.resolve(did, question.at) for did in asked))
        documents: dict[str, DidDocument | Unresolved] = {did: _not_on_record(did) for did in remaining}
        return documents | dict(zip(asked, found, strict=True))


def _not_on_record(did: str) -> Unresolved:
    return Unresolved(
        did,
        Reason.DID_UNRESOLVABLE,
        "The keys of its issuer are not on record here, and were not asked for elsewhere.",
        definite=False,
    )
