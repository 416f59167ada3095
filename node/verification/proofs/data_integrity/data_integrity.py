"""Data Integrity proofs: checking and making them (VC Data Integrity 1.0 §4, vc-di-eddsa, vc-di-ecdsa §3)."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from node.crypto import multibase
from node.crypto.signing import SigningKey
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.cryptosuites import DATA_INTEGRITY_PROOF, Canonicalization
from node.verification.proofs.data_integrity.documents import Documents
from node.verification.proofs.data_integrity.general import GeneralProcessor
from node.verification.proofs.data_integrity.inline_contexts import check_root_context
from node.verification.proofs.data_integrity.one_proof import ProofResult, admit_selective, check_one
from node.verification.proofs.data_integrity.proof_options import Expected, proofs_of, read
from node.verification.proofs.data_integrity.proof_set import Resolve, check_set
from node.verification.proofs.data_integrity.screening import check_shapes
from node.verification.proofs.selective import ecdsa_sd_making
from node.verification.proofs.strict_json import bound
from node.verification.reasons import Reason
from node.verification.refusals import Refused


class DataIntegrity:
    """Checks and makes proofs. Keeps compiled contexts alone; safe to share between threads."""

    def __init__(self, contexts: Contexts, general: GeneralProcessor | None = None) -> None:
        """`general`: for untrusted documents one that can be killed; None: none, but limits."""
        self.documents = Documents(contexts, general)

    def check(
        self,
        document: Mapping[str, Any],
        *,
        purpose: str,
        resolve_method: Resolve,
        now: int,
        skew: int,
        challenge: str | None = None,
        domain: str | None = None,
        resolve_previous: Resolve | None = None,
    ) -> ProofResult:
        """The proof that secures `document`, which was parsed within limits.

        `resolve_method` gives the verification method of a DID URL if its controller may use it for this
        purpose, and raises Refused otherwise. Of a set of proofs one must hold and none may be wrong; one that
        builds on others (a chain, §2.1.2) holds if they all do. Those may be someone else's: `resolve_previous`
        gives the method of any DID URL, as its own controller publishes it. They secure nothing by themselves.

        Raises Refused.
        """
        expected = Expected(purpose, now, skew, challenge, domain)
        proofs = proofs_of(document)
        unsecured = dict(document)
        del unsecured["proof"]
        if len(proofs) == 1 and "previousProof" not in proofs[0]:  # as nearly always
            options = read(proofs[0], document.get("@context"), expected)
            method = resolve_method(options.verification_method)
            return check_one(self.documents, options, method, unsecured)
        return check_set(
            self.documents,
            proofs,
            unsecured,
            expected,
            resolve_method=resolve_method,
            resolve_previous=resolve_previous,
        )

    def sign(
        self,
        document: Mapping[str, Any],
        *,
        key: SigningKey,
        verification_method: str,
        cryptosuite: str,
        created: int,
        purpose: str = "assertionMethod",
        challenge: str | None = None,
        domain: str | None = None,
        mandatory_pointers: Sequence[str] = (),
    ) -> dict[str, Any]:
        """A copy of `document` with a proof. `created` is in Unix seconds.

        `mandatory_pointers`: JSON pointers to what its holder may not leave out, of a suite that discloses
        selectively. Raises Refused for what `check` would refuse, ValueError for a key the cryptosuite does not
        take or a pointer that leads to nothing (BadPointer).
        """
        if "proof" in document:
            raise Refused(Reason.MALFORMED_PROOF, "It has a proof already.", "/proof")
        bound(document)
        proof: dict[str, Any] = {
            "type": DATA_INTEGRITY_PROOF,
            "cryptosuite": cryptosuite,
            "created": datetime.fromtimestamp(created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "verificationMethod": verification_method,
            "proofPurpose": purpose,
        }
        if challenge is not None:
            proof["challenge"] = challenge
        if domain is not None:
            proof["domain"] = domain
        unsecured = copy.deepcopy(dict(document))
        context = unsecured.get("@context")
        options = read(proof, context, Expected(purpose, created, 0, challenge, domain))
        suite = options.suite
        if key.public.type not in suite.key_types or not suite.issued:
            raise ValueError(f"{cryptosuite} does not take a {key.public.type} key, or is not issued any more")
        if suite.canonicalization is Canonicalization.JCS:
            proof["@context"] = context  # vc-di-eddsa §3.3.1, vc-di-ecdsa §3.3.1: signed with the options
        hash_ = suite.hash_for(key.public.type)
        if suite.selective:
            admit_selective(options)
            check_root_context(unsecured)
            check_shapes(unsecured)
            config = self.documents.options_digest(options, hash_, context)
            proof["proofValue"] = ecdsa_sd_making.base_proof_value(
                unsecured, config, key, mandatory_pointers, self.documents
            )
            return {**unsecured, "proof": proof}
        digest = self.documents.digest(suite, hash_, unsecured)
        config = self.documents.options_digest(options, hash_, context)
        proof["proofValue"] = multibase.encode(key.sign(config + digest))
        return {**unsecured, "proof": proof}

    def derive(self, document: Mapping[str, Any], selective_pointers: Sequence[str]) -> dict[str, Any]:
        """The part of a credential that its holder shows, with a proof derived from its issuer's.

        Raises Refused, and BadPointer for a pointer that leads to nothing.
        """
        bound(document)
        return ecdsa_sd_making.derive(document, selective_pointers, self.documents)
