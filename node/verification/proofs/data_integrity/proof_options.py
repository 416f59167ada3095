"""The members of a Data Integrity proof (VC Data Integrity 1.0 §2.1), checked before any work is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from node.verification.dates import unix_time
from node.verification.proofs.data_integrity.cryptosuites import DATA_INTEGRITY_PROOF, SUITES, Cryptosuite
from node.verification.reasons import Reason
from node.verification.refusals import Refused

MAX_PROOFS = 8  # of one document

# A closed list: under a signature over RDF, a member that is not read here may be another one, respelled.
_MEMBERS = frozenset(
    {
        "@context",
        "id",
        "type",
        "cryptosuite",
        "created",
        "expires",
        "verificationMethod",
        "proofPurpose",
        "challenge",
        "domain",
        "nonce",
        "previousProof",
    }
)
_MEMBERS_OF = {suite.name: _MEMBERS | {suite.value_member} for suite in SUITES.values()}
_TEXTS = ("id", "created", "expires", "challenge", "nonce")


class Expected(NamedTuple):
    """What a proof must say."""

    purpose: str
    now: int  # Unix seconds
    skew: int  # s that clocks may differ
    challenge: str | None = None  # None: not compared
    domain: str | None = None


class ProofOptions(NamedTuple):
    """A proof that says what is expected of it; its signature is not checked yet."""

    proof: Mapping[str, Any]
    suite: Cryptosuite
    verification_method: str  # DID URL
    created: int | None  # Unix seconds


def proofs_of(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The proofs of a document: one, or several (§2.1.1, §2.1.2). Raises Refused: NO_PROOF, MALFORMED_PROOF."""
    value = document.get("proof")
    if value is None or value == []:
        raise Refused(Reason.NO_PROOF, "It is not signed.", "/proof")
    if type(value) is dict:
        return [value]
    if type(value) is not list or len(value) > MAX_PROOFS or not all(type(proof) is dict for proof in value):
        raise Refused(
            Reason.MALFORMED_PROOF, "Its proof is neither an object nor a short list of them.", "/proof"
        )
    return value


def read(proof: Mapping[str, Any], context: Any, expected: Expected) -> ProofOptions:
    """`context`: the document's. Raises Refused."""
    suite = _suite(proof)
    if not proof.keys() <= _MEMBERS_OF[suite.name]:
        extra = sorted(proof.keys() - _MEMBERS_OF[suite.name])[0]
        raise Refused(
            Reason.MALFORMED_PROOF, f"The proof has a member {_brief(extra)} that is not supported.", "/proof"
        )
    for text in _TEXTS:
        if text in proof and type(proof[text]) is not str:
            raise Refused(Reason.MALFORMED_PROOF, f"`{text}` of the proof is not a text.", f"/proof/{text}")
    if "@context" in proof and not _may_be_read_under(proof["@context"], context, suite):
        raise Refused(
            Reason.MALFORMED_PROOF,
            "The proof was made under other contexts than the document's.",
            "/proof/@context",
        )
    method = proof.get("verificationMethod")
    if type(method) is not str or not 0 < len(method) <= 2048:
        raise Refused(
            Reason.MALFORMED_PROOF, "The proof names no verification method.", "/proof/verificationMethod"
        )
    if proof.get("proofPurpose") != expected.purpose:
        raise Refused(
            Reason.WRONG_PROOF_PURPOSE,
            f"The proof was made for {_brief(proof.get('proofPurpose'))}, not for {expected.purpose!r}.",
            "/proof/proofPurpose",
        )
    _check_asked(proof, expected)
    return ProofOptions(proof, suite, method, _check_dates(proof, expected))


def _suite(proof: Mapping[str, Any]) -> Cryptosuite:
    """By the name of the cryptosuite or, of an older one, by the type of the proof."""
    type_ = proof.get("type")
    modern = type_ == DATA_INTEGRITY_PROOF
    name = proof.get("cryptosuite") if modern else type_
    suite = SUITES.get(name) if type(name) is str else None
    if suite is None or suite.proof_type != type_ or ("cryptosuite" in proof and not modern):
        raise Refused(
            Reason.UNKNOWN_CRYPTOSUITE,
            f"The cryptosuite {_brief(name)} is not supported.",
            "/proof/cryptosuite" if modern else "/proof/type",
        )
    return suite


def _may_be_read_under(stated: Any, context: Any, suite: Cryptosuite) -> bool:
    """A proof that brings contexts brings the document's or, of an older suite, that of its suite alone."""
    own = suite.own_context
    return stated == context or (own != "" and stated in (own, [own]))


def _check_asked(proof: Mapping[str, Any], expected: Expected) -> None:
    """§4.5 steps 7 and 8 of Verify Proof: what the verifier asked for is what was signed."""
    if expected.challenge is not None and proof.get("challenge") != expected.challenge:
        raise Refused(
            Reason.CHALLENGE_MISMATCH,
            "The proof does not answer this verifier's challenge.",
            "/proof/challenge",
        )
    stated = proof.get("domain", [])
    domains = stated if type(stated) is list else [stated]
    for domain in domains:
        if type(domain) is not str:
            raise Refused(Reason.MALFORMED_PROOF, "`domain` of the proof is not a text.", "/proof/domain")
    if expected.domain is not None and expected.domain not in domains:
        raise Refused(Reason.DOMAIN_MISMATCH, "The proof was made for another verifier.", "/proof/domain")


def _check_dates(proof: Mapping[str, Any], expected: Expected) -> int | None:
    created = unix_time(proof["created"], "/proof/created") if "created" in proof else None
    if created is not None and created > expected.now + expected.skew:
        raise Refused(Reason.PROOF_NOT_YET_VALID, "The proof says it was made in the future.", "/proof/created")
    if "expires" in proof and unix_time(proof["expires"], "/proof/expires") < expected.now - expected.skew:
        raise Refused(Reason.PROOF_EXPIRED, "The proof has expired.", "/proof/expires")
    return created


def _brief(value: Any) -> str:
    return repr(value)[:80] if type(value) is str else "of an unknown kind"
