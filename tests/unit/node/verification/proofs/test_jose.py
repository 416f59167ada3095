from __future__ import annotations

import json
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey

from node.crypto import base64url
from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.verification.proofs import jose
from node.verification.proofs.limits import Limits
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from tests.simulators.signers import (
    FIXTURES,
    NOW,
    VCDM_1,
    VCDM_2,
    Signer,
    licence,
    presentation,
    resolve_did_key,
)

# RFC 9864 renames EdDSA; what is deployed still says EdDSA.
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")

BOARD = Signer()
BOARD_P256 = Signer(2, KeyType.P256)
NURSE = Signer(3)
Document = dict[str, Any]


def token(header: Document | bytes, payload: Document | bytes, key: SigningKey = BOARD.key) -> str:
    """A JWS as an attacker or another implementation might write it."""
    parts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload)]
    signing_input = ".".join(base64url.encode(part) for part in parts)
    return f"{signing_input}.{base64url.encode(key.sign(signing_input.encode()))}"


def header(typ: str = "vc+jwt", **more: Any) -> Document:
    return {"alg": "EdDSA", "typ": typ, "kid": BOARD.method, **more}


def credential_1(**changes: Any) -> Document:
    return {
        "@context": [VCDM_1],
        "type": ["VerifiableCredential"],
        "credentialSubject": {"id": NURSE.did},
        **changes,
    }


def reason_of_peek(compact: str) -> Reason:
    with pytest.raises(Refused) as refused:
        jose.peek(compact)
    return refused.value.reason


def reason_of_check(compact: str, key: SigningKey = BOARD.key, **asked: Any) -> Reason:
    taken = jose.peek(compact)
    with pytest.raises(Refused) as refused:
        jose.check(taken, key.public, **{"now": NOW, "skew": 0, **asked})
    return refused.value.reason


@pytest.mark.parametrize("signer", [BOARD, BOARD_P256])
def test_what_we_sign_others_accept(signer: Signer) -> None:
    document = licence(signer.did)
    compact = jose.sign(document, key=signer.key, kid=signer.method, typ="vc+jwt")
    taken = jose.peek(compact)
    jose.check(taken, signer.key.public, now=NOW, skew=0)
    assert (taken.mechanism, taken.document, taken.key_id) == ("vc+jwt", document, signer.method)
    oracle = OKPKey if signer.key.public.type is KeyType.ED25519 else ECKey
    found = jws.deserialize_compact(
        compact, oracle.import_key(signer.key.public.to_jwk()), algorithms=["EdDSA", "ES256"]
    )
    assert json.loads(found.payload) == document
    assert found.headers()["cty"] == "vc"


@pytest.mark.parametrize("type_", [KeyType.ED25519, KeyType.P256])
def test_what_others_sign_we_accept(type_: KeyType) -> None:
    signer = Signer(9, type_)
    public, secret = signer.key.public.to_jwk(), base64url.encode(signer.key.to_bytes())
    oracle = OKPKey if type_ is KeyType.ED25519 else ECKey
    compact = jws.serialize_compact(
        {"alg": signer.key.public.jose_alg, "typ": "vc+jwt"},
        json.dumps(licence(signer.did)),
        oracle.import_key({**public, "d": secret}),
        algorithms=["EdDSA", "ES256"],
    )
    jose.check(jose.peek(compact), signer.key.public, now=NOW, skew=0)


@pytest.mark.parametrize("name", ["licence.jwt", "licence-vcdm11.jwt"])
def test_fixtures(name: str) -> None:
    compact = (FIXTURES / name).read_text().strip()
    taken = jose.peek(compact)
    key = resolve_did_key(taken.key_id).key
    jose.check(taken, key, now=NOW, skew=0)
    for position in range(0, len(compact), 11):
        other = "A" if compact[position] != "A" else "B"
        try:
            jose.check(jose.peek(compact[:position] + other + compact[position + 1 :]), key, now=NOW, skew=0)
        except Refused:
            continue
        pytest.fail(f"accepted with character {position} changed")


MALFORMED: list[tuple[str, Reason]] = [
    ("", Reason.MALFORMED_PROOF),
    ("a.b", Reason.MALFORMED_PROOF),
    ("a.b.c.d", Reason.MALFORMED_PROOF),
    ("..", Reason.MALFORMED_JSON),
    ("é.é.é", Reason.MALFORMED_PROOF),
    ("eyJ.eyJ=.a", Reason.MALFORMED_PROOF),
    (token(b"[]", {}), Reason.MALFORMED_PROOF),
    (token(b'{"alg":"EdDSA","alg":"none"}', {}), Reason.DUPLICATE_MEMBER),
    (token(header(), b"[]"), Reason.MALFORMED_PROOF),
    (token(header(), b'{"a":1,"a":2}'), Reason.DUPLICATE_MEMBER),
    (token(header(), b"[" * 60 + b"]" * 60), Reason.TOO_DEEP),
    (token(header(alg="none"), {}), Reason.ALGORITHM_MISMATCH),
    (token(header(alg="HS256"), {}), Reason.ALGORITHM_MISMATCH),
    (token(header(alg=["EdDSA"]), {}), Reason.ALGORITHM_MISMATCH),
    (token(header(crit=["exp"]), {}), Reason.MALFORMED_PROOF),
    (token(header(crit=[]), {}), Reason.MALFORMED_PROOF),
    (token(header(b64=False), {}), Reason.MALFORMED_PROOF),
    (token(header(kid=7), {}), Reason.MALFORMED_PROOF),
    (token(header(typ=7), {}), Reason.UNKNOWN_FORMAT),
    (token(header("dc+sd-jwt"), {}), Reason.UNKNOWN_FORMAT),
    (token(header("vc+ld+jwt"), {}), Reason.UNKNOWN_FORMAT),
    (token(header(cty="vp"), licence(BOARD.did)), Reason.UNKNOWN_FORMAT),
    (token(header(), {"vc": {}}), Reason.UNKNOWN_FORMAT),
    (token(header("JWT"), {"sub": "x"}), Reason.UNKNOWN_FORMAT),
    (token(header("JWT"), {"vc": {}, "vp": {}}), Reason.UNKNOWN_FORMAT),
    (token(header("JWT"), {"vc": "x"}), Reason.UNKNOWN_FORMAT),
    (token(header("x" * 5000), {}), Reason.MALFORMED_PROOF),
    (token(header(), {"nonce": 7}), Reason.MALFORMED_PROOF),
    (token(header(), {"aud": 7}), Reason.MALFORMED_PROOF),
    (token(header(), {"exp": "tomorrow"}), Reason.MALFORMED_DATE),
    (token(header(), {"exp": True}), Reason.MALFORMED_DATE),
    (token(header(), {"exp": 1e300}), Reason.MALFORMED_DATE),
]


@pytest.mark.parametrize(("compact", "expected"), MALFORMED, ids=range(len(MALFORMED)))
def test_malformed(compact: str, expected: Reason) -> None:
    assert reason_of_peek(compact) is expected


def test_size_is_bounded_first() -> None:
    with pytest.raises(Refused) as refused:
        jose.peek("a" * 101, Limits(max_bytes=100))
    assert refused.value.reason is Reason.TOO_LARGE


def test_the_key_decides_the_algorithm() -> None:
    compact = jose.sign(licence(BOARD.did), key=BOARD.key, kid=BOARD.method, typ="vc+jwt")
    assert reason_of_check(compact, BOARD_P256.key) is Reason.ALGORITHM_MISMATCH
    assert reason_of_check(compact, NURSE.key) is Reason.SIGNATURE_INVALID
    swapped = token(header(alg="ES256"), licence(BOARD.did))
    assert reason_of_check(swapped) is Reason.ALGORITHM_MISMATCH
    jose.check(jose.peek(token(header(alg="Ed25519"), licence(BOARD.did))), BOARD.key.public, now=NOW, skew=0)


def test_a_key_inside_the_token_is_not_used() -> None:
    forged = token(header(jwk=NURSE.key.public.to_jwk()), licence(BOARD.did), NURSE.key)
    assert reason_of_check(forged) is Reason.SIGNATURE_INVALID


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"iss": "did:example:other"}, Reason.ISSUER_MISMATCH),
        ({"jti": "urn:other"}, Reason.MALFORMED_CREDENTIAL),
        ({"sub": "did:example:other"}, Reason.MALFORMED_CREDENTIAL),
    ],
)
def test_claims_of_vc_jwt_agree_with_the_document(claims: Document, expected: Reason) -> None:
    assert reason_of_peek(token(header(), {**licence(BOARD.did), **claims})) is expected


def test_claims_that_agree_are_no_part_of_the_document() -> None:
    document = licence(BOARD.did)
    claims = {"iss": BOARD.did, "jti": document["id"], "sub": document["credentialSubject"]["id"], "iat": NOW}
    taken = jose.peek(token(header(), {**document, **claims}))
    jose.check(taken, BOARD.key.public, now=NOW, skew=0)
    assert taken.document == document


def test_times_of_the_signature() -> None:
    document = licence(BOARD.did)
    for claims, expected in (
        ({"exp": NOW}, Reason.PROOF_EXPIRED),
        ({"nbf": NOW + 1}, Reason.PROOF_NOT_YET_VALID),
        ({"iat": NOW + 1}, Reason.PROOF_NOT_YET_VALID),
    ):
        compact = token(header(), {**document, **claims})
        assert reason_of_check(compact) is expected
        jose.check(jose.peek(compact), BOARD.key.public, now=NOW, skew=60)


def test_documents_are_screened() -> None:
    document = licence(BOARD.did)
    document["https://www.w3.org/2018/credentials#validUntil"] = document.pop("validUntil")
    assert reason_of_check(token(header(), document)) is Reason.RESPELLED_MEMBER
    assert reason_of_check(token(header(), {"issuer": BOARD.did})) is Reason.MALFORMED_CREDENTIAL
    with pytest.raises(Refused):
        jose.sign(document, key=BOARD.key, kid=BOARD.method, typ="vc+jwt")


def test_vc_jwt_of_vcdm_1_1_is_mapped() -> None:
    claims = {
        "iss": BOARD.did,
        "sub": NURSE.did,
        "jti": "urn:uuid:1",
        "nbf": NOW,
        "exp": NOW + 60.9,
        "vc": credential_1(issuer={"name": "Board"}, credentialSubject={"licence": "RN-1"}),
    }
    taken = jose.peek(token(header("JWT"), claims))
    jose.check(taken, BOARD.key.public, now=NOW + 3600, skew=0)  # its dates are the credential's to judge
    assert taken.mechanism == "vc-jwt"
    assert taken.document == {
        "@context": [VCDM_1],
        "type": ["VerifiableCredential"],
        "issuer": {"name": "Board", "id": BOARD.did},
        "id": "urn:uuid:1",
        "credentialSubject": {"licence": "RN-1", "id": NURSE.did},
        "issuanceDate": "2027-01-15T08:00:00Z",
        "expirationDate": "2027-01-15T08:01:00Z",
    }


@pytest.mark.parametrize(
    ("claims", "members", "expected"),
    [
        ({"iss": "did:example:other"}, {}, Reason.ISSUER_MISMATCH),
        ({"iss": "did:example:other"}, {"issuer": {"id": BOARD.did}}, Reason.ISSUER_MISMATCH),
        ({"jti": "urn:other"}, {}, Reason.MALFORMED_CREDENTIAL),
        ({"sub": "did:example:other"}, {}, Reason.MALFORMED_CREDENTIAL),
        ({"sub": NURSE.did}, {"credentialSubject": [{"id": NURSE.did}]}, Reason.MALFORMED_CREDENTIAL),
        ({"nbf": NOW + 1}, {}, Reason.MALFORMED_CREDENTIAL),
        ({"exp": NOW + 1}, {"expirationDate": "2027-01-15T08:00:00Z"}, Reason.MALFORMED_CREDENTIAL),
        ({"exp": NOW}, {"expirationDate": "soon"}, Reason.MALFORMED_DATE),
    ],
)
def test_claims_of_vcdm_1_1_that_contradict(claims: Document, members: Document, expected: Reason) -> None:
    dated = {"id": "urn:1", "issuer": BOARD.did, "issuanceDate": "2027-01-15T08:00:00Z"}
    document = credential_1(**{**dated, **members})
    assert reason_of_peek(token(header("JWT"), {"vc": document, **claims})) is expected


@pytest.mark.parametrize("typ", ["vp+jwt", "JWT"])
def test_presentations(typ: str) -> None:
    document = presentation(NURSE.did, licence(BOARD.did))
    claims = {
        "iss": NURSE.did,
        "nonce": "n-1",
        "aud": ["https://hospital.example"],
        "iat": NOW,
        "exp": NOW + 60,
    }
    payload = (
        {**document, **claims} if typ == "vp+jwt" else {"vp": {**document, "@context": [VCDM_2]}, **claims}
    )
    compact = jose.sign(payload, key=NURSE.key, kid=NURSE.method, typ=typ)
    taken = jose.peek(compact)
    assert taken.document == document
    asked = {"challenge": "n-1", "domain": "https://hospital.example"}
    jose.check(taken, NURSE.key.public, now=NOW, skew=0, **asked)
    for wrong, expected in (
        ({"challenge": "n-2"}, Reason.CHALLENGE_MISMATCH),
        ({"domain": "https://hospital.example.evil"}, Reason.DOMAIN_MISMATCH),
        ({"now": NOW + 61}, Reason.PROOF_EXPIRED),
    ):
        assert reason_of_check(compact, NURSE.key, **{**asked, **wrong}) is expected
    other = {**payload, "iss": BOARD.did}
    assert reason_of_peek(token(header(typ), other, NURSE.key)) is Reason.ISSUER_MISMATCH


def test_a_presentation_that_answers_nobody() -> None:
    compact = jose.sign(presentation(NURSE.did), key=NURSE.key, kid=NURSE.method, typ="vp+jwt")
    assert reason_of_check(compact, NURSE.key, challenge="n-1") is Reason.CHALLENGE_MISMATCH
    assert reason_of_check(compact, NURSE.key, domain="https://hospital.example") is Reason.DOMAIN_MISMATCH
