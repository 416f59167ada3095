"""Step 1: what was presented, taken apart within limits. Nothing is believed yet.

Accepted, as JSON, as a JSON string or as a bare JWT, VCDM 1.1 and 2.0:

- a credential or presentation with embedded proofs (Data Integrity), or with none;
- `vc+jwt`, `vp+jwt` and `vp+sd-jwt` (VC-JOSE-COSE), by themselves or as a `data:` URL in an Enveloped… object;
- VC-JWT and VP-JWT (VCDM 1.1 §6.3.1);
- SD-JWT VC (`dc+sd-jwt`, `vc+sd-jwt`), by itself or enveloped, with or without key binding.

A credential inside a presentation that cannot be read is kept as the reason why: it hides none of the others.
Credentials inside credentials are read too (enclosed.py says where they stand), so many and so deep.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from node.did.syntax import did_of
from node.verification.enclosed import Relation, encloses_any, places
from node.verification.proofs import jose, sd_jwt, strict_json
from node.verification.proofs.contexts import VCDM_1, VCDM_2
from node.verification.proofs.limits import DEFAULT_LIMITS, Limits
from node.verification.reasons import Reason
from node.verification.refusals import Refused

MAX_CREDENTIALS = 100  # in a presentation, those inside others included
MAX_ENCLOSURE = 4  # credentials inside one another, below the outermost

_CHARS_PER_MEMBER = 40
_ENVELOPES = {
    "EnvelopedVerifiableCredential": tuple(
        f"data:application/{kind}," for kind in ("vc+jwt", *sd_jwt.MECHANISMS)
    ),
    "EnvelopedVerifiablePresentation": tuple(
        f"data:application/{kind}," for kind in ("vp+jwt", sd_jwt.PRESENTATION)
    ),
}


class Kind(StrEnum):
    """What was presented."""

    CREDENTIAL = "credential"
    PRESENTATION = "presentation"


_CREDENTIAL = Kind.CREDENTIAL


@dataclass(frozen=True, slots=True)
class Secured:
    """A credential or presentation and what secures it; the proof is not checked yet."""

    kind: Kind
    document: dict[str, Any]  # in VCDM's terms; the claims of a JWT are mapped
    token: jose.Token | None = field(default=None, repr=False)  # None: the proof, if any, is embedded
    sd_jwt: sd_jwt.SdJwt | None = field(default=None, repr=False)
    enclosed: tuple[Enclosed, ...] = ()  # the credentials inside it

    @property
    def controller(self) -> str:
        """The issuer of a credential, the holder of a presentation: an id, or empty where none is named."""
        return _id_of(self.document.get("issuer" if self.kind is _CREDENTIAL else "holder"))

    @property
    def mechanism(self) -> str:
        """What it says it is secured with; empty without a proof."""
        if self.token is not None:
            return self.token.mechanism
        if self.sd_jwt is not None:
            return self.sd_jwt.mechanism
        stated = next((proof.get("cryptosuite", proof.get("type")) for proof in self.proofs()), "")
        return stated[:64] if isinstance(stated, str) else ""

    @property
    def has_proof(self) -> bool:
        return self.token is not None or self.sd_jwt is not None or bool(self.document.get("proof"))

    @property
    def is_chained(self) -> bool:
        """Whether some of its proofs build on others, which may be someone else's."""
        stated = self.document.get("proof")
        if type(stated) is dict:  # as nearly always: the one proof, or none
            return "previousProof" in stated
        return stated is not None and any("previousProof" in proof for proof in self.proofs())

    def proofs(self) -> Iterator[Mapping[str, Any]]:
        """The embedded proofs."""
        stated = self.document.get("proof")
        for one in stated if isinstance(stated, list) else [stated]:
            if isinstance(one, Mapping):
                yield one


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A credential inside another."""

    relation: Relation
    member: str  # JSON pointer to where it stands in the other
    about: frozenset[str]  # the ids it may be about
    credential: Secured | Refused


@dataclass(frozen=True, slots=True)
class Parsed:
    """One credential, or a presentation and the credentials in it."""

    kind: Kind
    presentation: Secured | None
    credentials: tuple[Secured | Refused, ...]
    raw: bytes | str | dict[str, Any] = field(repr=False)
    size: int  # characters presented; of an object a rough guess


def parse(
    raw: bytes | str | dict[str, Any],
    *,
    limits: Limits = DEFAULT_LIMITS,
    max_credentials: int = MAX_CREDENTIALS,
) -> Parsed:
    """`raw`: as presented, or an object `strict_json` has read. Raises Refused where nothing could be read."""
    value, size = _value(raw, limits)
    secured = _read(value, limits)
    if secured.kind is Kind.CREDENTIAL:
        secured = _with_enclosed(secured, limits, _Budget(max_credentials - 1))
        return Parsed(Kind.CREDENTIAL, None, (secured,), raw, size)
    presented = secured.document.get("verifiableCredential")
    held = presented if isinstance(presented, list) else [] if presented is None else [presented]
    if not held:
        raise Refused(
            Reason.EMPTY_PRESENTATION, "The presentation holds no credential.", "/verifiableCredential"
        )
    if len(held) > max_credentials:
        raise Refused(
            Reason.TOO_MANY_CREDENTIALS,
            f"The presentation holds more than {max_credentials} credentials.",
            "/verifiableCredential",
        )
    budget = _Budget(max_credentials - len(held))
    credentials = tuple(
        _read_held(one, limits, budget, f"/verifiableCredential/{i}") for i, one in enumerate(held)
    )
    return Parsed(Kind.PRESENTATION, secured, credentials, raw, size)


def dids(parsed: Parsed, *, of_methods: bool = False) -> list[str]:
    """The DIDs whose documents the checks will ask for: issuers', the presenter's, and those of chained proofs.

    `of_methods`: also those the proofs name, whoever the issuer is (only for an unsafe policy).
    """
    wanted: list[str] = []
    of_proofs: list[str] = []
    for one in all_secured(parsed.credentials):
        issuer = one.controller
        if one.sd_jwt is None:
            wanted.append(issuer)
        else:
            # That of an SD-JWT VC may be a web address (its §3.5), whose keys are not asked for.
            wanted += [did for did in (issuer, _binding_did(one.sd_jwt)) if did.startswith("did:")]
        if of_methods or one.is_chained:
            of_proofs += method_dids(one)
    presentation = parsed.presentation
    if presentation is not None:
        if presentation.has_proof:
            wanted += [presentation.controller] if presentation.controller else method_dids(presentation)
        if of_methods or presentation.is_chained:
            of_proofs += method_dids(presentation)
    return [did for did in dict.fromkeys((*wanted, *of_proofs)) if did]


def all_secured(credentials: Iterable[Secured | Refused]) -> list[Secured]:
    """Those that could be read, and those inside them."""
    found = []
    for one in credentials:
        if isinstance(one, Secured):
            found.append(one)
            if one.enclosed:
                found += all_secured(inner.credential for inner in one.enclosed)
    return found


def method_dids(secured: Secured) -> list[str]:
    """The DIDs of the verification methods that the proofs name, unchecked."""
    if secured.token is not None:
        named: list[object] = [secured.token.header.get("kid"), secured.token.header.get("iss")]
    elif secured.sd_jwt is not None:
        named = [secured.sd_jwt.key_id]
    else:
        named = [proof.get("verificationMethod") for proof in secured.proofs()]
    found = [did_of(one) for one in named if isinstance(one, str) and one.startswith("did:")]
    return list(dict.fromkeys(found))[:4]


def _binding_did(token: sd_jwt.SdJwt) -> str:
    """The DID whose key an SD-JWT is bound to; empty where its holder proves nothing, or the key is there."""
    if token.binding is None or token.confirmation is None:
        return ""
    bound = token.confirmation
    return did_of(bound.key_id) if bound.jwk is None and bound.key_id.startswith("did:") else ""


def _value(raw: bytes | str | dict[str, Any], limits: Limits) -> tuple[object, int]:
    """The JSON that was presented, and its size; a bare JWT counts as a JSON string."""
    if isinstance(raw, dict):
        return raw, _CHARS_PER_MEMBER * strict_json.bound(raw, limits)
    if len(raw) > limits.max_bytes:
        raise Refused(Reason.TOO_LARGE, f"It is larger than {limits.max_bytes} bytes.")
    text = (raw if isinstance(raw, str) else raw.decode("latin-1")).strip()  # a JWT is ASCII
    value = text if text.startswith("eyJ") else strict_json.parse(raw, limits)  # eyJ: {" of a JOSE header
    return value, len(raw)


class _Budget:
    """How many more credentials may be read."""

    def __init__(self, left: int) -> None:
        self.left = left


def _with_enclosed(secured: Secured, limits: Limits, budget: _Budget, depth: int = 0) -> Secured:
    """With the credentials inside it read as well. Where they are too many, the first too many says so."""
    if not encloses_any(secured.document):
        return secured
    found: list[Enclosed] = []
    for place in places(secured.document):
        left_out = _left_out(place.member, budget, depth)
        if left_out is not None:
            found.append(Enclosed(place.relation, place.member, place.about, left_out))
            break
        budget.left -= 1
        credential = _read_held(place.value, limits, budget, place.member, depth + 1)
        found.append(Enclosed(place.relation, place.member, place.about, credential))
    return replace(secured, enclosed=tuple(found)) if found else secured


def _left_out(member: str, budget: _Budget, depth: int) -> Refused | None:
    if depth == MAX_ENCLOSURE:
        detail = f"It lies inside more than {MAX_ENCLOSURE} other credentials, and is not looked at."
        return Refused(Reason.TOO_DEEP, detail, member)
    if not budget.left:
        detail = "So many credentials are not looked at together: this one and those after it are left out."
        return Refused(Reason.TOO_MANY_CREDENTIALS, detail, member)
    return None


def _read_held(
    value: object, limits: Limits, budget: _Budget, member: str, depth: int = 0
) -> Secured | Refused:
    try:
        secured = _read(value, limits)
    except Refused as refused:
        return Refused(refused.reason, refused.detail, member + refused.member)
    if secured.kind is not Kind.CREDENTIAL:
        return Refused(
            Reason.MALFORMED_CREDENTIAL, "A presentation is not accepted where a credential belongs.", member
        )
    return _with_enclosed(secured, limits, budget, depth)


def _read(value: object, limits: Limits) -> Secured:
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
    if not _id_of(issuer):
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
    if "holder" in document and not _id_of(document["holder"]):
        raise _malformed("Its holder is not named by an id.", "/holder")


def _admit_contexts(document: Mapping[str, Any]) -> object:
    """VCDM 2.0 §4.3: the first context is the base one, which is given back."""
    contexts = document.get("@context")
    base = contexts[0] if isinstance(contexts, list) and contexts else contexts
    if base not in (VCDM_1, VCDM_2):
        raise _malformed("It does not begin with the context of a verifiable credential.", "/@context")
    return base


def types_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The types a document says it has."""
    stated = document.get("type")
    if isinstance(stated, str):
        return (stated,)
    if not isinstance(stated, list):
        return ()
    return tuple(dict.fromkeys([one for one in stated if isinstance(one, str)]))


def _id_of(value: object) -> str:
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""


def _malformed(detail: str, member: str) -> Refused:
    return Refused(Reason.MALFORMED_CREDENTIAL, detail, member)
