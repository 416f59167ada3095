"""Step 3, seen from the pipeline: whose key must have made the proof, and did it?

The issuer rule stands here once: the verification method belongs to the issuer (the holder, of a presentation),
is in the document resolved for that DID, and is listed there for this very purpose. A signature by any other
key proves nothing about the issuer, however genuine.
"""

from __future__ import annotations

from typing import NamedTuple

from node.crypto.public_keys import PublicKey
from node.did.document import AccountMethod, DidDocument, VerificationMethod
from node.did.syntax import did_of
from node.verification.evidence import Evidence, Unresolved
from node.verification.named_dids import method_dids
from node.verification.policy import Question
from node.verification.proofs import jose, sd_jwt
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from node.verification.proofs.data_integrity.signature import account_alone
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.secured import Kind, Secured
from node.verification.verdict import Source

PURPOSE = {Kind.CREDENTIAL: "assertionMethod", Kind.PRESENTATION: "authentication"}

# Refusals that say that the proof could not be checked, and so nothing about the proof.
UNDECIDED = frozenset(
    {
        Reason.UNKNOWN_CRYPTOSUITE,
        Reason.UNKNOWN_CONTEXT,
        Reason.RENAMED_TERM,
        Reason.OVERLOADED,
        Reason.DID_METHOD_UNSUPPORTED,
    }
)


class Undecided(Refused):
    """The proof could not be checked now; another try may succeed."""


class Proven(NamedTuple):
    """A proof that holds."""

    controller: str  # the DID whose key made it
    mechanism: str  # e.g. "eddsa-rdfc-2022", "vc+jwt"
    source: Source  # of the key
    challenges: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    key: PublicKey | None = None  # that made it
    method: str = ""  # DID URL of that key
    withheld: frozenset[str] | None = None  # where parts may have been left out: see `disclosure.py`


class KeyRule(NamedTuple):
    """Which keys may have signed: those that `document` lists for `purpose`."""

    document: DidDocument
    purpose: str
    now: int  # Unix seconds

    def method(self, url: str) -> VerificationMethod:
        """The key of that id. Raises Refused, for an account too."""
        method = self.key_or_account(url)
        if isinstance(method, AccountMethod):
            raise account_alone()
        return method

    def key_or_account(self, url: str) -> VerificationMethod | AccountMethod:
        """The verification method of that id. Raises Refused."""
        if did_of(url) != self.document.id:
            raise Refused(
                Reason.ISSUER_MISMATCH,
                "It was signed by someone else than it names.",
                "/proof/verificationMethod",
            )
        method = self.document.methods.get(url) or self.document.accounts.get(url)
        if method is None:
            raise Refused(
                Reason.KEY_NOT_FOUND,
                "The key that signed it is not among those its issuer publishes.",
                "/proof/verificationMethod",
            )
        listed = url in self.document.relationships.get(self.purpose, frozenset())
        if not listed or method.controller != self.document.id:
            raise Refused(
                Reason.KEY_NOT_AUTHORISED,
                "The key that signed it is not meant for this use.",
                "/proof/verificationMethod",
            )
        if method.usable_until is not None and self.now > method.usable_until:
            raise Refused(
                Reason.KEY_NOT_AUTHORISED,
                "The key that signed it is no longer in use.",
                "/proof/verificationMethod",
            )
        return method

    def method_named(self, kid: str) -> VerificationMethod:
        """The one a JWT's `kid` names. Raises Refused."""
        # VC-JOSE-COSE §3.3.2: `kid` is an absolute or relative DID URL; bare names are seen in the wild.
        did = self.document.id
        if kid in {"", did}:
            return self.sole_method()
        return self.method(kid if kid.startswith("did:") else f"{did}#{kid.removeprefix('#')}")

    def sole_method(self) -> VerificationMethod:
        """For a token that names no key: the one key it can be. Raises Refused."""
        candidates = [
            url for url in self.document.methods if url in self.document.relationships.get(self.purpose, ())
        ]
        if len(candidates) != 1:
            raise Refused(Reason.KEY_NOT_FOUND, "It does not say which key signed it.")
        return self.method(candidates[0])


def key_rule(secured: Secured, evidence: Evidence, question: Question) -> KeyRule:
    """Whose keys may have signed. Raises Refused or Undecided."""
    controller = secured.controller
    if question.policy.unsafe_proof_only or (not controller and secured.kind is Kind.PRESENTATION):
        controller = next(iter(method_dids(secured)), controller)
    if secured.sd_jwt is not None and not controller.startswith("did:"):
        raise Undecided(
            Reason.DID_UNRESOLVABLE,
            "Its issuer is named by a web address, and is not asked for its keys: only those of a DID count.",
            "/iss",
        )
    return KeyRule(resolved(controller, evidence), PURPOSE[secured.kind], question.now)


def resolved(did: str, evidence: Evidence) -> DidDocument:
    """The document gathered for a DID. Raises Refused or Undecided."""
    found = evidence.documents.get(did)
    if found is None:
        raise Undecided(Reason.DID_UNRESOLVABLE, "The keys of its issuer have not been looked up.")
    if isinstance(found, Unresolved):
        raise (Refused if found.definite else Undecided)(found.reason, found.detail)
    if found.deactivated:
        raise Refused(Reason.DID_DEACTIVATED, "The issuer has withdrawn its identifier.")
    return found


def key_source(document: DidDocument) -> Source:
    """Where the key came from, for the check."""
    return Source(document.source, document.id, document.stamp, document.digest)


class ProofChecker:
    """Checks the one proof a credential or presentation stands on. Safe from any thread."""

    def __init__(self, data_integrity: DataIntegrity) -> None:
        self._data_integrity = data_integrity

    def check(self, secured: Secured, evidence: Evidence, question: Question) -> Proven:
        """Raises Refused, or Undecided where the proof could not be checked now."""
        if not secured.has_proof:
            raise Refused(Reason.NO_PROOF, "It is not signed.", "/proof")
        if secured.sd_jwt is not None and secured.sd_jwt.fault is not None:
            raise secured.sd_jwt.fault  # whoever signed: not even the issuer's name can be relied on
        rule = key_rule(secured, evidence, question)
        if secured.token is not None:
            return self._check_token(secured.token, rule, question)
        if secured.sd_jwt is not None:
            return _check_sd_jwt(secured.sd_jwt, rule, question)
        return self._check_embedded(secured, rule, evidence, question)

    def _check_embedded(
        self, secured: Secured, rule: KeyRule, evidence: Evidence, question: Question
    ) -> Proven:
        def published(url: str) -> VerificationMethod | AccountMethod:
            """The method of a proof that others build on, under the rule of its own controller."""
            return KeyRule(resolved(did_of(url), evidence), rule.purpose, question.now).key_or_account(url)

        # The challenge and domain are compared in step 8, where their absence means something too.
        result = self._data_integrity.check(
            secured.document,
            purpose=rule.purpose,
            resolve_method=rule.key_or_account,
            now=question.now,
            skew=question.policy.clock_skew,
            resolve_previous=published,
        )
        return Proven(
            rule.document.id,
            result.cryptosuite,
            key_source(rule.document),
            _texts(result.proof.get("challenge")),
            _texts(result.proof.get("domain")),
            result.key,
            result.method.id,
            result.withheld,
        )

    def _check_token(self, token: jose.Token, rule: KeyRule, question: Question) -> Proven:
        method = rule.method_named(token.key_id)
        jose.check(token, method.key, now=question.now, skew=question.policy.clock_skew)
        return Proven(
            rule.document.id,
            token.mechanism,
            key_source(rule.document),
            frozenset() if token.nonce is None else frozenset({token.nonce}),
            frozenset(token.audiences),
            method.key,
            method.id,
        )


def _check_sd_jwt(token: sd_jwt.SdJwt, rule: KeyRule, question: Question) -> Proven:
    if "x5c" in token.jws.header:
        raise Refused(
            Reason.KEY_NOT_FOUND, "It is signed with a certificate (x5c): only the keys of a DID count here."
        )
    method = rule.method_named(token.key_id)
    sd_jwt.check(token, method.key, now=question.now, skew=question.policy.clock_skew)
    return Proven(
        rule.document.id, token.mechanism, key_source(rule.document), key=method.key, method=method.id
    )


def _texts(value: object) -> frozenset[str]:
    """A text, or a list of them."""
    if value is None:
        return frozenset()
    return frozenset(one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))
