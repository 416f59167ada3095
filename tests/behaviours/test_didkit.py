"""didkit as an independent witness: what it signs by the suites of VCDM 1.1 we accept, and it what we do.

It resolves did:key, did:jwk, did:pkh and did:ethr by computing alone; nothing else is given to it.
"""

from __future__ import annotations

import asyncio
import base64
import copy
import json
from collections.abc import Awaitable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from node.verification.proofs.contexts import VCDM_1
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Decision, Outcome
from tests.simulators.relying_party import SimulatedRelyingParty, ended

didkit = pytest.importorskip("didkit", reason="didkit is not installed: it has no wheel for Python 3.13")

Document = dict[str, Any]
SECRET = int.from_bytes(bytes([7]) * 32)


def _coordinate(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


def _jwk(curve: ec.EllipticCurve, name: str) -> str:
    point = ec.derive_private_key(SECRET, curve).public_key().public_numbers()
    members = {"kty": "EC", "crv": name, "x": _coordinate(point.x), "y": _coordinate(point.y)}
    return json.dumps({**members, "d": _coordinate(SECRET)})


ED25519 = didkit.generate_ed25519_key()
K256, P256 = _jwk(ec.SECP256K1(), "secp256k1"), _jwk(ec.SECP256R1(), "P-256")
JWS, RECOVERY = "JsonWebSignature2020", "EcdsaSecp256k1RecoverySignature2020"
SIGNED_BY = [
    *((ED25519, method, suite) for method in ("key", "jwk") for suite in ("Ed25519Signature2018", JWS)),
    *((ED25519, method, "Ed25519Signature2020") for method in ("key", "jwk")),
    *((K256, method, suite) for method in ("key", "jwk") for suite in ("EcdsaSecp256k1Signature2019", JWS)),
    *((K256, method, RECOVERY) for method in ("key", "jwk", "pkh:eip155")),
    *((P256, method, suite) for method in ("key", "jwk") for suite in ("EcdsaSecp256r1Signature2019", JWS)),
]


def awaited(answer: Awaitable[str]) -> Document:
    async def wait() -> str:
        return await answer

    result: Document = json.loads(asyncio.run(wait()))
    return result


def call(name: str, *arguments: str) -> Document:
    async def ask() -> str:
        answer: str = await getattr(didkit, name)(*arguments)
        return answer

    found: Document = json.loads(asyncio.run(ask()))
    return found


def method_of(kind: str, key: str) -> str:
    async def ask() -> str:
        answer: str = await didkit.key_to_verification_method(kind, key)
        return answer

    return asyncio.run(ask())


def licence(issuer: str, **claims: Any) -> Document:
    return {
        "@context": [VCDM_1, {"licenceNumber": "https://board.example/vocabulary#licenceNumber"}],
        "id": "urn:uuid:3f2c9d8e-5b7a-4c61-9a0e-000000000001",
        "type": ["VerifiableCredential"],
        "issuer": issuer,
        "issuanceDate": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:nurse", "licenceNumber": "RN-1", **claims},
    }


def issued(key: str, kind: str, suite: str, **claims: Any) -> tuple[Document, str]:
    did = didkit.key_to_did(kind, key)
    options = {"type": suite, "proofPurpose": "assertionMethod", "verificationMethod": method_of(kind, key)}
    options["created"] = "2026-09-21T14:13:20Z"
    document = json.dumps(licence(did, **claims))
    return call("issue_credential", document, json.dumps(options), key), did


def party_for(did: str) -> SimulatedRelyingParty:
    party = SimulatedRelyingParty()
    party.ledger.accredit(did, types=("VerifiableCredential",))
    return party


def tampered(signed: Document) -> Iterator[Document]:
    for change in (
        lambda d: d["credentialSubject"].update(licenceNumber="RN-2"),
        lambda d: d.update(issuanceDate="2025-01-01T00:00:00Z"),
        lambda d: d["proof"].update(created="2026-09-21T14:13:21Z"),
        lambda d: d["credentialSubject"].update({"https://schema.org/jobTitle": "Surgeon"}),
    ):
        twin = copy.deepcopy(signed)
        change(twin)
        yield twin


@pytest.mark.parametrize(("key", "kind", "suite"), SIGNED_BY, ids=[f"{k} {s}" for _, k, s in SIGNED_BY])
def test_what_it_signs_is_accepted_and_what_was_changed_is_not(key: str, kind: str, suite: str) -> None:
    signed, did = issued(key, kind, suite)
    party = party_for(did)
    verdict = party.verify(signed)
    assert verdict.decision is Decision.ACCEPT, verdict
    assert verdict.credentials[0].mechanism == suite
    assert call("verify_credential", json.dumps(signed), "{}")["errors"] == []
    for twin in tampered(signed):
        assert party.verify(twin).decision is Decision.REJECT
        assert call("verify_credential", json.dumps(twin), "{}")["errors"]


@pytest.mark.parametrize("text", ["a\tb", "a\nb\rc", 'q"\\', "é\u2028\ufeff\U0001f600", "\x08\x0c\x01\x7f"])
def test_texts_that_older_canonical_forms_wrote_otherwise(text: str) -> None:
    signed, did = issued(ED25519, "key", "Ed25519Signature2018", licenceNumber=text)
    assert party_for(did).verify(signed).decision is Decision.ACCEPT


def test_a_presentation_it_signs() -> None:
    key = ED25519
    signed, did = issued(key, "key", "Ed25519Signature2018")
    presentation = {
        "@context": [VCDM_1],
        "type": ["VerifiablePresentation"],
        "holder": did,
        "verifiableCredential": [signed],
    }
    asked = {"challenge": "c0ffee", "domain": "https://hospital.example"}
    for suite in ("Ed25519Signature2018", JWS, "Ed25519Signature2020"):
        options = {"type": suite, "proofPurpose": "authentication", "verificationMethod": method_of("key", key)}
        options |= asked | {"created": "2026-09-21T14:13:20Z"}
        presented = call("issue_presentation", json.dumps(presentation), json.dumps(options), key)
        verdict = party_for(did).verify(presented, **asked)
        assert ended(verdict, CheckId.PROOF, None) == (Outcome.PASSED, Reason.OK)
        assert ended(verdict, CheckId.HOLDER, None) == (Outcome.PASSED, Reason.OK)


def test_where_it_is_wrong_we_are_not() -> None:
    """Each is a known fault of didkit 0.3.3: it passes what must not pass."""
    signed, did = issued(ED25519, "key", "Ed25519Signature2018")
    party = party_for(did)
    # a context of the holder's own switches a claim's meaning off: whatever it then says is not signed
    injected = copy.deepcopy(signed)
    injected["@context"].append({"degree": None})
    injected["credentialSubject"]["degree"] = "forged"
    assert call("verify_credential", json.dumps(injected), "{}")["errors"] == []
    assert ended(party.verify(injected), CheckId.PROOF) == (Outcome.FAILED, Reason.UNSAFE_CONTEXT)
    # a date that has passed is not looked at
    options = {"proofPurpose": "assertionMethod", "verificationMethod": method_of("key", ED25519)}
    options["created"] = "2026-09-21T14:13:20Z"
    old = {**licence(did), "expirationDate": "2026-02-01T00:00:00Z"}
    expired = call("issue_credential", json.dumps(old), json.dumps(options), ED25519)
    assert call("verify_credential", json.dumps(expired), "{}")["errors"] == []
    assert ended(party.verify(expired), CheckId.VALIDITY) == (Outcome.FAILED, Reason.EXPIRED)


@pytest.mark.parametrize("context", ["https://w3id.org/security/v1", "https://w3id.org/security/v2"])
def test_contexts_of_before_that_no_credential_of_1_1_can_name(context: str) -> None:
    """didkit has them both; what they redefine is protected, so they are not missed here."""
    signed, did = issued(ED25519, "key", "Ed25519Signature2018")
    for twin in (
        {**signed, "@context": [*signed["@context"], context]},
        {**signed, "proof": {**signed["proof"], "@context": context}},
    ):
        (error,) = call("verify_credential", json.dumps(twin), "{}")["errors"]
        assert "Protected term redefinition" in error
        party = party_for(did)
        assert party.verify(twin).decision in {Decision.REJECT, Decision.INDETERMINATE}
        assert party.web.asked == []
