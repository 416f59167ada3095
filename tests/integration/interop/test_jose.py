"""jose (npm) and we agree on JWTs: vc+jwt and VC-JWT, EdDSA and ES256, in both directions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.issuing.credentials import CredentialIssuer
from node.verification.reasons import Reason
from node.verification.verdict import Decision
from tests.interop import peers
from tests.interop.tampering import tampered_jwts
from tests.simulators.envelopes import enveloped
from tests.simulators.fixture_ledger import BOARD
from tests.simulators.hospital import Hospital

Read = Callable[[str], Any]


KEYS = {"EdDSA": "board", "ES256": "boardP256"}  # of keys.json
KEY_TYPES = {"EdDSA": KeyType.ED25519, "ES256": KeyType.P256}


@pytest.fixture(scope="module")
def hospital() -> Hospital:
    return Hospital()


def signing_request(key: dict[str, Any], algorithm: str, payload: Any, typ: str) -> dict[str, Any]:
    """`key` is one of keys.json; a `payload` that is a text is signed byte for byte."""
    header = {"alg": algorithm, "typ": typ, "kid": key["verificationMethod"]}
    return {"mechanism": "jwt", "header": header, "payload": payload, "key": key["privateKeyJwk"]}


def without_proof(document: dict[str, Any]) -> dict[str, Any]:
    return {member: value for member, value in document.items() if member != "proof"}


@pytest.mark.parametrize(("name", "mechanism"), [("licence.jwt", "vc+jwt"), ("licence-vcdm11.jwt", "vc-jwt")])
def test_we_accept_the_committed_ones_and_refuse_their_tampered_twins(
    name: str, mechanism: str, hospital: Hospital, fixture: Read
) -> None:
    compact = fixture(name)
    verdict = hospital.verdict(compact)
    assert verdict.decision is Decision.ACCEPT, verdict
    assert verdict.credentials[0].mechanism == mechanism
    for what, twin in tampered_jwts(compact):
        assert hospital.verdict(twin).decision is Decision.REJECT, what


@pytest.mark.usefixtures("_peers")
@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256"])
def test_we_accept_what_they_sign(algorithm: str, hospital: Hospital, fixture: Read) -> None:
    key, payload = fixture("keys.json")[KEYS[algorithm]], without_proof(fixture("licence.json"))
    [compact] = peers.sign([signing_request(key, algorithm, payload, "vc+jwt")])
    verdict = hospital.verdict(compact)
    assert verdict.decision is Decision.ACCEPT, verdict
    for what, twin in tampered_jwts(compact):
        assert hospital.verdict(twin).decision is Decision.REJECT, what


@pytest.mark.usefixtures("_peers")
def test_a_key_signs_under_its_own_algorithm_only(hospital: Hospital, fixture: Read) -> None:
    """The P-256 key's signature under the Ed25519 key's name."""
    keys = fixture("keys.json")
    key = keys["boardP256"] | {"verificationMethod": keys["board"]["verificationMethod"]}
    [compact] = peers.sign([signing_request(key, "ES256", without_proof(fixture("licence.json")), "vc+jwt")])
    verdict = hospital.verdict(compact)
    assert verdict.decision is Decision.REJECT
    assert Reason.ALGORITHM_MISMATCH in {check.reason for check in verdict.credentials[0].checks}


@pytest.mark.usefixtures("_peers")
def test_duplicate_claims_are_refused_however_well_signed(hospital: Hospital, fixture: Read) -> None:
    """Two readers of such a payload may each see a different credential."""
    text = json.dumps(without_proof(fixture("licence.json")))
    twice = text[:-1] + ',"validUntil":"2150-01-01T00:00:00Z"}'
    [compact] = peers.sign([signing_request(fixture("keys.json")["board"], "EdDSA", twice, "vc+jwt")])
    assert hospital.verdict(compact).decision is Decision.REJECT


@pytest.mark.usefixtures("_peers")
@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256"])
def test_they_accept_what_we_issue(algorithm: str, hospital: Hospital, fixture: Read) -> None:
    key = fixture("keys.json")[KEYS[algorithm]]
    secret = SigningKey.from_bytes(KEY_TYPES[algorithm], bytes.fromhex(key["secretHex"]))
    issuer = CredentialIssuer(
        signing_key=secret,
        did=BOARD,
        verification_method=key["verificationMethod"],
        data_integrity=hospital.data_integrity,
        clock=hospital.clock,
        status_list=hospital.replica.queries.status_list,
    )
    compact = issuer.issue(without_proof(fixture("licence.json")), mechanism="vc+jwt")
    assert isinstance(compact, str)
    question = {"key": key["publicKeyJwk"], "alg": algorithm, "typ": "vc+jwt"}
    twins = [twin for _, twin in tampered_jwts(compact)]
    genuine, *refused = peers.verify([{"jwt": one, **question} for one in [compact, *twins]], {})
    assert genuine.error == ""
    assert not any(answer.accepted for answer in refused)
    assert hospital.verdict(compact).decision is Decision.ACCEPT


@pytest.mark.usefixtures("_peers")
def test_we_accept_a_presentation_they_sign_for_us_and_for_nobody_else(
    hospital: Hospital, fixture: Read
) -> None:
    keys = fixture("keys.json")
    asked = {"challenge": keys["challenge"], "domain": keys["domain"]}
    payload = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": keys["nurse"]["did"],
        "verifiableCredential": [enveloped("vc+jwt", fixture("licence.jwt"))],
        "nonce": keys["challenge"],
        "aud": keys["domain"],
    }
    by_nurse, by_welder = peers.sign(
        [signing_request(keys[who], "EdDSA", payload, "vp+jwt") for who in ("nurse", "welder")]
    )
    verdict = hospital.verdict(by_nurse, **asked)
    assert verdict.decision is Decision.ACCEPT, verdict
    assert hospital.verdict(by_nurse, **asked | {"challenge": "another"}).decision is Decision.REJECT
    assert (
        hospital.verdict(by_nurse, **asked | {"domain": "https://elsewhere.example"}).decision
        is Decision.REJECT
    )
    assert hospital.verdict(by_welder, **asked).decision is Decision.REJECT
