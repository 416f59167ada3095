"""Receipts made on a real ledger: sound when it is honest, none at all when it lies or has moved on."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from node.services.receipt_audit import Holds, audit
from node.services.receipts import Ledger, ReceiptService
from node.verification.receipt import Receipt
from node.verification.verdict import Decision
from registry.actions import PinDidDocument, PublishStatus
from registry.records import AsOf
from tests.simulators.embedded_process import EmbeddedProcess
from tests.simulators.issuer import SimulatedIssuer, status_entry
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.prover import Liar, Prover, proving
from tests.simulators.receipts import NODE_KEY, VERIFIER

REVOKED, CLEAR = 5, 6


class Relying:
    """A node of somebody who relies on the board."""

    def __init__(self, prover: Prover) -> None:
        self.prover = prover
        self.issuer = SimulatedIssuer("board", did=prover.did)

    def receipts(self, ledger: Ledger | None = None) -> ReceiptService:
        return ReceiptService(
            verifier=VERIFIER,
            queries=self.prover.replica.queries,
            ledger=ledger or self.prover.ledger,
            contracts=self.prover.running.network.contracts,
            key=NODE_KEY,
            clock=time.time,
        )

    def licence(self, index: int) -> dict[str, Any]:
        document = self.issuer.licence(credentialStatus=status_entry(index, self.prover.uri))
        document["type"] = ["VerifiableCredential", "NursingLicence"]
        document["@context"][1]["NursingLicence"] = "https://board.example/vocabulary#NursingLicence"
        return self.issuer.sign(document)


@pytest.fixture
async def relying(embedded: EmbeddedProcess, tmp_path: Path) -> AsyncIterator[Relying]:
    async with proving(embedded, tmp_path) as prover:
        relying = Relying(prover)
        await prover.done(PinDidDocument(prover.did, relying.issuer.document_bytes()))
        yield relying


def _sound(receipt: Receipt | None, document: Any) -> bool:
    """As far as an unsealed ledger goes."""
    assert receipt is not None
    read = Receipt.from_json(json.loads(json.dumps(receipt.to_json())))
    findings = audit(read, VERIFIER, trusted=None, document=document)
    return [one.about for one in findings if one.holds is not Holds.YES] == ["sealed"]


@pytest.mark.parametrize(("index", "decision"), [(REVOKED, Decision.REJECT), (CLEAR, Decision.ACCEPT)])
async def test_a_verdict_comes_with_a_sound_receipt(relying: Relying, index: int, decision: Decision) -> None:
    licence = relying.licence(index)
    answer = await relying.receipts().verify(licence, policy=DEFAULT_POLICY)
    assert (answer.verdict.decision, answer.problem) == (decision, "")
    assert _sound(answer.receipt, licence)


async def test_an_earlier_block_can_be_asked_about(relying: Relying) -> None:
    """Before the licence was revoked."""
    head = relying.prover.replica.state.head
    assert head is not None
    licence = relying.licence(CLEAR)
    await relying.prover.done(PublishStatus(relying.prover.uri, ((CLEAR, 1),)))
    now = await relying.receipts().verify(licence, policy=DEFAULT_POLICY)
    then = await relying.receipts().verify(licence, policy=DEFAULT_POLICY, at=AsOf(block=head.number))
    assert (now.verdict.decision, then.verdict.decision) == (Decision.REJECT, Decision.ACCEPT)
    assert _sound(now.receipt, licence)
    assert _sound(then.receipt, licence)


@pytest.mark.parametrize(
    "at", [AsOf(valid_at=1_790_000_000), AsOf(known_at=1_790_000_000), AsOf(block=1 << 40)]
)
async def test_what_no_one_block_shows_has_no_receipt(relying: Relying, at: AsOf) -> None:
    answer = await relying.receipts().verify(relying.licence(CLEAR), policy=DEFAULT_POLICY, at=at)
    assert answer.receipt is None
    assert "No receipt" in answer.problem


@pytest.mark.parametrize("lie", ["header", "gap in header", "node", "left out", "flood"])
async def test_a_ledger_that_lies_yields_no_receipt(relying: Relying, lie: str) -> None:
    answer = await relying.receipts(Liar(relying.prover.ledger, lie)).verify(
        relying.licence(CLEAR), policy=DEFAULT_POLICY
    )
    assert answer.verdict.decision is Decision.ACCEPT  # of the replica, which did not ask the liar
    assert answer.receipt is None
    assert "does not hold" in answer.problem


async def test_a_block_that_was_replaced_yields_no_receipt(relying: Relying) -> None:
    """The replica stands on a block that its ledger no longer knows."""

    class Reorganised(Liar):
        async def header_members(self, block_hash: bytes) -> dict[str, Any]:
            return dict(await super().header_members(bytes(32)))

    answer = await relying.receipts(Reorganised(relying.prover.ledger, "")).verify(
        relying.licence(CLEAR), policy=DEFAULT_POLICY
    )
    assert answer.receipt is None
    assert "does not know block" in answer.problem


async def test_what_cannot_be_read_has_a_verdict_and_a_receipt_of_it(relying: Relying) -> None:
    for document in ("eyJhbGciOiJub25lIn0.e30.", {"not": "a credential"}):
        answer = await relying.receipts().verify(document, policy=DEFAULT_POLICY)
        assert answer.verdict.decision is Decision.REJECT
        assert answer.receipt is not None


async def test_the_web_is_never_asked(relying: Relying) -> None:
    """A DID that is not on the ledger: its keys could be fetched, and never be proved."""
    stranger = SimulatedIssuer("stranger", did="did:web:127.0.0.1")
    licence = stranger.sign(stranger.licence())
    policy = DEFAULT_POLICY.__class__(
        name="any", accepted_types=frozenset({"VerifiableCredential"}), allow_web=True
    )
    answer = await relying.receipts().verify(licence, policy=policy)
    assert answer.verdict.decision is Decision.INDETERMINATE
    assert _sound(answer.receipt, licence)
