"""One proof of a document: its method, the hash it signs, its signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from node.crypto.public_keys import PublicKey
from node.did.document import AccountMethod, VerificationMethod
from node.verification.proofs.data_integrity import signature
from node.verification.proofs.data_integrity.canonical import Hash
from node.verification.proofs.data_integrity.cryptosuites import BBS, Canonicalization
from node.verification.proofs.data_integrity.documents import Documents
from node.verification.proofs.data_integrity.inline_contexts import check_root_context
from node.verification.proofs.data_integrity.proof_options import ProofOptions
from node.verification.proofs.data_integrity.screening import check_shapes
from node.verification.proofs.selective import bbs_2023, ecdsa_sd
from node.verification.reasons import Reason
from node.verification.refusals import Refused

# How a document is canonicalised and hashed, and which proofs of its own count as part of it.
Form = tuple[Canonicalization, bool, Hash, tuple[int, ...]]


class ProofResult(NamedTuple):
    """A proof that holds."""

    method: VerificationMethod | AccountMethod
    key: PublicKey  # that made it; an account's own is only known from the signature
    cryptosuite: str
    created: int | None  # Unix seconds
    proof: Mapping[str, Any]
    withheld: frozenset[str] | None = None
    """Of a suite that discloses selectively: the deciding members of which something may be missing."""


def check_one(
    documents: Documents,
    options: ProofOptions,
    method: VerificationMethod | AccountMethod,
    covered: Mapping[str, Any],
    *,
    previous: tuple[int, ...] = (),
    digests: dict[Form, bytes] | None = None,
) -> ProofResult:
    """`covered`: the document with the proofs at the places `previous`, and without any other.

    `digests`: of the same document for other proofs of its set. Raises Refused.
    """
    suite = options.suite
    if suite.selective:
        return _check_selective(documents, options, method, covered, previous)
    made = signature.read(options.proof, suite, method)
    hash_ = suite.hash_for(made.key_type)
    if digests is None:
        digest = documents.digest(suite, hash_, covered)
    else:
        form = (suite.canonicalization, suite.urdna2015, hash_, previous)
        digest = digests.get(form) or documents.digest(suite, hash_, covered)
        digests[form] = digest
    key = made.check(documents.options_digest(options, hash_, covered["@context"]) + digest)
    return ProofResult(method, key, suite.name, options.created, options.proof)


def _check_selective(
    documents: Documents,
    options: ProofOptions,
    method: VerificationMethod | AccountMethod,
    covered: Mapping[str, Any],
    previous: tuple[int, ...],
) -> ProofResult:
    suite = options.suite
    admit_selective(options, previous)
    key = signature.key_for(suite, method)
    check_root_context(covered)
    check_shapes(covered)
    config = documents.options_digest(options, suite.hash_for(key.type), covered["@context"])
    check = bbs_2023.check if suite.name == BBS else ecdsa_sd.check
    withheld = check(covered, options.proof.get("proofValue"), key, config, documents)
    return ProofResult(method, key, suite.name, options.created, options.proof, withheld)


def admit_selective(options: ProofOptions, previous: tuple[int, ...] = ()) -> None:
    """Whether a suite that discloses selectively is for us here. Raises Refused(UNKNOWN_CRYPTOSUITE)."""
    if previous or options.proof["proofPurpose"] != "assertionMethod":
        raise Refused(
            Reason.UNKNOWN_CRYPTOSUITE,
            f"{options.suite.name} is supported for credentials by themselves, not in chains of proofs or for "
            "presentations.",
            "/proof",
        )
