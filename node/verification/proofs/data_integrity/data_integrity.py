"""Data Integrity proofs: checking and making them (VC Data Integrity 1.0 §4, vc-di-eddsa §3.2 and §3.3)."""

from __future__ import annotations

import copy
import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from node.crypto import multibase
from node.crypto.public_keys import SignatureInvalid
from node.crypto.signing import SigningKey
from node.did.document import VerificationMethod
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.canonical import canonical_nquads
from node.verification.proofs.data_integrity.cryptosuites import Canonicalization, Cryptosuite
from node.verification.proofs.data_integrity.dataset import Dataset
from node.verification.proofs.data_integrity.general import general_quads
from node.verification.proofs.data_integrity.inline_contexts import check_root_context
from node.verification.proofs.data_integrity.jcs import canonical_json
from node.verification.proofs.data_integrity.members import PROOF_MEMBERS, ROOT_MEMBERS
from node.verification.proofs.data_integrity.proof_options import (
    PROOF_TYPE,
    Expected,
    ProofOptions,
    proofs_of,
    read,
)
from node.verification.proofs.data_integrity.screening import check_shapes, screen
from node.verification.proofs.data_integrity.term_map import MAX_KEPT, TermMap
from node.verification.proofs.strict_json import bound
from node.verification.reasons import Reason
from node.verification.refusals import Refused

logger = logging.getLogger(__name__)

# Why one proof of a set may be passed over when another holds: it is not for us to judge. A proof that was
# judged and found wrong is never passed over.
_NOT_FOR_US = frozenset(
    {
        Reason.UNKNOWN_CRYPTOSUITE,
        Reason.WRONG_PROOF_PURPOSE,
        Reason.KEY_NOT_FOUND,
        Reason.KEY_NOT_AUTHORISED,
        Reason.ISSUER_MISMATCH,
        Reason.DID_UNRESOLVABLE,
        Reason.DID_METHOD_UNSUPPORTED,
        Reason.DID_DEACTIVATED,
    }
)


@dataclass(frozen=True, slots=True)
class ProofResult:
    """A proof that holds."""

    method: VerificationMethod
    cryptosuite: str
    created: int | None  # Unix seconds
    proof: Mapping[str, Any]


class DataIntegrity:
    """Checks and makes proofs. Keeps compiled contexts alone; safe to share between threads."""

    def __init__(self, contexts: Contexts) -> None:
        self._contexts = contexts
        self._terms = TermMap(contexts)
        self.left_to_general = 0  # documents whose RDF the general processor made

    @property
    def contexts_kept(self) -> int:
        """How many compiled contexts are kept: bounded, whatever documents bring along."""
        return self._terms.kept

    def check(
        self,
        document: Mapping[str, Any],
        *,
        purpose: str,
        resolve_method: Callable[[str], VerificationMethod],
        now: int,
        skew: int,
        challenge: str | None = None,
        domain: str | None = None,
    ) -> ProofResult:
        """The proof that secures `document`, which was parsed within limits.

        `resolve_method` gives the verification method of a DID URL if its controller may use it for this
        purpose, and raises Refused otherwise. Of a set of proofs one must hold and none may be wrong.

        Raises Refused.
        """
        expected = Expected(purpose, now, skew, challenge, domain)
        proofs = proofs_of(document)
        unsecured = {key: value for key, value in document.items() if key != "proof"}
        digests: dict[Canonicalization, bytes] = {}
        held: ProofResult | None = None
        passed_over: Refused | None = None
        for proof in proofs:
            try:
                options = read(proof, document.get("@context"), expected)
                method = resolve_method(options.verification_method)
            except Refused as refused:
                if refused.reason not in _NOT_FOR_US:
                    raise
                passed_over = passed_over or refused
                continue
            result = self._check_one(options, method, unsecured, digests)
            held = held or result
        if held is None:
            raise passed_over or Refused(Reason.NO_PROOF, "It is not signed.", "/proof")
        return held

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
    ) -> dict[str, Any]:
        """A copy of `document` with a proof. `created` is in Unix seconds.

        Raises Refused for what `check` would refuse, ValueError for a key the cryptosuite does not take.
        """
        if "proof" in document:
            raise Refused(Reason.MALFORMED_PROOF, "It has a proof already.", "/proof")
        bound(document)
        proof: dict[str, Any] = {
            "type": PROOF_TYPE,
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
        if key.public.type is not options.suite.key_type:
            raise ValueError(f"{cryptosuite} does not take a {key.public.type} key")
        if options.suite.canonicalization is Canonicalization.JCS:
            proof["@context"] = context  # vc-di-eddsa §3.3.1: signed with the options
        digest = self._digest(options.suite, unsecured)
        proof["proofValue"] = multibase.encode(key.sign(self._options_digest(options, context) + digest))
        return {**unsecured, "proof": proof}

    def canonical(self, document: Mapping[str, Any], root_members: Mapping[str, str] = ROOT_MEMBERS) -> str:
        """The canonical N-Quads of a document in which everything is signed. Raises Refused."""
        terms = self._terms
        if terms.kept > MAX_KEPT:
            terms = self._terms = TermMap(self._contexts)
        dataset = Dataset(document, terms, root_members)
        if not dataset.left_to_general:
            return canonical_nquads(dataset.quads)
        self.left_to_general += 1
        logger.debug("left to the general processor: %s", dataset.left_to_general)
        return canonical_nquads(general_quads(document, self._contexts))

    def _check_one(
        self,
        options: ProofOptions,
        method: VerificationMethod,
        unsecured: Mapping[str, Any],
        digests: dict[Canonicalization, bytes],
    ) -> ProofResult:
        suite = options.suite
        if method.key.type is not suite.key_type:
            raise Refused(
                Reason.ALGORITHM_MISMATCH, f"{suite.name} does not go with a {method.key.type} key.", "/proof"
            )
        try:
            signature = multibase.decode_signature(options.proof.get("proofValue"))
        except multibase.MalformedMultibase as error:
            raise Refused(
                Reason.MALFORMED_PROOF, f"The proof value is {error}.", "/proof/proofValue"
            ) from error
        digest = digests.get(suite.canonicalization)
        if digest is None:
            digest = digests[suite.canonicalization] = self._digest(suite, unsecured)
        try:
            method.key.verify(signature, self._options_digest(options, unsecured["@context"]) + digest)
        except SignatureInvalid as error:
            raise Refused(
                Reason.SIGNATURE_INVALID,
                "The signature does not match: it was changed after signing.",
                "/proof",
            ) from error
        return ProofResult(method, suite.name, options.created, options.proof)

    def _digest(self, suite: Cryptosuite, unsecured: Mapping[str, Any]) -> bytes:
        """vc-di-eddsa §3.2.4 and §3.3.4: the hash of the document without its proof."""
        if suite.canonicalization is Canonicalization.JCS:
            screen(unsecured, self._contexts)
            return hashlib.sha256(canonical_json(unsecured)).digest()
        check_root_context(unsecured)
        check_shapes(unsecured)
        return hashlib.sha256(self.canonical(unsecured).encode()).digest()

    def _options_digest(self, options: ProofOptions, context: Any) -> bytes:
        """vc-di-eddsa §3.2.5, §3.3.5: the hash of the proof without its value, in the document's context."""
        config = {name: value for name, value in options.proof.items() if name != "proofValue"}
        if options.suite.canonicalization is Canonicalization.JCS:
            return hashlib.sha256(canonical_json(config)).digest()
        config["@context"] = context
        return hashlib.sha256(self.canonical(config, PROOF_MEMBERS).encode()).digest()
