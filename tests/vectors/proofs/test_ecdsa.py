"""The vectors of vc-di-ecdsa: canonical forms, hashes, signatures, documents, of both curves."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

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
CASES = [
    ("ecdsa-rdfc-2019-p256", "ECDSAP256", KeyType.P256),
    ("ecdsa-rdfc-2019-p256/employ", "ECDSAP256", KeyType.P256),
    ("ecdsa-rdfc-2019-p384", "ECDSAP384", KeyType.P384),
    ("ecdsa-rdfc-2019-p384/employ", "ECDSAP384", KeyType.P384),
    ("ecdsa-jcs-2019-p256", "JCSECDSAP256", KeyType.P256),
    ("ecdsa-jcs-2019-p384", "JCSECDSAP384", KeyType.P384),
]


@pytest.fixture(scope="module")
def integrity() -> DataIntegrity:
    return DataIntegrity(Contexts())


@pytest.mark.parametrize(("folder", "suffix", "type_"), CASES, ids=[folder for folder, _, _ in CASES])
def test_every_step(vectors: Path, integrity: DataIntegrity, folder: str, suffix: str, type_: KeyType) -> None:
    place = vectors / "vc-di-ecdsa" / folder
    suite = folder.partition("-p")[0]
    hash_ = {KeyType.P256: hashlib.sha256, KeyType.P384: hashlib.sha384}[type_]

    def text(name: str) -> str:
        return (place / f"{name}{suffix}.txt").read_text()

    signed = json.loads((place / f"signed{suffix}.json").read_text())
    unsecured = {name: value for name, value in signed.items() if name != "proof"}
    config = json.loads((place / f"proofConfig{suffix}.json").read_text())
    if "jcs" in suite:
        document_form, proof_form = canonical_json(unsecured), canonical_json(config)
    else:
        document_form = integrity.documents.canonical(unsecured, hash_=hash_).encode()
        proof_form = integrity.documents.canonical(config, PROOF_MEMBERS, hash_=hash_).encode()
    assert document_form.decode() == text("canonDoc")
    assert proof_form.decode() == text("proofCanon")
    document_hash, proof_hash = hash_(document_form).digest(), hash_(proof_form).digest()
    assert document_hash.hex() == text("docHash").strip()
    assert proof_hash.hex() == text("proofHash").strip()
    assert (proof_hash + document_hash).hex() == text("combinedHash").strip()

    pair = json.loads((vectors / "vc-di-ecdsa" / f"{suffix[-4:].lower()}KeyPair.json").read_text())
    key = SigningKey.from_bytes(type_, multibase.decode(pair["secretKeyMultibase"])[2:])
    assert key.public.to_multikey() == pair["publicKeyMultibase"]
    signature = key.sign(proof_hash + document_hash)
    assert signature.hex() == text("sigHex").strip()
    assert multibase.encode(signature) == text("sigBTC58").strip() == signed["proof"]["proofValue"]

    result = integrity.check(
        signed, purpose="assertionMethod", resolve_method=resolve_did_key, now=CREATED, skew=0
    )
    assert result.cryptosuite == suite
    ours = integrity.sign(
        unsecured,
        key=key,
        verification_method=signed["proof"]["verificationMethod"],
        cryptosuite=suite,
        created=CREATED,
    )
    assert ours == signed
    with pytest.raises(Refused) as refused:
        integrity.check(
            {**signed, "name": "Another"},
            purpose="assertionMethod",
            resolve_method=resolve_did_key,
            now=CREATED,
            skew=0,
        )
    assert refused.value.reason is Reason.SIGNATURE_INVALID
