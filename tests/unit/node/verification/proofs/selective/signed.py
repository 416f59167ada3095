"""Credentials that can be shown in part, and their proofs taken apart."""

from __future__ import annotations

from functools import partial
from typing import Any

from node.crypto.public_keys import KeyType
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.proofs.selective.ecdsa_sd import BaseProof, DerivedProof, parse
from node.verification.proofs.selective.ecdsa_sd_making import always_mandatory
from tests.simulators import checked
from tests.simulators.signers import NOW, Signer, licence

BOARD = Signer(3, KeyType.P256)
MALLORY = Signer(4, KeyType.P256)
INTEGRITY = DataIntegrity(Contexts())
SHOWN = [f"/credentialSubject/{name}" for name in ("givenName", "licence/licenceNumber", "licence/ranked")]
Document = dict[str, Any]
check, outcome = partial(checked.check, INTEGRITY), partial(checked.outcome, INTEGRITY)


def issue(
    document: Document | None = None, mandatory: list[str] | None = None, signer: Signer = BOARD
) -> Document:
    document = document or licence(BOARD.did)
    return INTEGRITY.sign(
        document,
        key=signer.key,
        verification_method=signer.method,
        cryptosuite="ecdsa-sd-2023",
        created=NOW,
        mandatory_pointers=always_mandatory(document, ["/issuer"]) if mandatory is None else mandatory,
    )


def proof_of(document: Document) -> Any:
    return parse(document["proof"]["proofValue"])


def with_proof(document: Document, proof: BaseProof | DerivedProof) -> Document:
    return {**document, "proof": {**document["proof"], "proofValue": proof.encoded()}}
