"""A credential or presentation, in any of the forms that are accepted, read into the one the checks know.

Accepted, VCDM 1.1 and 2.0:

- a credential or presentation with embedded proofs (Data Integrity), or with none;
- `vc+jwt`, `vp+jwt` and `vp+sd-jwt` (VC-JOSE-COSE), by themselves or as a `data:` URL in an Enveloped… object;
- VC-JWT and VP-JWT (VCDM 1.1 §6.3.1);
- SD-JWT VC (`dc+sd-jwt`, `vc+sd-jwt`), by itself or enveloped, with or without key binding.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from node.verification.proofs import jose, sd_jwt
from node.verification.proofs.contexts import VCDM_1, VCDM_2
from node.verification.proofs.limits import Limits
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.secured import Kind, Secured, id_of, types_of

_ENVELOPES = {
    "EnvelopedVerifiableCredential": tuple(
        f"data:application/{kind}," for kind in ("vc+jwt", *sd_jwt.MECHANISMS)
    ),
    "EnvelopedVerifiablePresentation": tuple(
        f"data:application/{kind}," for kind in ("vp+jwt", sd_jwt.PRESENTATION)
    ),
}


def read(value: object, limits: Limits) -> Secured:
    """A credential or presentation in any of the accepted forms. Raises Refused."""
    if isinstance(value, str):
        return _read_token(value, limits)
    if not isinstance(value, dict):
        raise Refused(Reason.UNKNOWN_FORMAT, "This is neither a credential nor a presentation.")
    types = types_of(value)
    for envelope, prefixes in _ENVELOPES.items():
        if envelope in types:
            return _read_envelope(value, prefixes, limits)
    if "VerifiablePresentation" in types:
        _admit_presentation(value)
        return Secured(Kind.PRESENTATION, value)
    if "VerifiableCredential" in types:
        _admit_credential(value, types)
        return Secured(Kind.CREDENTIAL, value)
    raise Refused(Reason.UNKNOWN_FORMAT, "This is neither a credential nor a presentation.", "/type")


def _read_envelope(value: dict[str, Any], prefixes: tuple[str, ...], limits: Limits) -> Secured:
    """VCDM 2.0 §4.12: "The id value of the object MUST be a data: URL"."""
    url = value.get("id")
    if not isinstance(url, str) or not url.startswith(prefixes):
        raise Refused(Reason.UNKNOWN_FORMAT, "Its envelope holds nothing that can be read here.", "/id")
    media_type, _, text = url.partition(",")
    secured = _read_token(text, limits)
    # What it says it holds is what it holds: whoever sorts envelopes by their media type must not be fooled.
    is_presentation = secured.kind is Kind.PRESENTATION
    if is_presentation != ("/vp" in media_type) or ("sd-jwt" in secured.mechanism) != ("sd-jwt" in media_type):
        raise Refused(Reason.UNKNOWN_FORMAT, "Its envelope holds something else than it says.", "/id")
    return secured


def _read_token(text: str, limits: Limits) -> Secured:
    if not text.startswith("eyJ"):
        raise Refused(Reason.UNKNOWN_FORMAT, "This is neither a credential nor a presentation.")
    if "~" in text and not sd_jwt.is_presentation(text):
        return _read_sd_jwt(text, limits)
    token = sd_jwt.peek_presentation(text, limits) if "~" in text else jose.peek(text, limits)
    if token.mechanism.startswith("vp"):
        if "VerifiablePresentation" not in types_of(token.document):
            raise _malformed("It does not say that it is a verifiable presentation.", "/type")
        _admit_presentation(token.document)
        return Secured(Kind.PRESENTATION, token.document, token)
    _admit_credential(token.document, types_of(token.document))
    return Secured(Kind.CREDENTIAL, token.document, token)


def _read_sd_jwt(text: str, limits: Limits) -> Secured:
    token = sd_jwt.peek(text, limits)
    if token.of_vcdm and token.fault is None:
        _admit_credential(token.document, types_of(token.document))
    return Secured(Kind.CREDENTIAL, token.document, sd_jwt=token)


def _admit_credential(document: Mapping[str, Any], types: Collection[str]) -> None:
    """The members every credential has, in a shape the checks can rely on (VCDM 2.0 §4, VCDM 1.1 §4)."""
    base = _admit_contexts(document)
    if "VerifiableCredential" not in types:
        raise _malformed("It does not say that it is a verifiable credential.", "/type")
    issuer = document.get("issuer")
    if not id_of(issuer):
        raise _malformed("It names no issuer.", "/issuer")
    subjects = document.get("credentialSubject")
    for subject in subjects if subjects and isinstance(subjects, list) else (subjects,):
        if not subject or not isinstance(subject, dict):
            raise _malformed("It says nothing about anyone.", "/credentialSubject")
    if not isinstance(document.get("id", ""), str):
        raise _malformed("Its id is not a text.", "/id")
    if base == VCDM_1 and "issuanceDate" not in document:
        raise _malformed("It does not say when it was issued.", "/issuanceDate")


def _admit_presentation(document: Mapping[str, Any]) -> None:
    _admit_contexts(document)
    if "holder" in document and not id_of(document["holder"]):
        raise _malformed("Its holder is not named by an id.", "/holder")


def _admit_contexts(document: Mapping[str, Any]) -> object:
    """VCDM 2.0 §4.3: the first context is the base one, which is given back."""
    contexts = document.get("@context")
    base = contexts[0] if isinstance(contexts, list) and contexts else contexts
    if base not in (VCDM_1, VCDM_2):
        raise _malformed("It does not begin with the context of a verifiable credential.", "/@context")
    return base


def _malformed(detail: str, member: str) -> Refused:
    return Refused(Reason.MALFORMED_CREDENTIAL, detail, member)
