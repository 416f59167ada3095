"""The vectors of vc-di-eddsa: canonical forms, hashes, signatures, documents."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from node.crypto import multibase
from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.proofs.data_integrity.jcs import canonical_json
from node.verification.proofs.data_integrity.members import PROOF_MEMBERS
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from tests.simulators.signers import resolve_did_key

CREATED = 1_677_281_798  # 2023-02-24T23:36:38Z
SUITES = [
    ("eddsa-rdfc-2022", "DataInt", "eddsa-rdfc-2022"),
    ("eddsa-rdfc-2022/employ", "DataInt", "eddsa-rdfc-2022"),
    ("eddsa-jcs-2022", "JCS", "eddsa-jcs-2022"),
]


@pytest.fixture(scope="module")
def integrity() -> DataIntegrity:
    return DataIntegrity(Contexts())


@pytest.fixture
def signer(vectors: Path) -> SigningKey:
    pair = json.loads((vectors / "vc-di-eddsa" / "keyPair.json").read_text())
    secret = multibase.decode(pair["privateKeyMultibase"])[2:]
    key = SigningKey.from_bytes(KeyType.ED25519, secret)
    assert key.public.to_multikey() == pair["publicKeyMultibase"]
    return key


def check(integrity: DataIntegrity, document: dict[str, Any], now: int = CREATED) -> str:
    result = integrity.check(
        document, purpose="assertionMethod", resolve_method=resolve_did_key, now=now, skew=0
    )
    return result.cryptosuite


@pytest.mark.parametrize(("folder", "suffix", "suite"), SUITES)
def test_every_step(
    vectors: Path, integrity: DataIntegrity, signer: SigningKey, folder: str, suffix: str, suite: str
) -> None:
    place = vectors / "vc-di-eddsa" / folder

    def text(name: str) -> str:
        return (place / f"{name}{suffix}.txt").read_text()

    signed = json.loads((place / f"signed{suffix}.json").read_text())
    unsecured = {name: value for name, value in signed.items() if name != "proof"}
    config = json.loads((place / f"proofConfig{suffix}.json").read_text())
    if suite == "eddsa-jcs-2022":
        document_form, proof_form = canonical_json(unsecured), canonical_json(config)
    else:
        document_form = integrity.documents.canonical(unsecured).encode()
        proof_form = integrity.documents.canonical(config, PROOF_MEMBERS).encode()
    assert document_form.decode() == text("canonDoc")
    assert proof_form.decode() == text("proofCanon")
    document_hash, proof_hash = hashlib.sha256(document_form).digest(), hashlib.sha256(proof_form).digest()
    assert document_hash.hex() == text("docHash").strip()
    assert proof_hash.hex() == text("proofHash").strip()
    assert (proof_hash + document_hash).hex() == text("combinedHash").strip()
    signature = signer.sign(proof_hash + document_hash)
    assert signature.hex() == text("sigHex").strip()
    assert multibase.encode(signature) == text("sigBTC58").strip() == signed["proof"]["proofValue"]

    assert check(integrity, signed) == suite
    ours = integrity.sign(
        unsecured,
        key=signer,
        verification_method=signed["proof"]["verificationMethod"],
        cryptosuite=suite,
        created=CREATED,
    )
    assert ours == signed


@pytest.mark.parametrize(
    "name",
    [
        "signedProofSet1.json",
        "signedProofSet2.json",
        "signedProofChain1.json",
        "signedProofChain2.json",
        "proofChainTempDoc1.json",
    ],
)
def test_proof_sets_and_chains(vectors: Path, integrity: DataIntegrity, name: str) -> None:
    document = json.loads((vectors / "vc-di-eddsa" / "proof-set-chain" / name).read_text())
    later = CREATED + 3 * 86_400  # the last proofs of the chains are two days younger
    assert check(integrity, document, now=later) == "eddsa-rdfc-2022"
    proofs = document["proof"] if isinstance(document["proof"], list) else [document["proof"]]
    for place, proof in enumerate(proofs):
        others = proofs[:place] + proofs[place + 1 :]
        changed = {**proof, "created": "2023-02-24T23:36:39Z"}
        with pytest.raises(Refused) as refused:
            check(integrity, {**document, "proof": [*others, changed]}, now=later)
        assert refused.value.reason is Reason.SIGNATURE_INVALID


def test_a_chain_without_one_of_its_links_is_refused(vectors: Path, integrity: DataIntegrity) -> None:
    document = json.loads((vectors / "vc-di-eddsa/proof-set-chain/proofChainTempDoc2.json").read_text())
    with pytest.raises(Refused) as refused:
        check(integrity, document)
    assert refused.value.reason is Reason.MALFORMED_PROOF


def test_ed25519_signature_2020(vectors: Path, integrity: DataIntegrity) -> None:
    place = vectors / "vc-di-eddsa" / "Ed25519Signature2020"
    signed = json.loads((place / "signedEdSig.json").read_text())
    unsecured = {name: value for name, value in signed.items() if name != "proof"}
    config = json.loads((place / "proofConfigEdSig.json").read_text())
    document_form, proof_form = (
        integrity.documents.canonical(unsecured),
        integrity.documents.canonical(config, PROOF_MEMBERS),
    )
    assert document_form == (place / "canonDocEdSig.txt").read_text()
    assert proof_form == (place / "proofCanonEdSig.txt").read_text()
    combined = hashlib.sha256(proof_form.encode()).digest() + hashlib.sha256(document_form.encode()).digest()
    assert combined.hex() == (place / "combinedHashEdSig.txt").read_text().strip()
    assert (
        multibase.decode(signed["proof"]["proofValue"]).hex() == (place / "sigHexEdSig.txt").read_text().strip()
    )
    assert check(integrity, signed) == "Ed25519Signature2020"
