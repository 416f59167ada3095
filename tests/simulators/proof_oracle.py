"""Makes Data Integrity proofs by the letter of the standards, on PyLD: chains, and suites we only verify.

Shares nothing with the code under test but the keys and RDFC-1.0 itself, which has a suite of its own.
"""

from __future__ import annotations

import hashlib
from typing import Any, Protocol

import rfc8785

from node.crypto import multibase
from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.verification.proofs.data_integrity.canonical import Hash
from tests.simulators.pyld_oracle import pyld_canonical

Document = dict[str, Any]
ED25519_2020 = "Ed25519Signature2020"
ED25519_2020_CONTEXT = "https://w3id.org/security/suites/ed25519-2020/v1"


class Signer(Protocol):
    """Whoever has a key."""

    key: SigningKey
    method: str


def prove(
    document: Document,
    signer: Signer,
    suite: str = "eddsa-rdfc-2022",
    *,
    previous: tuple[Document, ...] = (),
    hash_: Hash | None = None,
    **members: Any,
) -> Document:
    """A proof over `document` without its own, and over `previous`. `members` go into the proof as they are.

    `hash_`: another than the key's own.
    """
    named = {"type": suite} if suite == ED25519_2020 else {"type": "DataIntegrityProof", "cryptosuite": suite}
    proof = {
        **named,
        "created": "2027-01-15T08:00:00Z",
        "verificationMethod": signer.method,
        "proofPurpose": "assertionMethod",
        **members,
    }
    context = document["@context"]
    covered = {name: value for name, value in document.items() if name != "proof"}
    if previous:
        proof.setdefault("previousProof", [one["id"] for one in previous])
        covered["proof"] = list(previous)
    hash_ = hash_ or (hashlib.sha384 if signer.key.public.type is KeyType.P384 else hashlib.sha256)
    if "jcs" in suite:
        proof.setdefault("@context", context)
        forms = [rfc8785.dumps(one) for one in (proof, covered)]
    else:
        forms = [pyld_canonical(one, hash_).encode() for one in ({"@context": context, **proof}, covered)]
    signature = signer.key.sign(b"".join(hash_(form).digest() for form in forms))
    return {**proof, "proofValue": multibase.encode(signature)}


def proved(document: Document, signer: Signer, suite: str = "eddsa-rdfc-2022", **members: Any) -> Document:
    """A document with one proof."""
    return {**document, "proof": prove(document, signer, suite, **members)}


def with_2020_context(document: Document) -> Document:
    """The document with what gives Ed25519Signature2020 its meaning."""
    return {**document, "@context": [*document["@context"], ED25519_2020_CONTEXT]}
