"""Step 8 of an SD-JWT: its holder's own proof (RFC 9901 §7.3), by the key that its issuer bound it to.

`nonce` is the challenge and `aud` the domain; `holder.py` compares them as it does a presentation's.
"""

from __future__ import annotations

from node.crypto.public_keys import PublicKey
from node.did.syntax import did_of
from node.verification.evidence import Evidence
from node.verification.policy import Question
from node.verification.proof import KeyRule, Proven, Undecided, key_source, resolved
from node.verification.proofs import sd_jwt
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.verdict import Source

MECHANISM = "kb+jwt"


def check_key_binding(token: sd_jwt.SdJwt, evidence: Evidence, question: Question) -> Proven:
    """Raises Refused, or Undecided where the holder's key could not be had.

    Whether the issuer really named that key is the credential's own proof to show.
    """
    binding = token.binding
    if binding is None:
        raise ValueError("only called where there is a key binding")
    if token.confirmation is None:
        raise Refused(Reason.HOLDER_MISMATCH, "Its issuer did not bind it to any key.", "/cnf")
    key, controller, source = _holder_key(token.confirmation, evidence, question)
    policy = question.policy
    # Without a challenge any presentation may be a copy, of whatever age, and is said to be.
    fresh = question.challenge is not None or policy.require_holder
    sd_jwt.check_binding(binding, key, now=question.now, skew=policy.clock_skew, fresh=fresh)
    return Proven(controller, MECHANISM, source, frozenset({binding.nonce}), frozenset({binding.audience}), key)


def is_confirmed(token: sd_jwt.SdJwt, proven: Proven) -> bool:
    """Whether a presentation was signed with the key the credential in it is bound to. Raises Refused."""
    bound = token.confirmation
    if bound is None:
        return False
    key = bound.key()
    return proven.key == key if key is not None else did_of(bound.key_id) == proven.controller


def _holder_key(
    bound: sd_jwt.Confirmation, evidence: Evidence, question: Question
) -> tuple[PublicKey, str, Source]:
    key = bound.key()
    if key is not None:
        return key, "", Source("credential", "cnf")
    did = did_of(bound.key_id)
    if not did.startswith("did:"):
        raise Undecided(Reason.KEY_NOT_FOUND, "The key it is bound to is named, and not on record.", "/cnf/kid")
    rule = KeyRule(resolved(did, evidence), "authentication", question.now)
    return rule.method_named(bound.key_id).key, did, key_source(rule.document)
