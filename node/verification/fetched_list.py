"""Step 5 for a list that is not on the ledger: a status list as a host served it, believed only when all holds.

1. form       a status list credential with any proof, or a `statuslist+jwt`, within limits
2. place      it says that it is the list of this very address
3. signer     the credential's issuer, or a key that the issuer's DID document on the ledger lists as its own
4. proof      that key signed it, and all of it
5. dates      it is valid now
6. content    its type, its purposes, its bits: neither too few nor too many

Whatever fails here says nothing of the credential, whose status is then INDETERMINATE.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from node.did.document import DidDocument
from node.did.syntax import did_of
from node.verification.dates import unix_time
from node.verification.evidence import Evidence, FetchedList, UnusableList
from node.verification.named_dids import dids
from node.verification.packed_list import (
    MINIMUM_ENTRIES,
    TOKEN_SIZES,
    bitstring,
    bitstring_2021,
    token_list,
)
from node.verification.policy import Question
from node.verification.presentation import parse
from node.verification.proof import KeyRule, ProofChecker, Proven, key_source, resolved
from node.verification.proofs import jose
from node.verification.proofs.jwt_claims import Times, times
from node.verification.proofs.limits import Limits
from node.verification.proofs.sd_jwt_claims import TOKEN_STATUS_ENTRY
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.secured import Kind, Parsed, Secured, types_of
from node.verification.validity import check_validity
from node.verification.verdict import Outcome

LIMITS = Limits(max_bytes=4 << 20)
"""Of a list as served: 2 MiB of bits that GZIP cannot shorten take 2.8 MB of base64url."""
TOKEN_TYPE = "statuslist+jwt"  # noqa: S105 -- a media type, not a secret
_COSE_SIGN1 = b"\xd2"  # CBOR tag 18 (RFC 9052 §4.2)
_OF_LISTS = frozenset(
    {
        Reason.STATUS_LIST_INVALID,
        Reason.STATUS_LIST_LENGTH,
        Reason.STATUS_STALE,
        Reason.STATUS_ISSUER_MISMATCH,
    }
)
_KINDS = {  # type of the credential → type of the entries it answers for, type of its subject
    "BitstringStatusListCredential": ("BitstringStatusListEntry", "BitstringStatusList"),
    "StatusList2021Credential": ("StatusList2021Entry", "StatusList2021"),
}


@dataclass(frozen=True, slots=True)
class _Token:
    """A Token Status List (§5.1), taken apart."""

    jws: jose.Jws
    claims: Mapping[str, Any]
    times: Times
    signer: str  # DID; empty: it does not say, and the credential's issuer is meant


@dataclass(frozen=True, slots=True)
class ServedList:
    """As it came: steps 1 and 2 hold, nothing is believed."""

    uri: str
    content: Parsed | _Token = field(repr=False)
    fetched_at: int  # Unix seconds
    digest: str

    def dids(self, issuer: str) -> list[str]:
        """Those whose documents `checked` asks for. `issuer`: the credential's."""
        named = [self.content.signer] if isinstance(self.content, _Token) else dids(self.content)
        return [did for did in dict.fromkeys((issuer, *named)) if did]


def read_served(body: bytes, uri: str, fetched_at: int) -> ServedList:
    """Steps 1 and 2. Raises Refused."""
    if body[:1] == _COSE_SIGN1:
        raise _invalid("It is a CWT (statuslist+cwt), which is not read here; a statuslist+jwt is.")
    text = body.strip()
    content: Parsed | _Token | None = _token(text.decode("latin-1")) if text.startswith(b"eyJ") else None
    if isinstance(content, _Token):
        stated = content.claims.get("sub")
    else:
        content = _credential(body)
        stated = _address(_secured(content).document)
    if stated != uri:
        raise _invalid("What is served there is not the list of this address.")
    return ServedList(uri, content, fetched_at, hashlib.sha256(body).hexdigest())


def checked(
    served: ServedList, issuer: str, evidence: Evidence, question: Question, proofs: ProofChecker
) -> FetchedList:
    """Steps 3 to 6. `issuer`: of the credential whose status is asked for. Raises Refused."""
    if isinstance(served.content, _Token):
        return _checked_token(served, served.content, issuer, evidence, question)
    return _checked_credential(served, _secured(served.content), issuer, evidence, question, proofs)


def unusable(refused: Refused) -> UnusableList:
    """What went wrong, as a status check says it: what is at fault is the list, not the credential."""
    if refused.reason in _OF_LISTS:
        return UnusableList(refused.reason, refused.detail)
    return UnusableList(Reason.STATUS_LIST_INVALID, f"The status list cannot be relied on: {refused.detail}")


# --- status list credentials


def _credential(body: bytes) -> Parsed:
    parsed = parse(body, limits=LIMITS)
    if parsed.kind is not Kind.CREDENTIAL:
        raise _invalid("What is served there is not a status list.")
    return parsed


def _secured(parsed: Parsed) -> Secured:
    """The one credential of what is none but that."""
    (one,) = parsed.credentials
    if isinstance(one, Refused):
        raise one
    return one


def _address(document: Mapping[str, Any]) -> object:
    """Bitstring Status List §2.2: the credential's `id` may be its address; that of its subject is then taken
    from it, with a fragment."""
    subject = document.get("credentialSubject")
    inner = subject.get("id") if isinstance(subject, Mapping) else None
    return document.get("id", inner.partition("#")[0] if isinstance(inner, str) else None)


def _checked_credential(  # noqa: PLR0917 -- what it was read from, then what it is judged by
    served: ServedList,
    secured: Secured,
    issuer: str,
    evidence: Evidence,
    question: Question,
    proofs: ProofChecker,
) -> FetchedList:
    proven = proofs.check(secured, evidence, question)
    _check_signer(proven, issuer, evidence)
    document = secured.document
    now = Question(question.policy, question.now)
    if (found := check_validity(document, now)).outcome is not Outcome.PASSED:
        raise Refused(Reason.STATUS_STALE, f"The status list itself does not hold: {found.detail}")
    subject = document.get("credentialSubject")
    types = types_of(document)
    kind = next((_KINDS[one] for one in types if one in _KINDS), None)
    if kind is None or not isinstance(subject, Mapping) or kind[1] not in types_of(subject):
        raise _invalid("What is served there is not a status list.")
    decode = bitstring if kind[1] == "BitstringStatusList" else bitstring_2021
    bits = decode(subject.get("encodedList"))
    if bits.entries(1) < MINIMUM_ENTRIES:
        raise Refused(Reason.STATUS_LIST_LENGTH, f"The list has fewer than {MINIMUM_ENTRIES} entries.")
    issued = document.get("validFrom", document.get("issuanceDate"))
    ends = [unix_time(document[name]) for name in ("validUntil", "expirationDate") if name in document]
    return FetchedList(
        uri=served.uri,
        entry_type=kind[0],
        purposes=_purposes(subject.get("statusPurpose")),
        entry_bits=_stated_size(subject),
        bits=bits,
        issued_at=None if issued is None else unix_time(issued),
        expires=min(ends, default=None),
        ttl=_seconds(subject.get("ttl"), 1000),
        fetched_at=served.fetched_at,
        digest=served.digest,
    )


def _purposes(stated: object) -> frozenset[str]:
    """§2.2: one or several."""
    several = stated if isinstance(stated, list) else [stated]
    if not several or len(several) > 16 or not all(isinstance(one, str) for one in several):
        raise _invalid("The list does not say what it is for.")
    return frozenset(several)


def _stated_size(subject: Mapping[str, Any]) -> int | None:
    size = subject.get("statusSize")
    if size is not None and type(size) is not int:
        raise _invalid("The size of its entries is not a number.")
    return size


# --- Token Status Lists


def _token(compact: str) -> _Token | None:
    """None: a JWT of another kind."""
    jws = jose.split(compact, LIMITS)
    if jose.media_type(jws.header, "typ") != TOKEN_TYPE:
        return None
    claims = jose.claims_of(jws, LIMITS)
    signer = claims.get("iss", did_of(jws.header.get("kid", "")))
    if type(signer) is not str:
        raise _invalid("The list's issuer is not named by a text.")
    return _Token(jws, claims, times(claims), signer if signer.startswith("did:") or "iss" in claims else "")


def _checked_token(
    served: ServedList, token: _Token, issuer: str, evidence: Evidence, question: Question
) -> FetchedList:
    """Token Status List §8.3."""
    rule = KeyRule(resolved(token.signer or issuer, evidence), "assertionMethod", question.now)
    method = rule.method_named(token.jws.header.get("kid", ""))
    jose.check_signature(token.jws, method.key)
    proven = Proven(rule.document.id, TOKEN_TYPE, key_source(rule.document), method=method.id)
    _check_signer(proven, issuer, evidence)
    if token.times.issued_at is None:
        raise _invalid("The list does not say when it was issued.")
    try:
        token.times.check(question.now, question.policy.clock_skew)
    except Refused as refused:
        raise Refused(Reason.STATUS_STALE, f"The status list itself does not hold: {refused.detail}") from None
    stated = token.claims.get("status_list")
    size = stated.get("bits") if isinstance(stated, Mapping) else None
    if not isinstance(stated, Mapping) or type(size) is not int or size not in TOKEN_SIZES:
        raise _invalid("It holds no list, or one of entries of an impossible size.")
    return FetchedList(
        uri=served.uri,
        entry_type=TOKEN_STATUS_ENTRY,
        purposes=frozenset(),
        entry_bits=size,
        bits=token_list(stated.get("lst")),
        issued_at=token.times.issued_at,
        expires=token.times.expires,
        ttl=_seconds(token.claims.get("ttl"), 1),
        fetched_at=served.fetched_at,
        digest=served.digest,
    )


# --- both


def _check_signer(proven: Proven, issuer: str, evidence: Evidence) -> None:
    """DID Core §5.3: a relationship may name a method of another document. The ledger shows that the issuer
    did: for its status lists alone, as `KeyRule` lets nobody else sign credentials in its name."""
    if proven.controller == issuer:
        return
    document = evidence.documents.get(issuer)
    if (
        not isinstance(document, DidDocument)
        or document.source != "ledger"
        or document.deactivated
        or proven.method not in document.relationships.get("assertionMethod", ())
    ):
        raise Refused(
            Reason.STATUS_ISSUER_MISMATCH, "The status list is signed by someone else than the issuer."
        )


def _seconds(value: object, per_second: int) -> float | None:
    """`ttl`, None where there is none. What is not a number of them is no word of it either, but 0: kept for
    as short as may be."""
    if value is None:
        return None
    return max(0.0, value / per_second) if type(value) in (int, float) else 0.0  # type: ignore[operator] # checked


def _invalid(detail: str) -> Refused:
    return Refused(Reason.STATUS_LIST_INVALID, detail)
