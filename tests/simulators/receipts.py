"""Receipts of a simulated sealed ledger: what `ReceiptService` makes of a real one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from node.crypto.signing import SigningKey
from node.services.receipts import recomputed
from node.verification.given import NOTHING, Given
from node.verification.policy import Policy, Question
from node.verification.proof import ProofChecker
from node.verification.receipt import Receipt, digest_of, outcomes_of
from node.verification.receipt_given import Kept
from node.verification.schema_registry import SchemaRegistry
from node.verification.verifier import Verifier
from registry.proofs.ledger_proof import check
from registry.proofs.packing import packed
from registry.proofs.seals import Consensus
from registry.proofs.validators_file import TrustedLedger
from registry.records import Terms
from tests.simulators.issuer import DATA_INTEGRITY, STATUS_LIST, SimulatedIssuer, key_of
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.provable import CONTRACTS, ProvableLedger

NODE_KEY: SigningKey = key_of("a node's receipts")
VERIFIER = Verifier(ProofChecker(DATA_INTEGRITY), SchemaRegistry({}))
REVOKED, CLEAR = 77, 78
TERMS = Terms("Board of Nursing", ("NursingLicenceCredential",), ("US-CO",), 1_700_000_000, 1_900_000_000)


class ProvableBoard:
    """A board on a sealed ledger: accredited, its document pinned, one of its licences revoked."""

    def __init__(self, consensus: Consensus = Consensus.QBFT, *, bystanders: int = 20, others: int = 0) -> None:
        """`others`: issuers with a document and a list besides; `bystanders`: accounts that do other things."""
        self.issuer = SimulatedIssuer("board")
        self.ledger = ProvableLedger(consensus, bystanders=bystanders)
        number = self.ledger.accredit(self.issuer.did, TERMS)
        self.ledger.pin(self.issuer.did, self.issuer.document_bytes())
        self.ledger.create(STATUS_LIST, number, size=131_072, updates=[[REVOKED]])
        for one in range(others):
            did = f"did:web:other{one}.example"
            other = self.ledger.accredit(did, TERMS)
            self.ledger.pin(did, b"{}")
            self.ledger.create(f"https://other{one}.example/list", other, updates=[[1]])

    @property
    def trusted(self) -> TrustedLedger:
        return TrustedLedger(self.ledger.trusted, CONTRACTS)

    def licence(self, index: int = CLEAR, **members: Any) -> dict[str, Any]:
        return self.issuer.sign(self.issuer.licence(index=index, **members))

    def receipt(
        self,
        document: dict[str, Any] | str,
        *,
        entries: Iterable[tuple[str, int]] = ((STATUS_LIST, CLEAR),),
        dids: Iterable[str] = (),
        policy: Policy = DEFAULT_POLICY,
        given: Given = NOTHING,
    ) -> Receipt:
        """`dids`: more than the board's, to prove what stands of them."""
        known = [self.issuer.did, *dids]
        proof = self.ledger.proof(known, known, entries)
        receipt = Receipt(
            document_digest=digest_of(document),
            question=Question(policy, self.ledger.time + 30),
            outcomes={},
            confirmed_at=self.ledger.time + 20,
            halted=None,
            chain_id=1337,
            contracts=CONTRACTS,
            packed_proof=packed(proof),
            kept=Kept.of(given),
        )
        verdict = recomputed(VERIFIER, document, receipt, check(proof, CONTRACTS, self.ledger.trusted), given)
        return Receipt.from_json(
            {**receipt.signed(NODE_KEY).to_json()} | {"verdict": outcomes_of(verdict)}
        ).signed(NODE_KEY)
