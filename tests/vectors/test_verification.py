"""W3C's signed documents, end to end. Their issuers do not hold the keys: only the unsafe policy accepts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from node.verification.verdict import Decision
from tests.simulators.policies import ANY_ISSUER_POLICY, UNSAFE_PROOF_ONLY_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty

SIGNED = [
    "vc-di-eddsa/eddsa-rdfc-2022/signedDataInt.json",
    "vc-di-eddsa/eddsa-rdfc-2022/employ/signedDataInt.json",
    "vc-di-eddsa/eddsa-jcs-2022/signedJCS.json",
    "vc-di-eddsa/Ed25519Signature2020/signedEdSig.json",
    "vc-di-eddsa/proof-set-chain/signedProofSet1.json",
    "vc-di-eddsa/proof-set-chain/signedProofSet2.json",
    "vc-di-eddsa/proof-set-chain/signedProofChain1.json",
    "vc-di-eddsa/proof-set-chain/signedProofChain2.json",
    "vc-di-ecdsa/ecdsa-rdfc-2019-p256/signedECDSAP256.json",
    "vc-di-ecdsa/ecdsa-rdfc-2019-p256/employ/signedECDSAP256.json",
    "vc-di-ecdsa/ecdsa-rdfc-2019-p384/signedECDSAP384.json",
    "vc-di-ecdsa/ecdsa-rdfc-2019-p384/employ/signedECDSAP384.json",
    "vc-di-ecdsa/ecdsa-jcs-2019-p256/signedJCSECDSAP256.json",
    "vc-di-ecdsa/ecdsa-jcs-2019-p384/signedJCSECDSAP384.json",
    "vc-di-ecdsa/ecdsa-sd-2023/prc/addSignedSDBase.json",
    "vc-di-ecdsa/ecdsa-sd-2023/prc/derivedRevealDocument.json",
    "vc-di-ecdsa/ecdsa-sd-2023/employ/addSignedSDBase.json",
    "vc-di-ecdsa/ecdsa-sd-2023/employ/derivedRevealDocument.json",
    "vc-di-bbs/derivedRevealDocument.json",
    "vc-di-bbs/prc/derivedRevealDocument.json",
]


@pytest.mark.parametrize("name", SIGNED)
def test_a_signed_document(vectors: Path, name: str) -> None:
    raw = (vectors / name).read_bytes()
    party = SimulatedRelyingParty()
    assert party.verify(raw, UNSAFE_PROOF_ONLY_POLICY).decision is Decision.ACCEPT
    assert party.verify(raw, ANY_ISSUER_POLICY).decision in {Decision.REJECT, Decision.INDETERMINATE}
    changed = json.loads(raw)
    changed["credentialSubject"]["id"] = "did:example:another"
    assert party.verify(changed, UNSAFE_PROOF_ONLY_POLICY).decision is Decision.REJECT


@pytest.mark.parametrize("folder", ["vc-di-eddsa", "vc-di-ecdsa"])
def test_an_unsigned_document(vectors: Path, folder: str) -> None:
    raw = (vectors / folder / "unsigned.json").read_bytes()
    assert SimulatedRelyingParty().verify(raw, UNSAFE_PROOF_ONLY_POLICY).decision is not Decision.ACCEPT
