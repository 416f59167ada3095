"""Build tests/fixtures: credentials and presentations signed by an independent implementation.

    python -m scripts.build_fixtures           # write them
    python -m scripts.build_fixtures --check   # build them again and compare; exits 1 on a difference

Deterministic: keys are fixed test keys, dates are fixed, Ed25519 signatures have no nonce.
tests/fixtures/PROVENANCE.md says what each file is.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import multibase
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scripts import fixture_badges as badges
from scripts import fixture_documents as documents
from scripts import fixture_records as records
from scripts.fixture_documents import BOARD, Document
from tests.interop import peers

FIXTURES = Path(__file__).parent.parent / "tests" / "fixtures"
CREATED = "2026-01-15T10:00:00Z"
CREATED_UNIX = 1_768_471_200
UNTIL_UNIX = 4_102_444_799  # documents.VALID_UNTIL
EXPIRED_CREATED = "2024-01-15T10:00:00Z"
EXPIRED = "2025-01-14T23:59:59Z"
CHALLENGE = "c0ae1c8e-c7e7-469f-b252-86e6a0e7387e"
DOMAIN = "https://hospital.example"


def base64url(data: bytes) -> str:
    """Without padding, as JWK wants it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True)
class TestKey:
    """An Ed25519 key anyone can compute: its secret is the SHA-256 of a published sentence."""

    name: str
    did: str = ""  # empty: did:key
    fragment: str = ""

    @property
    def seed(self) -> bytes:
        return hashlib.sha256(f"goodstanding test key: {self.name}".encode()).digest()

    @property
    def public(self) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()

    @property
    def multikey(self) -> str:
        """Multicodec ed25519-pub, base58btc. No leading zero byte, which py-multibase would drop."""
        return str(multibase.encode("base58btc", b"\xed\x01" + self.public).decode())

    @property
    def controller(self) -> str:
        return self.did or f"did:key:{self.multikey}"

    @property
    def verification_method(self) -> str:
        return f"{self.controller}#{self.fragment or self.multikey}"

    @property
    def private_jwk(self) -> Document:
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url(self.public), "d": base64url(self.seed)}

    def as_json(self) -> Document:
        return {
            "did": self.controller,
            "verificationMethod": self.verification_method,
            "publicKeyMultibase": self.multikey,
            "publicKeyJwk": _public(self.private_jwk),
            "privateKeyJwk": self.private_jwk,
            "secretHex": self.seed.hex(),
        }


BOARD_KEY = TestKey("board", did=BOARD, fragment="key-1")
INSTITUTE_KEY = TestKey("welding institute")
UNIVERSITY_KEY = TestKey("university")
NURSE_KEY = TestKey("nurse")
WELDER_KEY = TestKey("welder")


P256_SECRET = hashlib.sha256(b"goodstanding test key: board p-256").digest()
"""The board's second key, for ES256."""


def board_p256_jwk() -> Document:
    """The private key."""
    numbers = derive_private_key(int.from_bytes(P256_SECRET), SECP256R1()).public_key().public_numbers()
    x, y = (base64url(value.to_bytes(32)) for value in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "d": base64url(P256_SECRET)}


def asked(
    document: Document, key: TestKey, mechanism: str = "eddsa-rdfc-2022", created: str = CREATED
) -> Document:
    """A signing request for one document."""
    return {
        "mechanism": mechanism,
        "document": document,
        "created": created,
        "key": {"id": key.verification_method, "controller": key.controller, "seed": key.seed.hex()},
    }


def asked_jwt(payload: Document, typ: str, **header: str) -> Document:
    """A signing request for a JWT of the board's."""
    return {
        "mechanism": "jwt",
        "header": {"alg": "EdDSA", "typ": typ, **header, "kid": BOARD_KEY.verification_method},
        "payload": payload,
        "key": BOARD_KEY.private_jwk,
    }


def vc_jwt_11(credential: Document) -> Document:
    """The claims set of a VCDM 1.1 credential (section 6.3.1): what a registered claim says leaves `vc`."""
    vc = {
        name: value
        for name, value in credential.items()
        if name not in ("id", "issuer", "issuanceDate", "expirationDate")
    }
    subject = dict(vc["credentialSubject"])
    holder = subject.pop("id")
    return {
        "iss": credential["issuer"],
        "sub": holder,
        "jti": credential["id"],
        "nbf": CREATED_UNIX - 36_000,  # documents.VALID_FROM
        "exp": UNTIL_UNIX,
        "vc": vc | {"credentialSubject": subject},
    }


def hashed_email(address: str, salt: str = "fixtures") -> Document:
    """An Open Badges 3.0 IdentityObject."""
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": "sha256$" + hashlib.sha256((address + salt).encode()).hexdigest(),
        "identityType": "emailAddress",
        "salt": salt,
    }


def build() -> dict[str, Any]:
    """File name -> content: JSON documents, and compact JWTs as strings."""
    nurse, welder = NURSE_KEY.controller, WELDER_KEY.controller
    requests = {
        "licence.json": asked(documents.licence(nurse), BOARD_KEY),
        "licence-jcs.json": asked(documents.licence(nurse), BOARD_KEY, "eddsa-jcs-2022"),
        "licence-expired.json": asked(
            documents.licence(nurse, index=94568, valid_until=EXPIRED), BOARD_KEY, created=EXPIRED_CREATED
        ),
        "licence-vcdm11.json": asked(documents.licence_vcdm11(nurse), BOARD_KEY),
        "degree.json": asked(documents.degree(UNIVERSITY_KEY.controller, nurse), UNIVERSITY_KEY),
        "welding-certificate.json": asked(
            badges.welding_certificate(INSTITUTE_KEY.controller, welder), INSTITUTE_KEY
        ),
        "welding-certificate-jcs.json": asked(
            badges.welding_certificate(INSTITUTE_KEY.controller, welder), INSTITUTE_KEY, "eddsa-jcs-2022"
        ),
        "licence.jwt": asked_jwt(documents.licence(nurse), "vc+jwt", cty="vc"),
        "licence-vcdm11.jwt": asked_jwt(
            vc_jwt_11(_without_data_integrity(documents.licence_vcdm11(nurse))), "JWT"
        ),
    }
    ten = [asked(documents.licence(nurse, index=index), BOARD_KEY) for index in range(1000, 1010)]
    answers = peers.sign([*requests.values(), *ten])
    signed = dict(zip(requests, answers, strict=False))
    of_ten = answers[len(requests) :]

    endorsement = peers.sign([asked(badges.endorsement(BOARD_KEY.controller), BOARD_KEY)])
    enclosing = {
        "welding-certificate-endorsed.json": asked(
            badges.endorsed_certificate(
                INSTITUTE_KEY.controller, welder, endorsement, hashed_email(badges.WELDER_EMAIL)
            ),
            INSTITUTE_KEY,
        ),
        "learner-record.json": asked(
            records.learner_record(
                UNIVERSITY_KEY.controller, nurse, [signed["degree.json"], signed["licence.json"]]
            ),
            UNIVERSITY_KEY,
        ),
        "resume.json": asked(records.resume(nurse, signed["licence.json"]), NURSE_KEY),
    }
    signed |= dict(zip(enclosing, peers.sign(list(enclosing.values())), strict=True))

    presented = {
        "presentation.json": (NURSE_KEY, [signed["licence.json"]]),
        "presentation-jcs.json": (NURSE_KEY, [signed["licence-jcs.json"]]),
        "presentation-of-three.json": (
            NURSE_KEY,
            [signed["licence.json"], signed["licence-vcdm11.json"], signed["degree.json"]],
        ),
        "presentation-of-ten.json": (NURSE_KEY, of_ten),
        "presentation-welder.json": (WELDER_KEY, [signed["welding-certificate.json"]]),
    }
    presentations = peers.sign(
        [
            asked(
                documents.presentation(key.controller, credentials),
                key,
                "eddsa-jcs-2022" if "jcs" in name else "eddsa-rdfc-2022",
            )
            | {"challenge": CHALLENGE, "domain": DOMAIN}
            for name, (key, credentials) in presented.items()
        ]
    )
    return {
        "keys.json": {
            "board": BOARD_KEY.as_json(),
            "boardP256": {
                "did": BOARD,
                "verificationMethod": f"{BOARD}#key-2",
                "publicKeyJwk": _public(board_p256_jwk()),
                "privateKeyJwk": board_p256_jwk(),
                "secretHex": P256_SECRET.hex(),
            },
            "weldingInstitute": INSTITUTE_KEY.as_json(),
            "university": UNIVERSITY_KEY.as_json(),
            "nurse": NURSE_KEY.as_json(),
            "welder": WELDER_KEY.as_json(),
            "challenge": CHALLENGE,
            "domain": DOMAIN,
            "statusList": documents.STATUS_LIST,
        },
        "did-board.json": documents.did_document(BOARD, BOARD_KEY.multikey, _public(board_p256_jwk())),
        **signed,
        **dict(zip(presented, presentations, strict=True)),
    }


def _public(jwk: Document) -> Document:
    return {name: value for name, value in jwk.items() if name != "d"}


def _without_data_integrity(credential: Document) -> Document:
    contexts = [context for context in credential["@context"] if context != documents.DATA_INTEGRITY_V2]
    return credential | {"@context": contexts}


def as_text(content: Any) -> str:
    """As it is committed."""
    return (
        content + "\n" if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    )


def main() -> int:
    """Write or compare; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with what is committed, write nothing")
    check = parser.parse_args().check
    stale = 0
    for name, content in build().items():
        path = FIXTURES / name
        text = as_text(content)
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        print(f"{'differs' if check else 'wrote'}: {name}")
        if not check:
            path.write_text(text, encoding="utf-8")
    if not stale:
        print("the fixtures are as built")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
