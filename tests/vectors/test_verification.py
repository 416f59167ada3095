"""W3C's signed documents, end to end. Their issuers do not hold the keys: only the unsafe policy accepts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from node.verification.policy import ANY_ISSUER_POLICY, UNSAFE_PROOF_ONLY_POLICY
from node.verification.verdict import Decision
from tests.simulators.relying_party import SimulatedRelyingParty

SIGNED = [
    "eddsa-rdfc-2022/signedDataInt.json",
    "eddsa-rdfc-2022/employ/signedDataInt.json",
    "eddsa-jcs-2022/signedJCS.json",
    "proof-set-chain/signedProofSet1.json",
    "proof-set-chain/signedProofSet2.json",
]


@pytest.mark.parametrize("name", SIGNED)
def test_a_signed_document(vectors: Path, name: str) -> None:
    raw = (vectors / "vc-di-eddsa" / name).read_bytes()
    party = SimulatedRelyingParty()
    assert party.verify(raw, UNSAFE_PROOF_ONLY_POLICY).decision is Decision.ACCEPT
    assert party.verify(raw, ANY_ISSUER_POLICY).decision in {Decision.REJECT, Decision.INDETERMINATE}
    changed = json.loads(raw)
    changed["credentialSubject"]["id"] = "did:example:another"
    assert party.verify(changed, UNSAFE_PROOF_ONLY_POLICY).decision is Decision.REJECT


@pytest.mark.parametrize("name", ["unsigned.json", "Ed25519Signature2020/signedEdSig.json"])
def test_a_document_without_a_proof_that_can_be_checked(vectors: Path, name: str) -> None:
    raw = (vectors / "vc-di-eddsa" / name).read_bytes()
    assert SimulatedRelyingParty().verify(raw, UNSAFE_PROOF_ONLY_POLICY).decision is not Decision.ACCEPT
