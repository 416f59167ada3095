"""Verifies, and proves the verdict: it is judged again on nothing but the proof before it is given out.

Nothing is fetched from the web for a verdict with a receipt, whatever the policy allows: what a web server said
cannot be proved later. Nothing is stored.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from node.clock import Clock
from node.crypto.signing import SigningKey
from node.did.resolver import Resolver
from node.services.verification import VerificationService
from node.verification.given import NOTHING, Given
from node.verification.policy import Policy, Question
from node.verification.proven import NotedLedger, ProvenLedger
from node.verification.receipt import Receipt, digest_of, outcomes_of
from node.verification.receipt_given import Kept
from node.verification.refusals import Refused
from node.verification.verdict import Verdict
from node.verification.verifier import Verifier
from registry.bindings.addresses import ContractAddresses
from registry.bindings.decoder import UndecodableEvent
from registry.chain import BlockHeader, LedgerError, LedgerUnavailable, WrongLedger
from registry.proofs.collect import ProofSource, collect
from registry.proofs.errors import NotProven, ProofInvalid
from registry.proofs.ledger_proof import Proven, check_unsealed
from registry.proofs.packing import packed
from registry.proofs.registries import Registries
from registry.records import NOW, AsOf
from registry.replica.provable import Unprovable, wanted
from registry.replica.queries import ReplicaQueries, View

log = logging.getLogger(__name__)

AT_ONCE = 4  # receipts being made; each asks the ledger a handful of questions


class Ledger(ProofSource, Protocol):
    """Where proofs come from (`registry.chain.Ledger`)."""

    async def chain_id(self) -> int: ...

    async def header(self, block: int) -> BlockHeader | None: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict with its receipt, or why there is none."""

    verdict: Verdict
    receipt: Receipt | None
    problem: str = ""


class ReceiptService:
    """Safe to share."""

    def __init__(
        self,
        *,
        verifier: Verifier,
        queries: ReplicaQueries,
        ledger: Ledger,
        contracts: ContractAddresses,
        key: SigningKey,
        clock: Clock,
    ) -> None:
        self._verifier = verifier
        self._queries = queries
        self._ledger = ledger
        self._contracts = contracts  # that the ledger began with
        self._key = key
        self._clock = clock
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def verify(
        self,
        document: Mapping[str, Any] | str,
        *,
        policy: Policy,
        challenge: str | None = None,
        domain: str | None = None,
        at: AsOf = NOW,
        given: Given = NOTHING,
    ) -> Answer:
        """Of a credential or presentation, or the text of a token."""
        offline = replace(policy, allow_web=False, fetch_status_lists=False)
        question = Question(offline, int(self._clock()), at, challenge, domain, given)
        async with self._turns:
            try:
                view = await self._view_at(at)
            except (Unprovable, LedgerUnavailable, LedgerError, WrongLedger) as error:
                verdict, _ = await asyncio.to_thread(self._judged, document, question, self._queries.view())
                return Answer(verdict, None, f"No receipt: {error}.")
            verdict, asked = await asyncio.to_thread(self._judged, document, question, view)
            try:
                return Answer(verdict, await self._receipt(document, question, verdict, asked, view))
            except (Unprovable, NotProven, LedgerUnavailable, Refused) as error:
                return Answer(verdict, None, f"No receipt: {error}.")
            except (ProofInvalid, LedgerError, WrongLedger, UndecodableEvent) as error:
                log.warning("the ledger's proof does not hold: %s", error)
                return Answer(verdict, None, f"No receipt: the ledger's proof does not hold: {error}.")

    async def _view_at(self, at: AsOf) -> View:
        """What is to be judged by. Raises Unprovable, and what the ledger raises."""
        if at.known_at is not None or at.valid_at is not None:
            raise Unprovable("a proof shows one block: ask as of a block, not of a time")
        view = self._queries.view()
        view = replace(view, confirmed_at=int(view.confirmed_at))  # to the second, as a receipt has it
        if at.block is None or view.state.head is None or at.block == view.state.head.number:
            return view
        if at.block > view.state.head.number:
            raise Unprovable(f"block {at.block} has not been replicated yet")
        header = await self._ledger.header(at.block)
        if header is None:
            raise Unprovable(f"the ledger does not show block {at.block}")
        return replace(view, state=await asyncio.to_thread(view.state.rewound, header.stamp))

    def _judged(
        self, document: Mapping[str, Any] | str, question: Question, view: View
    ) -> tuple[Verdict, NotedLedger]:
        queries = ReplicaQueries(lambda: view)
        noted = NotedLedger(queries, queries.pinned_document)
        resolver = Resolver(noted.pinned_document, None, self._clock)
        return judge(self._verifier, resolver, noted, document, question), noted

    async def _receipt(
        self,
        document: Mapping[str, Any] | str,
        question: Question,
        verdict: Verdict,
        asked: NotedLedger,
        view: View,
    ) -> Receipt:
        """Raises ProofInvalid, NotProven, Unprovable, Refused, UndecodableEvent, and what the ledger raises."""
        digest = digest_of(document)
        contracts = Registries.of(ReplicaQueries(lambda: view).contracts(self._contracts))
        needed = wanted(view.state, asked.issuers, asked.documents, asked.entries)
        proof = await collect(self._ledger, contracts, needed)
        receipt = Receipt(
            document_digest=digest,
            question=replace(question, given=NOTHING),
            outcomes=outcomes_of(verdict),
            confirmed_at=int(view.confirmed_at),
            halted=view.halted,
            chain_id=await self._ledger.chain_id(),
            contracts=contracts,
            packed_proof=packed(proof),
            kept=Kept.of(question.given),
        )
        proven = check_unsealed(proof, contracts, needed.stamp.hash)
        again = await asyncio.to_thread(recomputed, self._verifier, document, receipt, proven, question.given)
        if outcomes_of(again) != receipt.outcomes:
            raise Unprovable("the verdict rests on something that the ledger's state does not show")
        return receipt.signed(self._key)


def recomputed(
    verifier: Verifier,
    document: Mapping[str, Any] | str,
    receipt: Receipt,
    proven: Proven,
    given: Given = NOTHING,
) -> Verdict:
    """The verdict on a document by what a receipt's proof shows, and nothing else. `given`: handed along again.

    Raises NotProven.
    """
    ledger = ProvenLedger(proven, receipt.confirmed_at, receipt.halted)
    resolver = Resolver(ledger.pinned_document, None, lambda: receipt.question.now)
    return judge(verifier, resolver, ledger, document, replace(receipt.question, given=given))


def judge(
    verifier: Verifier,
    resolver: Resolver,
    ledger: NotedLedger | ProvenLedger,
    document: Mapping[str, Any] | str,
    question: Question,
) -> Verdict:
    """Without the web."""
    service = VerificationService(verifier, resolver, ledger, lambda: question.now)
    verdict = service.verify_if_local(
        document if isinstance(document, str) else dict(document),
        policy=question.policy,
        challenge=question.challenge,
        domain=question.domain,
        at=question.at,
        given=question.given,
    )
    if verdict is None:
        raise NotProven("what a web server says, which this policy asks for")
    return verdict
