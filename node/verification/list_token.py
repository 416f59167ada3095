"""A Token Status List (`statuslist+jwt`) as a host served it; fetched_list.py has the steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from node.did.syntax import did_of
from node.verification.evidence import Evidence, ListContent
from node.verification.list_rules import LIMITS, check_signer, invalid, seconds
from node.verification.packed_list import TOKEN_SIZES, token_list
from node.verification.policy import Question
from node.verification.proof import KeyRule, Proven, key_source, resolved
from node.verification.proofs import jose
from node.verification.proofs.jwt_claims import Times, times
from node.verification.proofs.sd_jwt_claims import TOKEN_STATUS_ENTRY
from node.verification.reasons import Reason
from node.verification.refusals import Refused

TOKEN_TYPE = "statuslist+jwt"  # noqa: S105 -- a media type, not a secret


@dataclass(frozen=True, slots=True)
class ListToken:
    """A Token Status List (§5.1), taken apart."""

    jws: jose.Jws
    claims: Mapping[str, Any]
    times: Times
    signer: str  # DID; empty: it does not say, and the credential's issuer is meant


def read(compact: str) -> ListToken | None:
    """Step 1; None: a JWT of another kind. Raises Refused."""
    jws = jose.split(compact, LIMITS)
    if jose.media_type(jws.header, "typ") != TOKEN_TYPE:
        return None
    claims = jose.claims_of(jws, LIMITS)
    signer = claims.get("iss", did_of(jws.header.get("kid", "")))
    if type(signer) is not str:
        raise invalid("The list's issuer is not named by a text.")
    return ListToken(jws, claims, times(claims), signer if signer.startswith("did:") or "iss" in claims else "")


def check(token: ListToken, issuer: str, evidence: Evidence, question: Question) -> ListContent:
    """Steps 3 to 6 (§8.3). Raises Refused."""
    rule = KeyRule(resolved(token.signer or issuer, evidence), "assertionMethod", question.now)
    method = rule.method_named(token.jws.header.get("kid", ""))
    jose.check_signature(token.jws, method.key)
    proven = Proven(rule.document.id, TOKEN_TYPE, key_source(rule.document), method=method.id)
    check_signer(proven, issuer, evidence)
    if token.times.issued_at is None:
        raise invalid("The list does not say when it was issued.")
    try:
        token.times.check(question.now, question.policy.clock_skew)
    except Refused as refused:
        raise Refused(Reason.STATUS_STALE, f"The status list itself does not hold: {refused.detail}") from None
    stated = token.claims.get("status_list")
    size = stated.get("bits") if isinstance(stated, Mapping) else None
    if not isinstance(stated, Mapping) or type(size) is not int or size not in TOKEN_SIZES:
        raise invalid("It holds no list, or one of entries of an impossible size.")
    return ListContent(
        entry_type=TOKEN_STATUS_ENTRY,
        purposes=frozenset(),
        entry_bits=size,
        bits=token_list(stated.get("lst")),
        issued_at=token.times.issued_at,
        expires=token.times.expires,
        ttl=seconds(token.claims.get("ttl"), 1),
    )
