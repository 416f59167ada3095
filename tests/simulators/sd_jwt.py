"""SD-JWT VCs as an issuer makes them and a wallet shows them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from node.crypto import base64url
from node.crypto.signing import SigningKey
from node.verification.proofs import jose, sd_jwt_signing
from node.verification.reasons import Reason
from node.verification.verdict import Decision, Outcome, Verdict
from tests.simulators.clock import SimulatedClock
from tests.simulators.issuer import STATUS_LIST, SimulatedIssuer
from tests.simulators.wallet import CHALLENGE, DOMAIN

NOW = int(SimulatedClock().now)
LICENCE = "NursingLicenceCredential"


def licence_claims(board: SimulatedIssuer, holder: SigningKey | None = None, **claims: Any) -> dict[str, Any]:
    """Claims of a nursing licence, bound to the holder's key where there is one."""
    found: dict[str, Any] = {
        "vct": LICENCE,
        "iss": board.did,
        "iat": NOW - 1000,
        "nbf": NOW - 1000,
        "exp": NOW + 1_000_000,
        "given_name": "Ada",
        "family_name": "Okafor",
        "licence": {"number": "RN-1", "class": {"name": "RN", "level": 3}},
        "states": ["CO", "WY", {"code": "UT", "since": 2020}],
        "status": {"status_list": {"idx": 7, "uri": STATUS_LIST}},
    }
    if holder is not None:
        found["cnf"] = {"jwk": holder.public.to_jwk()}
    return {name: value for name, value in (found | claims).items() if value is not None}


DISCLOSABLE = ("/given_name", "/family_name", "/licence", "/licence/number", "/licence/class/level")
DISCLOSABLE_STATES = ("/states/0", "/states/2", "/states/2/since")


def issue(
    board: SimulatedIssuer,
    claims: Mapping[str, Any],
    disclose: Sequence[str] = (*DISCLOSABLE, *DISCLOSABLE_STATES),
    **options: Any,
) -> str:
    return sd_jwt_signing.sign(claims, key=board.key, kid=board.method, disclose=disclose, **options)


def sign_payload(
    board: SimulatedIssuer, payload: Mapping[str, Any], disclosures: Sequence[str] = (), **header: Any
) -> str:
    """Whatever is asked for, rightly signed: for what no honest issuer would sign."""
    whole = {"alg": board.key.public.jose_alg, "typ": "dc+sd-jwt", "kid": board.method} | header
    return "~".join((jose.sign_compact(whole, payload, board.key), *disclosures, ""))


def disclosure(*parts: Any) -> str:
    return base64url.encode(json.dumps(["salt", *parts]).encode())


def digest(text: str) -> str:
    return base64url.encode(sha256(text.encode()).digest())


def disclosures_of(compact: str) -> list[str]:
    return compact.split("~")[1:-1]


def read(text: str) -> list[Any]:
    found: list[Any] = json.loads(base64url.decode(text))
    return found


def keeping(compact: str, wanted: Callable[[list[Any]], bool]) -> str:
    """With only the disclosures whose contents are wanted, and no key binding."""
    signed, *texts, _ = compact.split("~")
    return "~".join((signed, *(text for text in texts if wanted(read(text))), ""))


def bind(compact: str, holder: SigningKey, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
    """With key binding; `claims` and `header` change what an honest wallet would say, None leaves out."""
    said = {"iat": NOW, "aud": DOMAIN, "nonce": CHALLENGE, "sd_hash": digest(compact)} | claims
    whole = {"alg": holder.public.jose_alg, "typ": "kb+jwt"} | dict(header or {})
    return compact + jose.sign_compact(whole, {k: v for k, v in said.items() if v is not None}, holder)


def body_of(verdict: Verdict) -> dict[str, Any]:
    document = verdict.credentials[0].credential
    assert document is not None
    return document


def subject_of(verdict: Verdict) -> dict[str, Any]:
    subject: dict[str, Any] = body_of(verdict)["credentialSubject"]
    return subject


def refused(verdict: Verdict, *reasons: Reason) -> None:
    """Rejected, with none of the content passed on."""
    assert verdict.decision is Decision.REJECT
    failed = {check.reason for check in verdict.checks if check.outcome is Outcome.FAILED}
    for one in verdict.credentials:
        assert (one.summary, one.credential) == (None, None)
        failed |= {check.reason for check in one.checks if check.outcome is Outcome.FAILED}
    assert failed
    assert not reasons or failed <= set(reasons), failed
