"""Data Integrity proofs: checking and making them (VC Data Integrity 1.0 §4, vc-di-eddsa, vc-di-ecdsa §3)."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from node.crypto import multibase
from node.crypto.public_keys import PublicKey
from node.crypto.signing import SigningKey
from node.did.document import AccountMethod, VerificationMethod
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity import signature
from node.verification.proofs.data_integrity.canonical import Hash, canonical_graphs
from node.verification.proofs.data_integrity.cryptosuites import (
    BBS,
    DATA_INTEGRITY_PROOF,
    Canonicalization,
    Cryptosuite,
)
from node.verification.proofs.data_integrity.dataset import Dataset
from node.verification.proofs.data_integrity.general import GeneralProcessor, InThisProcess
from node.verification.proofs.data_integrity.inline_contexts import check_root_context
from node.verification.proofs.data_integrity.jcs import canonical_json
from node.verification.proofs.data_integrity.members import PROOF_MEMBERS, ROOT_MEMBERS
from node.verification.proofs.data_integrity.options_text import OptionsText
from node.verification.proofs.data_integrity.proof_chain import judging_order
from node.verification.proofs.data_integrity.proof_options import (
    Expected,
    ProofOptions,
    proofs_of,
    read,
)
from node.verification.proofs.data_integrity.screening import check_shapes, screen
from node.verification.proofs.data_integrity.statements import Graph, graphs_of
from node.verification.proofs.data_integrity.term_map import MAX_KEPT, TermMap
from node.verification.proofs.data_integrity.urdna2015 import older_form
from node.verification.proofs.selective import bbs_2023, ecdsa_sd, ecdsa_sd_making
from node.verification.proofs.strict_json import bound
from node.verification.reasons import Reason
from node.verification.refusals import Refused

# The verification method of a DID URL, if it may be used. Raises Refused.
Resolve = Callable[[str], VerificationMethod | AccountMethod]

# How a document is canonicalised and hashed, and which proofs of its own count as part of it.
_Form = tuple[Canonicalization, bool, Hash, tuple[int, ...]]

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


class ProofResult(NamedTuple):
    """A proof that holds."""

    method: VerificationMethod | AccountMethod
    key: PublicKey  # that made it; an account's own is only known from the signature
    cryptosuite: str
    created: int | None  # Unix seconds
    proof: Mapping[str, Any]
    withheld: frozenset[str] | None = None
    """Of a suite that discloses selectively: the deciding members of which something may be missing."""


class DataIntegrity:
    """Checks and makes proofs. Keeps compiled contexts alone; safe to share between threads."""

    def __init__(self, contexts: Contexts, general: GeneralProcessor | None = None) -> None:
        """`general`: for untrusted documents one that can be killed; None: none, but limits."""
        self._contexts = contexts
        self._general = general or InThisProcess(contexts)
        self._terms = TermMap(contexts)
        self._options_text = OptionsText()

    @property
    def contexts_kept(self) -> int:
        """How many compiled contexts are kept: bounded, whatever documents bring along."""
        return self._terms.kept

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
            return self._check_one(options, method, unsecured, (), {})
        return self._check_set(proofs, unsecured, expected, resolve_method, resolve_previous)

    def _check_set(
        self,
        proofs: Sequence[Mapping[str, Any]],
        unsecured: Mapping[str, Any],
        expected: Expected,
        resolve_method: Resolve,
        resolve_previous: Resolve | None,
    ) -> ProofResult:
        """Several proofs, or one that builds on others, of a document that is given without them."""
        digests: dict[_Form, bytes] = {}
        held: dict[int, ProofResult] = {}  # by place in the set
        ours: list[int] = []  # places of those by a key of the issuer's
        passed_over: Refused | None = None
        order = judging_order(proofs)
        built_on = {place for _, previous in order for place in previous}
        for place, previous in order:
            resolve_other = resolve_previous if place in built_on else None
            try:
                options = read(proofs[place], unsecured.get("@context"), expected)
                method, is_ours = _resolve(options.verification_method, resolve_method, resolve_other)
            except Refused as refused:
                if refused.reason not in _NOT_FOR_US:
                    raise
                passed_over = passed_over or refused
                continue
            if all(one in held for one in previous):  # else it builds on one that was passed over
                covered = {**unsecured, "proof": [proofs[one] for one in previous]} if previous else unsecured
                try:
                    held[place] = self._check_one(options, method, covered, previous, digests)
                except Refused as refused:
                    if refused.reason is not Reason.UNKNOWN_CRYPTOSUITE:
                        raise
                    passed_over = passed_over or refused  # a form of its suite that is not for us
                    continue
                if is_ours:
                    ours.append(place)
        if not ours:
            raise passed_over or Refused(Reason.NO_PROOF, "It is not signed.", "/proof")
        # One that covers the whole document says most.
        return held[min(ours, key=lambda place: (held[place].withheld is not None, place))]

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
            _admit_selective(options)
            check_root_context(unsecured)
            check_shapes(unsecured)
            config = self._options_digest(options, hash_, context)
            proof["proofValue"] = ecdsa_sd_making.base_proof_value(
                unsecured, config, key, mandatory_pointers, self
            )
            return {**unsecured, "proof": proof}
        digest = self._digest(suite, hash_, unsecured)
        proof["proofValue"] = multibase.encode(key.sign(self._options_digest(options, hash_, context) + digest))
        return {**unsecured, "proof": proof}

    def canonical(
        self,
        document: Mapping[str, Any],
        root_members: Mapping[str, str] = ROOT_MEMBERS,
        *,
        hash_: Hash = hashlib.sha256,
        older: bool = False,
    ) -> str:
        """The canonical N-Quads of a document in which everything is signed. Raises Refused.

        `older`: as URDNA2015 wrote them.
        """
        graphs, _ = self.graphs(document, root_members)
        return canonical_graphs(older_form(graphs) if older else graphs, hash_=hash_)

    def derive(self, document: Mapping[str, Any], selective_pointers: Sequence[str]) -> dict[str, Any]:
        """The part of a credential that its holder shows, with a proof derived from its issuer's.

        Raises Refused, and BadPointer for a pointer that leads to nothing.
        """
        bound(document)
        return ecdsa_sd_making.derive(document, selective_pointers, self)

    def graphs(
        self, document: Mapping[str, Any], root_members: Mapping[str, str] = ROOT_MEMBERS
    ) -> tuple[list[Graph], str]:
        """The RDF of a document, and its own subject there: empty where the general processor made it.

        Raises Refused.
        """
        dataset = Dataset(document, self.terms(), root_members)
        if not dataset.left_to_general:
            return dataset.graphs, dataset.subject
        return graphs_of(self._general.quads(document, dataset.left_to_general)), ""

    def terms(self) -> TermMap:
        """The compiled contexts: those kept, or none once there are too many."""
        terms = self._terms
        if terms.kept > MAX_KEPT:
            terms = self._terms = TermMap(self._contexts)
        return terms

    def _check_one(
        self,
        options: ProofOptions,
        method: VerificationMethod | AccountMethod,
        covered: Mapping[str, Any],
        previous: tuple[int, ...],
        digests: dict[_Form, bytes],
    ) -> ProofResult:
        """`covered`: the document with the proofs at the places `previous`, and without any other."""
        suite = options.suite
        if suite.selective:
            return self._check_selective(options, method, covered, previous)
        made = signature.read(options.proof, suite, method)
        hash_ = suite.hash_for(made.key_type)
        form = (suite.canonicalization, suite.urdna2015, hash_, previous)
        digest = digests.get(form)
        if digest is None:
            digest = digests[form] = self._digest(suite, hash_, covered)
        key = made.check(self._options_digest(options, hash_, covered["@context"]) + digest)
        return ProofResult(method, key, suite.name, options.created, options.proof)

    def _check_selective(
        self,
        options: ProofOptions,
        method: VerificationMethod | AccountMethod,
        covered: Mapping[str, Any],
        previous: tuple[int, ...],
    ) -> ProofResult:
        suite = options.suite
        _admit_selective(options, previous)
        key = signature.key_for(suite, method)
        check_root_context(covered)
        check_shapes(covered)
        config = self._options_digest(options, suite.hash_for(key.type), covered["@context"])
        check = bbs_2023.check if suite.name == BBS else ecdsa_sd.check
        withheld = check(covered, options.proof.get("proofValue"), key, config, self)
        return ProofResult(method, key, suite.name, options.created, options.proof, withheld)

    def _digest(self, suite: Cryptosuite, hash_: Hash, covered: Mapping[str, Any]) -> bytes:
        """§3.2.4, §3.3.4 of vc-di-eddsa and vc-di-ecdsa: the hash of what is signed, without the proof."""
        if suite.canonicalization is Canonicalization.JCS:
            screen(covered, self._contexts)
            return _hashed(hash_, canonical_json(covered))
        check_root_context(covered)
        check_shapes(covered)
        return _hashed(hash_, self.canonical(covered, hash_=hash_, older=suite.urdna2015).encode())

    def _options_digest(self, options: ProofOptions, hash_: Hash, context: Any) -> bytes:
        """§3.2.5, §3.3.5 of both: the hash of the proof without its value, in the document's context."""
        suite = options.suite
        config = dict(options.proof)
        config.pop(suite.value_member, None)
        if suite.canonicalization is Canonicalization.JCS:
            return _hashed(hash_, canonical_json(config))
        own = config.get("@context", context)
        if own != context:  # that of an old suite, which may lean on the document's, as it is written inside it
            own = [*_list_of(context), *_list_of(own)]
        config["@context"] = own
        older = suite.urdna2015
        canonical = partial(self.canonical, root_members=PROOF_MEMBERS, hash_=hash_, older=older)
        return _hashed(hash_, self._options_text.of(config, (hash_, older), canonical).encode())


def _resolve(
    url: str,
    resolve_method: Resolve,
    resolve_other: Resolve | None,
) -> tuple[VerificationMethod | AccountMethod, bool]:
    """The method of a proof, and whether it is one that may secure the document. Raises Refused."""
    try:
        return resolve_method(url), True
    except Refused as refused:
        if resolve_other is None or refused.reason is not Reason.ISSUER_MISMATCH:
            raise
        return resolve_other(url), False


def _admit_selective(options: ProofOptions, previous: tuple[int, ...] = ()) -> None:
    """Raises Refused(UNKNOWN_CRYPTOSUITE)."""
    if previous or options.proof["proofPurpose"] != "assertionMethod":
        raise Refused(
            Reason.UNKNOWN_CRYPTOSUITE,
            f"{options.suite.name} is supported for credentials by themselves, not in chains of proofs or for "
            "presentations.",
            "/proof",
        )


def _list_of(context: Any) -> list[Any]:
    return context if type(context) is list else [context]


def _hashed(hash_: Hash, data: bytes) -> bytes:
    digest: bytes = hash_(data).digest()
    return digest
