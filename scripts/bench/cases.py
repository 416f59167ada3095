"""What is measured: the committed fixtures, each with its tampered twin and the question a peer is asked.

For a mechanism that no fixture uses, the licence is signed anew with the board's own keys.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.verification.proofs import jose
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from tests.interop.tampering import tampered_credentials, tampered_jwts, tampered_presentations

FIXTURES = Path(__file__).parent.parent.parent / "tests" / "fixtures"


@dataclass(frozen=True, slots=True)
class Case:
    """One verification."""

    name: str
    peer: str  # the independent verifier
    genuine: bytes
    tampered: bytes
    signatures: int  # checked by one verification
    key_type: KeyType
    question: dict[str, Any]  # of verification.mjs, about the genuine one
    tampered_question: dict[str, Any]
    challenge: str | None = None
    domain: str | None = None


def fixture(name: str) -> Any:
    """A JSON fixture."""
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


def cases() -> list[Case]:
    """In the order of the table."""
    return [
        _credential("licence, eddsa-rdfc-2022", "licence.json"),
        _credential("licence, eddsa-jcs-2022", "licence-jcs.json"),
        _signed_anew("licence, ecdsa-rdfc-2019", "ecdsa-rdfc-2019"),
        _signed_anew("licence, ecdsa-jcs-2019", "ecdsa-jcs-2019"),
        _jwt("licence, vc+jwt EdDSA", _text("licence.jwt"), "board", "EdDSA"),
        _jwt("licence, vc+jwt ES256", _jwt_signed_anew(), "boardP256", "ES256"),
        _jwt("licence, VC-JWT 1.1 EdDSA", _text("licence-vcdm11.jwt"), "board", "EdDSA", typ="JWT"),
        _credential("Open Badge, eddsa-rdfc-2022", "welding-certificate.json"),
        _presentation("presentation of one", "presentation.json"),
        _presentation("presentation of ten", "presentation-of-ten.json"),
    ]


def _credential(name: str, file: str) -> Case:
    return _secured(name, fixture(file), KeyType.ED25519)


def _signed_anew(name: str, cryptosuite: str) -> Case:
    unsecured = {member: value for member, value in fixture("licence.json").items() if member != "proof"}
    genuine = DataIntegrity(Contexts()).sign(
        unsecured,
        key=_p256_key(),
        verification_method=fixture("keys.json")["boardP256"]["verificationMethod"],
        cryptosuite=cryptosuite,
        created=1_768_471_200,  # as the fixture: 2026-01-15T10:00:00Z
    )
    return _secured(name, genuine, KeyType.P256)


def _secured(name: str, genuine: dict[str, Any], key_type: KeyType) -> Case:
    tampered = dict(tampered_credentials(genuine))["claim forged"]
    return Case(
        name=f"{name}, {_size(genuine)}",
        peer="@digitalbazaar/vc",
        genuine=_compact(genuine),
        tampered=_compact(tampered),
        signatures=1,
        key_type=key_type,
        question={"credential": genuine},
        tampered_question={"credential": tampered},
    )


def _presentation(name: str, file: str) -> Case:
    genuine = fixture(file)
    tampered = dict(tampered_presentations(genuine))["last credential: claim forged"]
    keys = fixture("keys.json")
    asked = {"challenge": keys["challenge"], "domain": keys["domain"]}
    return Case(
        name=f"{name}, {_size(genuine)}",
        peer="@digitalbazaar/vc",
        genuine=_compact(genuine),
        tampered=_compact(tampered),
        signatures=1 + len(genuine["verifiableCredential"]),
        key_type=KeyType.ED25519,
        question={"presentation": genuine, **asked},
        tampered_question={"presentation": tampered, **asked},
        **asked,
    )


def _text(file: str) -> str:
    return (FIXTURES / file).read_text(encoding="ascii").strip()


def _jwt_signed_anew() -> str:
    payload = {member: value for member, value in fixture("licence.json").items() if member != "proof"}
    kid = fixture("keys.json")["boardP256"]["verificationMethod"]
    return jose.sign(payload, key=_p256_key(), kid=kid, typ="vc+jwt")


def _p256_key() -> SigningKey:
    secret: str = fixture("keys.json")["boardP256"]["secretHex"]
    return SigningKey.from_bytes(KeyType.P256, bytes.fromhex(secret))


def _jwt(name: str, genuine: str, signer: str, algorithm: str, *, typ: str = "vc+jwt") -> Case:
    tampered = dict(tampered_jwts(genuine))["claim forged"]
    asked = {"key": fixture("keys.json")[signer]["publicKeyJwk"], "alg": algorithm, "typ": typ}
    return Case(
        name=f"{name}, {len(genuine) / 1000:.1f} kB",
        peer="jose",
        genuine=genuine.encode(),
        tampered=tampered.encode(),
        signatures=1,
        key_type=KeyType.ED25519 if algorithm == "EdDSA" else KeyType.P256,
        question={"jwt": genuine, **asked},
        tampered_question={"jwt": tampered, **asked},
    )


def _compact(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _size(document: dict[str, Any]) -> str:
    return f"{len(_compact(document)) / 1000:.1f} kB"
