"""JWT claims and the members of a credential that say the same: compared, and where one is missing, mapped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from node.verification.dates import unix_time, written
from node.verification.proofs.contexts import VCDM_1
from node.verification.reasons import Reason
from node.verification.refusals import Refused

# VC-JOSE-COSE §3.1.3: registered claims that may stand beside the members of a document.
_REGISTERED = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "cnf"})
_LAST_MOMENT = 253_402_300_799  # 9999-12-31T23:59:59Z, the last that a dateTime of four digits can name
_MAX_AUDIENCES = 16


class Times(NamedTuple):
    """When a signature holds, in Unix seconds (RFC 7519 §4.1.4 to 4.1.6)."""

    issued_at: int | None
    not_before: int | None
    expires: int | None

    def check(self, now: int, skew: int) -> None:
        """Raises Refused: PROOF_NOT_YET_VALID, PROOF_EXPIRED."""
        for start in (self.issued_at, self.not_before):
            if start is not None and start > now + skew:
                raise Refused(Reason.PROOF_NOT_YET_VALID, "The signature is of a time to come.")
        # "MUST NOT be accepted … on or after"
        if self.expires is not None and self.expires <= now - skew:
            raise Refused(Reason.PROOF_EXPIRED, "The signature has expired.")


_MOMENTS = frozenset({"iat", "nbf", "exp"})
_ALWAYS = Times(None, None, None)


def times(claims: Mapping[str, Any]) -> Times:
    """Raises Refused(MALFORMED_DATE)."""
    if _MOMENTS.isdisjoint(claims):
        return _ALWAYS
    return Times(_moment(claims, "iat"), _moment(claims, "nbf"), _moment(claims, "exp"))


def audiences(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """`aud`, one or several (RFC 7519 §4.1.3). Raises Refused(MALFORMED_PROOF)."""
    if "aud" not in claims:
        return ()
    value = claims["aud"]
    stated = value if type(value) is list else [value]
    if len(stated) > _MAX_AUDIENCES or not all(type(one) is str for one in stated):
        raise Refused(Reason.MALFORMED_PROOF, "`aud` is neither a text nor a short list of them.", "/aud")
    return tuple(stated)


def without_claims(claims: Mapping[str, Any], author: str) -> dict[str, Any]:
    """The document of a `vc+jwt` or `vp+jwt`, whose claims must agree with it. Raises Refused.

    `author`: the member that names who signed, "issuer" or "holder".
    """
    if _REGISTERED.isdisjoint(claims):  # as issuers of a `vc+jwt` write it
        return dict(claims)
    document = {name: value for name, value in claims.items() if name not in _REGISTERED}
    if "iss" in claims and _id_of(document.get(author)) != claims["iss"]:
        raise _conflict("iss", author)
    if "jti" in claims and document.get("id") != claims["jti"]:
        raise _conflict("jti", "id")
    if "sub" in claims and _id_of(document.get("credentialSubject")) != claims["sub"]:
        raise _conflict("sub", "credentialSubject")
    return document


def credential_of(claims: Mapping[str, Any]) -> dict[str, Any]:
    """The credential of a VC-JWT (VCDM 1.1 §6.3.1). Raises Refused."""
    document = _claim(claims, "vc")
    _map_id(document, "issuer", claims, "iss")
    _map(document, "id", claims, "jti")
    if "sub" in claims:
        subject = document.get("credentialSubject")
        if type(subject) is not dict:
            raise _conflict("sub", "credentialSubject")
        subject = dict(subject)
        _map(subject, "id", claims, "sub")
        document["credentialSubject"] = subject
    if _is_vcdm_1(document):
        _map_date(document, "issuanceDate", claims, "nbf")
        _map_date(document, "expirationDate", claims, "exp")
    else:
        _map_date(document, "validFrom", claims, "nbf")
        _map_date(document, "validUntil", claims, "exp")
    return document


def presentation_of(claims: Mapping[str, Any]) -> dict[str, Any]:
    """The presentation of a VP-JWT (VCDM 1.1 §6.3.1). Raises Refused."""
    document = _claim(claims, "vp")
    _map_id(document, "holder", claims, "iss")
    _map(document, "id", claims, "jti")
    return document


def _claim(claims: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = claims[name]
    if type(value) is not dict:
        raise Refused(Reason.UNKNOWN_FORMAT, f"`{name}` is not an object.", f"/{name}")
    return dict(value)


def _map(document: dict[str, Any], member: str, claims: Mapping[str, Any], claim: str) -> None:
    if claim in claims and document.setdefault(member, claims[claim]) != claims[claim]:
        raise _conflict(claim, member)


def _map_id(document: dict[str, Any], member: str, claims: Mapping[str, Any], claim: str) -> None:
    """A member that is an address, or an object with one."""
    if type(document.get(member)) is dict:
        named = dict(document[member])
        _map(named, "id", claims, claim)
        document[member] = named
    else:
        _map(document, member, claims, claim)


def _map_date(document: dict[str, Any], member: str, claims: Mapping[str, Any], claim: str) -> None:
    moment = _moment(claims, claim)
    if moment is None:
        return
    if member not in document:
        document[member] = written(moment)
    elif unix_time(document[member], f"/{member}") != moment:
        raise _conflict(claim, member)


def _moment(claims: Mapping[str, Any], claim: str) -> int | None:
    """A NumericDate (RFC 7519 §2), fractions cut off."""
    if claim not in claims:
        return None
    value = claims[claim]
    if type(value) not in (int, float) or not 0 <= value <= _LAST_MOMENT:
        raise Refused(Reason.MALFORMED_DATE, f"`{claim}` is not a date.", f"/{claim}")
    return int(value)


def _is_vcdm_1(document: Mapping[str, Any]) -> bool:
    context = document.get("@context")
    return (context[0] if type(context) is list and context else context) == VCDM_1


def _id_of(value: Any) -> Any:
    return value.get("id") if type(value) is dict else value


def _conflict(claim: str, member: str) -> Refused:
    reason = Reason.ISSUER_MISMATCH if claim == "iss" else Reason.MALFORMED_CREDENTIAL
    return Refused(reason, f"The claim `{claim}` and the member `{member}` do not agree.", f"/{member}")
