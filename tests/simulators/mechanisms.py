"""Every way a credential can be secured, in one table: whatever walks or attacks goes through all of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.util import find_spec
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from node.crypto.public_keys import KeyType
from node.verification.proofs import jose
from node.verification.proofs.contexts import VCDM_1
from node.verification.proofs.sd_jwt_signing import conceal
from node.verification.proofs.selective.ecdsa_sd_making import always_mandatory
from tests.simulators import legacy
from tests.simulators.issuer import DATA_INTEGRITY, STATUS_LIST
from tests.simulators.proof_oracle import ED25519_2020, prove, proved, with_2020_context
from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.sd_jwt import bind, licence_claims, sign_payload
from tests.simulators.signers import Signer

CREATED = "2026-09-21T14:13:20Z"
CREATED_AT = 1_790_000_000
STATUS_LIST_2021 = "https://w3id.org/vc/status-list/2021/v1"
Document = dict[str, Any]


class Covers(StrEnum):
    """What a signature covers."""

    MEANING = "the meaning: RDF"
    TEXT = "the text: JSON"
    TOKEN = "a token"


@dataclass
class Board:
    """A board, its one published key, and the party that judges what it signs."""

    party: SimulatedRelyingParty
    published: Document  # the verification method's type and key
    did: str = field(init=False)
    method: str = field(init=False)

    def __post_init__(self) -> None:
        self.did = self.party.board.did
        self.method = f"{self.did}#0"
        self.pin(self.published)

    def pin(self, published: Document) -> None:
        entry = {"id": self.method, "controller": self.did, **published}
        document = {"id": self.did, "verificationMethod": [entry], "assertionMethod": [self.method]}
        self.party.ledger.pin(self.did, json.dumps(document).encode())


@dataclass(frozen=True)
class Mechanism:
    """`secure`: a licence (of version 1 or 2), as its board secures it."""

    name: str
    covers: Covers
    published: Callable[[], Document]
    secure: Callable[[Board, Document], Document | str]
    version: int = 2
    contexts: tuple[str, ...] = ()  # that the licence names besides
    bound: bool = False  # it brings its holder's own signature
    nameless: bool = False  # one node of the licence has no name, and gets one from a secret

    def board(self) -> Board:
        return Board(SimulatedRelyingParty(), self.published())

    def licence(self, board: Board, index: int | None = 7, uri: str = STATUS_LIST, **members: Any) -> Document:
        """Unsecured; with the entry of a status list."""
        own = board.party.board
        if self.version == 2:
            licence = own.licence(board.party.nurse.did, index, **members)
        else:
            licence = own.licence_1_1(board.party.nurse.did, **members)
            licence["@context"] = [VCDM_1, STATUS_LIST_2021, licence["@context"][2]]
            if index is not None:
                licence["credentialStatus"] = {
                    "type": "StatusList2021Entry",
                    "statusPurpose": "revocation",
                    "statusListIndex": str(index),
                }
        if "credentialStatus" in licence:
            licence["credentialStatus"] |= {"id": f"{uri}#{index}", "statusListCredential": uri}
            if self.nameless:
                del licence["credentialStatus"]["id"]
        licence["@context"] = [*licence["@context"], *self.contexts]
        return copy.deepcopy(licence)

    def secured(self, board: Board, document: Document | None = None) -> Document | str:
        return self.secure(board, document or self.licence(board))

    def __str__(self) -> str:
        return self.name


def _data_integrity(suite: str, type_: KeyType = KeyType.ED25519) -> Mechanism:
    signer = Signer(9, type_)

    def secure(board: Board, document: Document) -> Document:
        return DATA_INTEGRITY.sign(
            document,
            key=signer.key,
            verification_method=board.method,
            cryptosuite=suite,
            created=CREATED_AT,
        )

    covers = Covers.TEXT if "jcs" in suite else Covers.MEANING
    return Mechanism(f"{suite} {type_}", covers, lambda: _multikey(signer), secure)


def _multikey(signer: Signer) -> Document:
    return {"type": "Multikey", "publicKeyMultibase": signer.key.public.to_multikey()}


DECIDING = ("/issuer", "/credentialSubject/id")
SHOWN = ["/credentialSubject/givenName", "/credentialSubject/licenceNumber"]


def _ecdsa_sd(*, derived: bool) -> Mechanism:
    """As its issuer wrote it, or as its holder shows a part of it."""
    signer = Signer(9, KeyType.P256)

    def secure(board: Board, document: Document) -> Document:
        signed = DATA_INTEGRITY.sign(
            document,
            key=signer.key,
            verification_method=board.method,
            cryptosuite="ecdsa-sd-2023",
            created=CREATED_AT,
            mandatory_pointers=always_mandatory(document, DECIDING),
        )
        return DATA_INTEGRITY.derive(signed, SHOWN) if derived else signed

    name = f"ecdsa-sd-2023 {'derived' if derived else 'base'}"
    return Mechanism(name, Covers.MEANING, lambda: _multikey(signer), secure, nameless=True)


def _bbs() -> Iterator[Mechanism]:
    """Where the extra is installed."""
    if find_spec("py_arkworks_bls12381") is None:
        return
    from tests.simulators.bbs import BbsSigner

    signer = BbsSigner()

    def secure(board: Board, document: Document) -> Document:
        mandatory = always_mandatory(document, DECIDING)
        return signer.derived(
            document,
            board.method,
            DATA_INTEGRITY.documents,
            mandatory=mandatory,
            shown=SHOWN,
            created=CREATED,
        )

    def published() -> Document:
        return {"type": "Multikey", "publicKeyMultibase": signer.public.to_multikey()}

    yield Mechanism("bbs-2023 derived", Covers.MEANING, published, secure, nameless=True)


def _ed25519_2020() -> Mechanism:
    signer = Signer(9)

    def secure(board: Board, document: Document) -> Document:
        return proved(
            with_2020_context(document), signer, ED25519_2020, created=CREATED, verificationMethod=board.method
        )

    return Mechanism(ED25519_2020, Covers.MEANING, lambda: _multikey(signer), secure)


def _set_or_chain(*, chained: bool) -> Mechanism:
    """The board signs twice; of a chain, the second time what it signed first."""
    signer = Signer(9)

    def secure(board: Board, document: Document) -> Document:
        options = {"created": CREATED, "verificationMethod": board.method}
        first = prove(document, signer, id="urn:uuid:1", **options)
        previous = (first,) if chained else ()
        second = prove(document, signer, "eddsa-rdfc-2022", previous=previous, **options)
        return {**document, "proof": [first, second]}

    name = "a chain of proofs" if chained else "a set of proofs"
    return Mechanism(name, Covers.MEANING, lambda: _multikey(signer), secure)


def _legacy(name: str) -> Mechanism:
    signer = legacy.SIGNERS[name]

    def secure(board: Board, document: Document) -> Document:
        return copy.deepcopy(signer.prove(document, board.method))

    contexts = (signer.context,) if signer.context else ()
    return Mechanism(name, Covers.MEANING, lambda: signer.method, secure, 1, contexts)


_SECRETS: dict[str, Any] = {
    "ES256": ECKey.generate_key("P-256"),
    "ES384": ECKey.generate_key("P-384"),
    "ES256K": ECKey.generate_key("secp256k1"),
    "RS256": RSAKey.generate_key(2048),
}
_SECRETS["PS256"] = _SECRETS["RS256"]


_ED25519 = Signer(9)  # joserfc warns of `EdDSA`, which wallets write


def _jwk(alg: str) -> Document:
    if alg == "EdDSA":
        return {"type": "JsonWebKey", "publicKeyJwk": _ED25519.key.public.to_jwk()}
    return {"type": "JsonWebKey", "publicKeyJwk": _SECRETS[alg].as_dict(private=False)}


def signed_token(board: Board, alg: str, header: Document, claims: Document) -> str:
    """Whatever is asked for, by an independent implementation but for EdDSA."""
    whole = {"alg": alg, "kid": board.method, **header}
    if alg == "EdDSA":
        return jose.sign_compact(whole, claims, _ED25519.key)
    return jws.serialize_compact(whole, json.dumps(claims), _SECRETS[alg], algorithms=[alg])


def _vc_jwt(alg: str) -> Mechanism:
    def secure(board: Board, document: Document) -> str:
        return signed_token(board, alg, {"typ": "vc+jwt"}, document)

    return Mechanism(f"vc+jwt {alg}", Covers.TOKEN, lambda: _jwk(alg), secure)


def _vc_jwt_1_1() -> Mechanism:
    def secure(board: Board, document: Document) -> str:
        claims = {"iss": board.did, "vc": document}
        return signed_token(board, "EdDSA", {"typ": "JWT"}, claims)

    return Mechanism("VC-JWT 1.1 EdDSA", Covers.TOKEN, lambda: _jwk("EdDSA"), secure, 1)


def _vc_sd_jwt() -> Mechanism:
    """A credential of VCDM, with a claim that may be withheld."""

    def secure(board: Board, document: Document) -> str:
        payload, texts = conceal(document, ["/credentialSubject/givenName"])
        return sign_payload(board.party.board, payload, texts, typ="vc+sd-jwt", kid=board.method)

    return Mechanism("vc+sd-jwt", Covers.TOKEN, _multikey_of_board, secure)


def _dc_sd_jwt() -> Mechanism:
    """An SD-JWT VC with its holder's key binding; its claims are its own."""

    def secure(board: Board, document: Document) -> str:
        status = document.get("credentialStatus")
        reference = None
        if status is not None:
            entry = {"idx": int(status["statusListIndex"]), "uri": status["statusListCredential"]}
            reference = {"status_list": entry}
        claims = licence_claims(
            board.party.board, board.party.nurse.key, status=reference, iss=issuer_of(document)
        )
        payload, texts = conceal(claims, ["/given_name"])
        return bind(sign_payload(board.party.board, payload, texts, kid=board.method), board.party.nurse.key)

    return Mechanism("dc+sd-jwt", Covers.TOKEN, _multikey_of_board, secure, bound=True)


def issuer_of(document: Document) -> str:
    issuer = document["issuer"]
    found: str = issuer["id"] if isinstance(issuer, dict) else issuer
    return found


def _multikey_of_board() -> Document:
    key = SimulatedRelyingParty().board.key
    return {"type": "Multikey", "publicKeyMultibase": key.public.to_multikey()}


_ALL = (
    _data_integrity("eddsa-rdfc-2022"),
    _data_integrity("eddsa-jcs-2022"),
    _data_integrity("ecdsa-rdfc-2019", KeyType.P256),
    _data_integrity("ecdsa-rdfc-2019", KeyType.P384),
    _data_integrity("ecdsa-jcs-2019", KeyType.P256),
    _data_integrity("ecdsa-jcs-2019", KeyType.P384),
    _ecdsa_sd(derived=False),
    _ecdsa_sd(derived=True),
    *_bbs(),
    _ed25519_2020(),
    _set_or_chain(chained=False),
    _set_or_chain(chained=True),
    *(_legacy(name) for name in legacy.SIGNERS),
    *(_vc_jwt(alg) for alg in ("EdDSA", "ES256", "ES384", "ES256K", "RS256", "PS256")),
    _vc_jwt_1_1(),
    _vc_sd_jwt(),
    _dc_sd_jwt(),
)
MECHANISMS = {one.name: one for one in _ALL}
