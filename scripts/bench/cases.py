"""What is measured: the committed fixtures, each with its tampered twin and what every peer is asked about it.

For a mechanism that no fixture uses, the licence is signed anew: with the board's own keys, or as JWT by a
board that is a did:key, because half the peers can look up no other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from node.crypto import base64url
from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.verification.proofs import jose, sd_jwt_signing
from node.verification.proofs.contexts import VCDM_1, Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from tests.interop.tampering import tampered_credentials, tampered_jwts, tampered_presentations
from tests.simulators.fixture_ledger import NOW
from tests.simulators.sd_jwt import bind

FIXTURES = Path(__file__).parent.parent.parent / "tests" / "fixtures"

BAZAAR, CREDENTIALS, SD_JWT_JS = "@digitalbazaar/vc", "@digitalcredentials/vc", "@sd-jwt/sd-jwt-vc"
JOSE, DID_JWT_VC = "jose", "did-jwt-vc"
DIDKIT, OPENVC, SD_JWT_PY = "didkit", "openvc-core", "sd-jwt"

Question = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One verification."""

    name: str
    genuine: bytes
    tampered: bytes
    signatures: int  # checked by one verification
    key_type: KeyType
    peers: Mapping[str, tuple[Question, Question]] = field(default_factory=dict)  # about the two, in its terms
    challenge: str | None = None
    domain: str | None = None


def fixture(name: str) -> Any:
    """A JSON fixture."""
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def key_of(owner: str) -> SigningKey:
    """A key of the fixtures."""
    type_ = KeyType.P256 if owner == "boardP256" else KeyType.ED25519
    secret: str = fixture("keys.json")[owner]["secretHex"]
    return SigningKey.from_bytes(type_, bytes.fromhex(secret))


def did_key(owner: str) -> str:
    """The did:key of a key of the fixtures."""
    return f"did:key:{key_of(owner).public.to_multikey()}"


def cases() -> list[Case]:
    """In the order of the table."""
    return [
        _credential("licence, eddsa-rdfc-2022", fixture("licence.json"), CREDENTIALS),
        _credential("licence, eddsa-jcs-2022", fixture("licence-jcs.json")),
        _signed_anew("licence, ecdsa-rdfc-2019", "ecdsa-rdfc-2019"),
        _signed_anew("licence, ecdsa-jcs-2019", "ecdsa-jcs-2019"),
        _credential("Open Badge, eddsa-rdfc-2022", fixture("welding-certificate.json"), CREDENTIALS, OPENVC),
        _presentation("presentation of one", "presentation.json"),
        _presentation("presentation of ten", "presentation-of-ten.json"),
        _vc_jwt("licence, vc+jwt EdDSA", "board", "vc+jwt", JOSE),
        _vc_jwt("licence, vc+jwt ES256", "boardP256", "vc+jwt", JOSE),
        _vc_jwt("licence, VC-JWT 1.1 EdDSA", "board", "JWT", JOSE, DIDKIT, OPENVC, DID_JWT_VC),
        _vc_jwt("licence, VC-JWT 1.1 ES256", "boardP256", "JWT", JOSE, DIDKIT, OPENVC, DID_JWT_VC),
        _sd_jwt("licence, SD-JWT with key binding, EdDSA", "board", KeyType.ED25519),
        _sd_jwt("licence, SD-JWT with key binding, ES256", "boardP256", KeyType.P256),
    ]


# --- Data Integrity


def _credential(name: str, genuine: dict[str, Any], *peers: str, type_: KeyType = KeyType.ED25519) -> Case:
    tampered = dict(tampered_credentials(genuine))["claim forged"]
    return Case(
        name=f"{name}, {_size(genuine)}",
        genuine=_compact(genuine),
        tampered=_compact(tampered),
        signatures=1,
        key_type=type_,
        peers={peer: ({"credential": genuine}, {"credential": tampered}) for peer in (BAZAAR, *peers)},
    )


def _signed_anew(name: str, cryptosuite: str) -> Case:
    genuine = DataIntegrity(Contexts()).sign(
        _unsecured("licence.json"),
        key=key_of("boardP256"),
        verification_method=fixture("keys.json")["boardP256"]["verificationMethod"],
        cryptosuite=cryptosuite,
        created=1_768_471_200,  # as the fixture: 2026-01-15T10:00:00Z
    )
    return _credential(name, genuine, type_=KeyType.P256)


def _presentation(name: str, file: str) -> Case:
    genuine = fixture(file)
    tampered = dict(tampered_presentations(genuine))["last credential: claim forged"]
    keys = fixture("keys.json")
    asked = {"challenge": keys["challenge"], "domain": keys["domain"]}
    questions = ({"presentation": genuine, **asked}, {"presentation": tampered, **asked})
    return Case(
        name=f"{name}, {_size(genuine)}",
        genuine=_compact(genuine),
        tampered=_compact(tampered),
        signatures=1 + len(genuine["verifiableCredential"]),
        key_type=KeyType.ED25519,
        peers={BAZAAR: questions, CREDENTIALS: questions},
        **asked,
    )


# --- JOSE


def _vc_jwt(name: str, signer: str, typ: str, *peers: str) -> Case:
    """A licence by a board that is a did:key, with a status list of its own."""
    did, key = did_key(signer), key_of(signer)
    licence = _unsecured("licence.json" if typ == "vc+jwt" else "licence-vcdm11.json")
    licence["issuer"] = did
    if "credentialStatus" in licence:
        licence["credentialStatus"] = licence["credentialStatus"] | {
            "statusListCredential": status_list(signer)
        }
    payload: dict[str, Any] = licence
    if typ == "JWT":
        assert licence["@context"][0] == VCDM_1  # noqa: S101 - a fixture
        dates = {"nbf": 1_768_435_200, "exp": 4_102_444_799}  # the licence's own
        payload = {
            "iss": did,
            "sub": licence["credentialSubject"]["id"],
            "jti": licence["id"],
            **dates,
            "vc": licence,
        }
    genuine = jose.sign(payload, key=key, kid=f"{did}#{did[8:]}", typ=typ)
    tampered = dict(tampered_jwts(genuine))["claim forged"]
    asked = {"key": key.public.to_jwk(), "alg": key.public.jose_alg, "typ": typ}
    return Case(
        name=f"{name}, {len(genuine) / 1000:.1f} kB",
        genuine=genuine.encode(),
        tampered=tampered.encode(),
        signatures=1,
        key_type=key.public.type,
        peers={peer: ({"jwt": genuine, **asked}, {"jwt": tampered, **asked}) for peer in peers},
    )


def status_list(signer: str) -> str:
    """The address of the list kept by a board that is a did:key."""
    return f"https://{signer.lower()}-key.example/status-lists/1"


def _sd_jwt(name: str, signer: str, type_: KeyType) -> Case:
    """Six claims, four of them shown, and the holder's key binding. The peers know no status on a ledger."""
    did, key = did_key(signer), key_of(signer)
    holder = SigningKey.from_bytes(type_, bytes(31) + b"\7")
    claims = {
        "vct": "NursingLicenceCredential",
        "iss": did,
        "iat": NOW - 1000,
        "nbf": NOW - 1000,
        "exp": 4_102_444_799,
        "cnf": {"jwk": holder.public.to_jwk()},
        "given_name": "Lucía",
        "family_name": "Peña",
        "birthdate": "1990-05-17",
        "licence_number": "RN-4794567",
        "licence_class": "RN",
        "jurisdiction": "US-CO",
    }
    hidden = [f"/{name}" for name in list(claims)[6:]]
    issued = sd_jwt_signing.sign(claims, key=key, kid=f"{did}#{did[8:]}", disclose=hidden)
    signed, *texts, _ = issued.split("~")
    presented = "~".join((signed, *texts[:4], ""))
    keys = fixture("keys.json")
    asked = {"challenge": keys["challenge"], "domain": keys["domain"]}
    genuine = bind(presented, holder, aud=asked["domain"], nonce=asked["challenge"], iat=NOW)
    forged = base64url.encode(json.dumps(["salt", "licence_number", "RN-1"]).encode())
    tampered = "~".join((signed, *texts[:3], forged, genuine.rpartition("~")[2]))
    known = {
        "key": key.public.to_jwk(),
        "alg": key.public.jose_alg,
        "nonce": asked["challenge"],
        "audience": asked["domain"],
        "now": NOW,
    }
    peers = (SD_JWT_JS, OPENVC, SD_JWT_PY)
    return Case(
        name=f"{name}, {len(genuine) / 1000:.1f} kB",
        genuine=genuine.encode(),
        tampered=tampered.encode(),
        signatures=2,
        key_type=type_,
        peers={peer: ({"sdJwt": genuine, **known}, {"sdJwt": tampered, **known}) for peer in peers},
        **asked,
    )


# ---


def _unsecured(file: str) -> dict[str, Any]:
    return {member: value for member, value in fixture(file).items() if member != "proof"}


def _compact(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _size(document: dict[str, Any]) -> str:
    return f"{len(_compact(document)) / 1000:.1f} kB"
