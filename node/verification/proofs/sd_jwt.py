"""Credentials secured as SD-JWT (RFC 9901): SD-JWT VC (`dc+sd-jwt`, once `vc+sd-jwt`), and VCDM 2.0.

    <issuer-signed JWT>~<disclosure>~…~<disclosure>~[<key binding JWT>]

`peek` takes one apart within limits and believes nothing; `check` checks the issuer's signature,
`check_binding` the holder's. Certificates and keys named in a header (`x5c`, `jwk`, `jku`) are never used.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from node.crypto import base64url
from node.crypto.public_keys import MalformedKey, PublicKey
from node.verification.proofs import jose, sd_jwt_disclosures
from node.verification.proofs.data_integrity.screening import screen
from node.verification.proofs.jwt_claims import Times, audiences, times, without_claims
from node.verification.proofs.limits import DEFAULT_LIMITS, Limits
from node.verification.proofs.sd_jwt_claims import PLAIN, PLAIN_PRESENTATION, PLAIN_VCDM, document_of
from node.verification.reasons import Reason
from node.verification.refusals import Refused

SD_JWT_VC = "dc+sd-jwt"
MECHANISMS = (SD_JWT_VC, "vc+sd-jwt")
PRESENTATION = "vp+sd-jwt"
_KEY_BINDING = "kb+jwt"


class Confirmation(NamedTuple):
    """`cnf` (RFC 7800 §3): the key whoever presents must hold. One of the two is there."""

    jwk: Mapping[str, Any] | None
    key_id: str

    def key(self) -> PublicKey | None:
        """The key itself, where it is there. Raises Refused."""
        if self.jwk is None:
            return None
        try:
            return PublicKey.from_jwk(self.jwk)
        except MalformedKey as error:
            raise Refused(
                Reason.KEY_NOT_FOUND, "The key it is bound to cannot be used here.", "/cnf/jwk"
            ) from error


class KeyBinding(NamedTuple):
    """The key binding JWT (RFC 9901 §4.3), unverified."""

    jws: jose.Jws
    nonce: str
    audience: str
    times: Times
    covers: bool  # whether its `sd_hash` is that of all that stands before it


class SdJwt(NamedTuple):
    """Taken apart. `document` is to be believed once `check` has passed, and not before."""

    mechanism: str
    jws: jose.Jws
    document: dict[str, Any]  # in VCDM's terms
    times: Times
    of_vcdm: bool  # the payload is a credential of VCDM 2.0
    confirmation: Confirmation | None
    binding: KeyBinding | None
    fault: Refused | None  # of the disclosures: `document` then holds none

    @property
    def key_id(self) -> str:
        """`kid` of the header, or empty."""
        kid: str = self.jws.header.get("kid", "")
        return kid


def peek(compact: str, limits: Limits = DEFAULT_LIMITS) -> SdJwt:
    """Raises Refused: TOO_LARGE, TOO_MANY_VALUES, MALFORMED_PROOF, ALGORITHM_MISMATCH, UNKNOWN_FORMAT …"""
    if len(compact) > limits.max_bytes:
        raise Refused(Reason.TOO_LARGE, f"More than {limits.max_bytes} bytes.")
    if not compact.isascii():
        raise Refused(Reason.MALFORMED_PROOF, "Not an SD-JWT.")
    if compact.count("~") > sd_jwt_disclosures.MAX_DISCLOSURES + 1:
        raise Refused(Reason.TOO_MANY_VALUES, "It has too many disclosures.")
    signed, *texts, bound = compact.split("~")
    jws = jose.split(signed, limits)
    mechanism = jose.media_type(jws.header, "typ")
    if mechanism not in MECHANISMS:
        raise Refused(Reason.UNKNOWN_FORMAT, "This SD-JWT does not say that it is a credential.")
    payload = jose.claims_of(jws, limits)
    hash_ = sd_jwt_disclosures.hash_of(payload)
    of_vcdm = mechanism != SD_JWT_VC and "@context" in payload
    if of_vcdm and ("vct" in payload or "status" in payload):
        raise Refused(Reason.UNKNOWN_FORMAT, "It is two kinds of credential at once.", "/vct")
    plain = PLAIN_VCDM if of_vcdm else PLAIN
    fault = None
    try:
        disclosures = sd_jwt_disclosures.read(texts, hash_, limits)
        claims = sd_jwt_disclosures.disclosed(payload, disclosures, plain, limits)
    except Refused as refused:
        fault, claims = refused, {name: payload[name] for name in plain if name in payload}
    when = times(claims)
    return SdJwt(
        mechanism=mechanism,
        jws=jws,
        document=without_claims(claims, "issuer") if of_vcdm else document_of(claims, when),
        times=when,
        of_vcdm=of_vcdm,
        confirmation=_confirmation(payload),
        binding=_binding(bound, compact[: len(compact) - len(bound)], hash_, limits) if bound else None,
        fault=fault,
    )


def is_presentation(compact: str) -> bool:
    """Whether its header, unchecked, speaks of a presentation."""
    return _speaks_of_presentation(compact[: jose.MAX_HEADER_CHARS].partition(".")[0])


@lru_cache(jose.REMEMBERED_HEADERS)
def _speaks_of_presentation(header: str) -> bool:
    try:
        return PRESENTATION.encode() in base64url.decode(header)
    except base64url.MalformedBase64url:
        return False


def peek_presentation(compact: str, limits: Limits = DEFAULT_LIMITS) -> jose.Token:
    """A presentation its holder signed (VC-JOSE-COSE §3.2.2), read as the JWT it is. Raises Refused.

    What it holds cannot be disclosed selectively: its holder withholds a credential by leaving it out.
    """
    if len(compact) > limits.max_bytes or compact.count("~") > sd_jwt_disclosures.MAX_DISCLOSURES + 1:
        raise Refused(Reason.TOO_LARGE, f"More than {limits.max_bytes} bytes, or too many disclosures.")
    signed, *texts, bound = compact.split("~")
    jws = jose.split(signed, limits)
    if jose.media_type(jws.header, "typ") != PRESENTATION or bound:
        raise Refused(Reason.UNKNOWN_FORMAT, "This SD-JWT is no presentation, or one that somebody else bound.")
    payload = jose.claims_of(jws, limits)
    disclosures = sd_jwt_disclosures.read(texts, sd_jwt_disclosures.hash_of(payload), limits)
    claims = sd_jwt_disclosures.disclosed(payload, disclosures, PLAIN_PRESENTATION, limits)
    nonce = claims.get("nonce")
    if nonce is not None and type(nonce) is not str:
        raise Refused(Reason.MALFORMED_PROOF, "`nonce` is not a text.", "/nonce")
    return jose.Token(
        mechanism=PRESENTATION,
        header=jws.header,
        document=without_claims(claims, "holder"),
        nonce=nonce,
        audiences=audiences(claims),
        times=times(claims),
        signing_input=jws.signing_input,
        signature=jws.signature,
    )


def check(token: SdJwt, key: PublicKey, *, now: int, skew: int) -> None:
    """The disclosures, the time of signing and the issuer's signature. Raises Refused.

    `nbf` and `exp` are the dates of an SD-JWT VC itself, and are judged with it.
    """
    jose.check_algorithm(token.jws.header, key)
    if token.fault is not None:
        raise token.fault
    if token.of_vcdm:
        screen(token.document)
        token.times.check(now, skew)
    else:
        Times(token.times.issued_at, None, None).check(now, skew)
    jose.check_signature(token.jws, key)


def check_binding(binding: KeyBinding, key: PublicKey, *, now: int, skew: int, fresh: bool) -> None:
    """By the holder's key, over all that was presented. Raises Refused.

    `fresh`: it must have been made just now, within `skew` seconds (RFC 9901 §7.3, step 5.e).
    """
    binding.times.check(now, skew)
    issued = binding.times.issued_at
    if issued is None or (fresh and issued < now - skew):
        raise Refused(Reason.PROOF_EXPIRED, "The holder signed too long ago for this to be an answer.")
    if not binding.covers:
        raise Refused(Reason.SIGNATURE_INVALID, "The holder signed something else than what was presented.")
    jose.check_signature(binding.jws, key)


def _confirmation(payload: Mapping[str, Any]) -> Confirmation | None:
    if "cnf" not in payload:
        return None
    stated = payload["cnf"]
    jwk, key_id = (stated.get("jwk"), stated.get("kid", "")) if type(stated) is dict else (None, "")
    if not (type(jwk) is dict or (jwk is None and key_id)) or type(key_id) is not str:
        raise Refused(
            Reason.MALFORMED_CREDENTIAL, "The key it is bound to is named in a way that cannot be read.", "/cnf"
        )
    return Confirmation(jwk, key_id)


def _binding(text: str, before: str, hash_: sd_jwt_disclosures.Hash, limits: Limits) -> KeyBinding:
    jws = jose.split(text, limits)
    if jose.media_type(jws.header, "typ") != _KEY_BINDING:
        raise Refused(Reason.UNKNOWN_FORMAT, "What follows its disclosures is no proof of its holder.")
    claims = jose.claims_of(jws, limits)
    nonce, sd_hash, stated = claims.get("nonce"), claims.get("sd_hash"), audiences(claims)
    if type(nonce) is not str or type(sd_hash) is not str or len(stated) != 1 or "iat" not in claims:
        raise Refused(
            Reason.MALFORMED_PROOF, "The holder's proof does not say when, for whom and over what it was made."
        )
    covers = sd_hash == sd_jwt_disclosures.digest_of(before.encode("ascii"), hash_)
    return KeyBinding(jws, nonce, stated[0], times(claims), covers)
