"""What is measured: the committed fixtures, each with its tampered twin and the question a peer is asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
        _jwt("licence, vc+jwt EdDSA", "licence.jwt"),
        _credential("Open Badge, eddsa-rdfc-2022", "welding-certificate.json"),
        _presentation("presentation of one", "presentation.json"),
        _presentation("presentation of ten", "presentation-of-ten.json"),
    ]


def _credential(name: str, file: str) -> Case:
    genuine = fixture(file)
    tampered = dict(tampered_credentials(genuine))["claim forged"]
    return Case(
        name=f"{name}, {_size(genuine)}",
        peer="@digitalbazaar/vc",
        genuine=_compact(genuine),
        tampered=_compact(tampered),
        signatures=1,
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
        question={"presentation": genuine, **asked},
        tampered_question={"presentation": tampered, **asked},
        **asked,
    )


def _jwt(name: str, file: str) -> Case:
    genuine = (FIXTURES / file).read_text(encoding="ascii").strip()
    tampered = dict(tampered_jwts(genuine))["claim forged"]
    key = fixture("keys.json")["board"]["publicKeyJwk"]
    return Case(
        name=f"{name}, {len(genuine) / 1000:.1f} kB",
        peer="jose",
        genuine=genuine.encode(),
        tampered=tampered.encode(),
        signatures=1,
        question={"jwt": genuine, "key": key, "alg": "EdDSA", "typ": "vc+jwt"},
        tampered_question={"jwt": tampered, "key": key, "alg": "EdDSA", "typ": "vc+jwt"},
    )


def _compact(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _size(document: dict[str, Any]) -> str:
    return f"{len(_compact(document)) / 1000:.1f} kB"
