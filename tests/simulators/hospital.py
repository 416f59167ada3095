"""A node that only verifies, over a replica in memory: everything real but the ledger and the clock."""

from __future__ import annotations

from node.did.resolver import Resolver
from node.services.verification import VerificationService
from node.verification.policy import Policy
from node.verification.proof import ProofChecker
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.schema_registry import SchemaRegistry
from node.verification.verdict import Verdict
from node.verification.verifier import Verifier
from registry.replica.replica import Replica
from tests.simulators.fixture_ledger import NOW, fixture_ledger, replica_of

POLICY = Policy(name="hospital", require_accreditation=True)


class Hospital:
    """Relies on `replica`; never asks the web. Its clock stands still at `NOW`."""

    def __init__(self, replica: Replica | None = None) -> None:
        self.replica = replica or replica_of(fixture_ledger())
        self.data_integrity = DataIntegrity(Contexts())
        resolver = Resolver(self.replica.queries.pinned_document, None, self.clock)
        verifier = Verifier(ProofChecker(self.data_integrity), SchemaRegistry({}))
        self.service = VerificationService(verifier, resolver, self.replica.queries, self.clock)

    @staticmethod
    def clock() -> float:
        return NOW

    def verdict(
        self, presented: bytes | str, *, challenge: str | None = None, domain: str | None = None
    ) -> Verdict:
        """A whole verification, from bytes to verdict."""
        verdict = self.service.verify_if_local(presented, policy=POLICY, challenge=challenge, domain=domain)
        if verdict is None:
            raise RuntimeError("only the web could tell, which the policy does not allow")
        return verdict
