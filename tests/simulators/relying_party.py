"""A relying party's verification with everything real but the ledger, the web and the clock."""

from __future__ import annotations

import asyncio
import json
from typing import Any, cast

import orjson

from node.did.resolver import Resolver
from node.fetch import Fetched, Fetcher, FetchFailed
from node.services.verification import Presented, VerificationService
from node.services.web_status_lists import WebStatusLists
from node.verification.given import NOTHING, Given
from node.verification.policy import Policy
from node.verification.proof import ProofChecker
from node.verification.reasons import Reason
from node.verification.schema_registry import SchemaRegistry
from node.verification.verdict import Check, CheckId, Decision, Outcome, Verdict
from node.verification.verifier import Verifier
from registry.records import NOW, AsOf
from tests.simulators.clock import SimulatedClock
from tests.simulators.issuer import CONTEXTS, DATA_INTEGRITY, STATUS_LIST, SimulatedIssuer
from tests.simulators.ledger_view import LedgerViewSimulator
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.wallet import SimulatedWallet


class SimulatedWeb:
    """In the place of `Fetcher`: answers from a table, and notes what was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.asked: list[str] = []

    async def get(
        self,
        url: str,
        *,
        accept: str = "",
        max_bytes: int | None = None,
        media_types: frozenset[str] = frozenset(),
    ) -> Fetched:
        self.asked.append(url)
        await asyncio.sleep(0)
        if url not in self.pages:
            raise FetchFailed("nobody answers")
        return Fetched(url, self.pages[url], "application/json")


class SimulatedRelyingParty:
    """An accredited board with a revocation list, a nurse's wallet, and a node that verifies."""

    def __init__(self, schemas: dict[str, Any] | None = None) -> None:
        self.clock = SimulatedClock()
        self.ledger = LedgerViewSimulator(self.clock)
        self.web = SimulatedWeb()
        self.board = SimulatedIssuer("board")
        self.nurse = SimulatedWallet("nurse")
        self.ledger.accredit(self.board.did)
        self.ledger.pin(self.board.did, self.board.document_bytes())
        self.ledger.create_list(STATUS_LIST, self.board.did)
        self.verifier = Verifier(
            ProofChecker(DATA_INTEGRITY),
            SchemaRegistry({url: orjson.dumps(one) for url, one in (schemas or {}).items()}),
            CONTEXTS,
        )
        self.service = self._service(self.ledger)

    def lose_the_ledger(self) -> None:
        """As after a start that never reached one."""
        self.ledger = LedgerViewSimulator(self.clock)
        self.service = self._service(self.ledger)

    def verify(
        self,
        presented: Presented,
        policy: Policy = DEFAULT_POLICY,
        *,
        challenge: str | None = None,
        domain: str | None = None,
        at: AsOf = NOW,
        given: Given = NOTHING,
    ) -> Verdict:
        """Presented as bytes, the way it arrives."""
        raw = json.dumps(presented).encode() if isinstance(presented, dict) else presented
        return asyncio.run(
            self.service.verify(raw, policy=policy, challenge=challenge, domain=domain, at=at, given=given)
        )

    def _service(self, ledger: LedgerViewSimulator) -> VerificationService:
        fetcher = cast(Fetcher, self.web)
        resolver = Resolver(ledger.pinned_document, fetcher, self.clock)
        lists = WebStatusLists(fetcher, resolver, ProofChecker(DATA_INTEGRITY), self.clock)
        return VerificationService(self.verifier, resolver, ledger, self.clock, status_lists=lists)


def check_of(verdict: Verdict, check_id: CheckId, credential: int | None = 0) -> Check:
    """The first check of that kind, of a credential or (None) of the presentation."""
    checks = verdict.checks if credential is None else verdict.credentials[credential].checks
    return next(check for check in checks if check.id is check_id)


def ended(verdict: Verdict, check_id: CheckId, credential: int | None = 0) -> tuple[Outcome, Reason]:
    check = check_of(verdict, check_id, credential)
    return check.outcome, check.reason


def refused_at_the_proof(verdict: Verdict, *reasons: Reason) -> None:
    """Nothing of the content is passed on, and nothing after the proof was looked at."""
    assert verdict.decision in {Decision.REJECT, Decision.INDETERMINATE}
    (one,) = verdict.credentials
    assert (one.summary, one.credential) == (None, None)
    proof = check_of(verdict, CheckId.PROOF)
    assert proof.outcome in {Outcome.FAILED, Outcome.INDETERMINATE}
    assert not reasons or proof.reason in reasons
    after = [check for check in one.checks if check.id not in {CheckId.PARSE, CheckId.PROOF}]
    assert after
    assert all(check.outcome is Outcome.SKIPPED and check.reason is proof.reason for check in after)
