"""Credentials and presentations secured as JWTs: VC-JOSE-COSE (`vc+jwt`, `vp+jwt`) and VCDM 1.1 §6.3.1.

Compact JWS alone (RFC 7515): EdDSA, ES256, ES384, ES256K, RS256, PS256. `peek` takes a token apart and
believes nothing; `check` checks the signature and what was asked. Keys named inside a token (`jwk`, `jku`,
`x5c`) are never used.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from node.crypto import base64url
from node.crypto.public_keys import PublicKey, SignatureInvalid
from node.crypto.signing import SigningKey
from node.verification.proofs import strict_json
from node.verification.proofs.data_integrity.screening import screen
from node.verification.proofs.jwt_claims import (
    Times,
    audiences,
    credential_of,
    presentation_of,
    times,
    without_claims,
)
from node.verification.proofs.limits import DEFAULT_LIMITS, Limits
from node.verification.reasons import Reason
from node.verification.refusals import Refused

MAX_HEADER_CHARS = 4096
REMEMBERED_HEADERS = 512  # that were in order
# Signatures by public keys alone; which goes with which key, the key knows.
_ALGORITHMS = frozenset({"EdDSA", "Ed25519", "ES256", "ES384", "ES256K", "RS256", "PS256"})
_CONTENT = {"vc+jwt": "vc", "vp+jwt": "vp"}


class Token(NamedTuple):
    """A JWT taken apart. `header` and `document` are unverified until `check` has passed."""

    mechanism: str  # "vc+jwt", "vp+jwt", "vc-jwt" or "vp-jwt" (VCDM 1.1)
    header: Mapping[str, Any]
    document: dict[str, Any]  # in VCDM's terms, the claims mapped
    nonce: str | None
    audiences: tuple[str, ...]
    times: Times  # of the signature
    signing_input: bytes
    signature: bytes

    def __repr__(self) -> str:
        return f"Token({self.mechanism!r}, {self.header!r})"

    @property
    def key_id(self) -> str:
        """`kid` of the header, or empty."""
        kid: str = self.header.get("kid", "")
        return kid


class Jws(NamedTuple):
    """A compact JWS taken apart; nothing of it is verified."""

    header: Mapping[str, Any]
    payload: bytes
    signing_input: bytes
    signature: bytes

    def __repr__(self) -> str:
        return f"Jws({self.header!r})"


def split(compact: str, limits: Limits = DEFAULT_LIMITS) -> Jws:
    """Raises Refused: TOO_LARGE, MALFORMED_PROOF, ALGORITHM_MISMATCH …"""
    if len(compact) > limits.max_bytes:
        raise Refused(Reason.TOO_LARGE, f"More than {limits.max_bytes} bytes.")
    parts = compact.split(".")
    if len(parts) != 3 or len(parts[0]) > MAX_HEADER_CHARS or not compact.isascii():
        raise Refused(Reason.MALFORMED_PROOF, "Not a compact JWS.")
    try:
        header = _header_of(parts[0])
        payload, signature = base64url.decode(parts[1]), base64url.decode(parts[2])
    except base64url.MalformedBase64url as error:
        raise Refused(Reason.MALFORMED_PROOF, "A part of the JWT is not base64url.") from error
    signing_input = compact[: len(parts[0]) + 1 + len(parts[1])].encode("ascii")
    return Jws(header, payload, signing_input, signature)


def claims_of(jws: Jws, limits: Limits = DEFAULT_LIMITS) -> dict[str, Any]:
    """The payload, which must be an object. Raises Refused."""
    return _object(jws.payload, limits)


def check_signature(jws: Jws | Token, key: PublicKey) -> None:
    """By this key, under an algorithm it is for. Raises Refused: ALGORITHM_MISMATCH, SIGNATURE_INVALID."""
    check_algorithm(jws.header, key)
    try:
        key.verify(jws.signature, jws.signing_input, jws.header["alg"])
    except SignatureInvalid as error:
        raise Refused(
            Reason.SIGNATURE_INVALID, "The signature does not match: it was changed after signing."
        ) from error


def check_algorithm(header: Mapping[str, Any], key: PublicKey) -> None:
    """`alg` says what the key is for, and nothing else. Raises Refused(ALGORITHM_MISMATCH)."""
    if not key.accepts(header["alg"]):
        raise Refused(Reason.ALGORITHM_MISMATCH, f"`alg` does not go with a {key.type} key.")


def peek(compact: str, limits: Limits = DEFAULT_LIMITS) -> Token:
    """Raises Refused: TOO_LARGE, MALFORMED_PROOF, ALGORITHM_MISMATCH, UNKNOWN_FORMAT, ISSUER_MISMATCH …"""
    jws = split(compact, limits)
    header = jws.header
    claims = claims_of(jws, limits)
    mechanism, document = _read(header, claims)
    nonce = claims.get("nonce")
    if nonce is not None and type(nonce) is not str:
        raise Refused(Reason.MALFORMED_PROOF, "`nonce` is not a text.", "/nonce")
    return Token(
        mechanism=mechanism,
        header=header,
        document=document,
        nonce=nonce,
        audiences=audiences(claims),
        times=times(claims),
        signing_input=jws.signing_input,
        signature=jws.signature,
    )


def check(
    token: Token,
    key: PublicKey,
    *,
    now: int,
    skew: int,
    challenge: str | None = None,
    domain: str | None = None,
) -> None:
    """The signature, its times, and what the verifier asked for. Raises Refused.

    The dates of a VC-JWT are those of the credential (VCDM 1.1 §6.3.1: `exp` is its expirationDate), and
    are judged with it.
    """
    check_algorithm(token.header, key)
    screen(token.document)
    if token.mechanism != "vc-jwt":
        token.times.check(now, skew)
    if challenge is not None and token.nonce != challenge:
        raise Refused(Reason.CHALLENGE_MISMATCH, "The presentation does not answer this verifier's challenge.")
    if domain is not None and domain not in token.audiences:
        raise Refused(Reason.DOMAIN_MISMATCH, "The presentation was made for another verifier.")
    check_signature(token, key)


def sign(payload: Mapping[str, Any], *, key: SigningKey, kid: str, typ: str) -> str:
    """A compact JWS. `typ` is "vc+jwt", "vp+jwt", or "JWT" for a payload with a `vc` or `vp` claim.

    Raises Refused for what `peek` or the screening would refuse.
    """
    header = {"alg": key.public.jose_alg, "typ": typ, "kid": kid}
    if typ in _CONTENT:
        header["cty"] = _CONTENT[typ]
    compact = sign_compact(header, payload, key)
    screen(peek(compact).document)
    return compact


def sign_compact(header: Mapping[str, Any], payload: Mapping[str, Any], key: SigningKey) -> str:
    """A compact JWS of any header and payload."""
    signing_input = f"{base64url.encode(orjson.dumps(header))}.{base64url.encode(orjson.dumps(payload))}"
    return f"{signing_input}.{base64url.encode(key.sign(signing_input.encode('ascii')))}"


def _object(raw: bytes, limits: Limits) -> dict[str, Any]:
    value = strict_json.parse(raw, limits)
    if type(value) is not dict:
        raise Refused(Reason.MALFORMED_PROOF, "A part of the JWT is not a JSON object.")
    return value


@lru_cache(REMEMBERED_HEADERS)
def _header_of(text: str) -> Mapping[str, Any]:
    """An issuer writes the same one over and over. Raises Refused, MalformedBase64url."""
    header = _object(base64url.decode(text), DEFAULT_LIMITS)
    _check_header(header)
    return header


def _check_header(header: Mapping[str, Any]) -> None:
    # RFC 7515 §4.1.11: "If any of the listed extension Header Parameters are not understood and supported
    # by the recipient, then the JWS is invalid." None is; `b64` (RFC 7797) would change what is signed.
    if "crit" in header or "b64" in header:
        raise Refused(Reason.MALFORMED_PROOF, "The JWT demands an extension that is not supported.")
    algorithm = header.get("alg")
    if type(algorithm) is not str or algorithm not in _ALGORITHMS:
        raise Refused(Reason.ALGORITHM_MISMATCH, "The JWT is signed with an algorithm that is not accepted.")
    if type(header.get("kid", "")) is not str:
        raise Refused(Reason.MALFORMED_PROOF, "`kid` is not a text.")


def media_type(header: Mapping[str, Any], name: str) -> str:
    """RFC 7515 §4.1.9: `application/` may be left out, and case does not matter."""
    value = header.get(name, "")
    if type(value) is not str:
        raise Refused(Reason.UNKNOWN_FORMAT, f"`{name}` is not a text.")
    return value.lower().removeprefix("application/")


def _read(header: Mapping[str, Any], claims: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The mechanism, and the document it secures."""
    typ, cty = media_type(header, "typ"), media_type(header, "cty")
    if typ in _CONTENT:
        # VC-JOSE-COSE §1.1.2.1: "vc and vp … MUST NOT be present"
        if cty not in ("", _CONTENT[typ]) or "vc" in claims or "vp" in claims:
            raise Refused(Reason.UNKNOWN_FORMAT, f"Not a {typ}: `cty`, `vc` and `vp` say otherwise.")
        return typ, without_claims(claims, "issuer" if typ == "vc+jwt" else "holder")
    if typ not in ("", "jwt") or cty not in ("", "json") or ("vc" in claims) == ("vp" in claims):
        raise Refused(Reason.UNKNOWN_FORMAT, "This JWT is neither a credential nor a presentation.")
    if "vc" in claims:
        return "vc-jwt", credential_of(claims)
    return "vp-jwt", presentation_of(claims)
