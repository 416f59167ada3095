"""@sd-jwt/sd-jwt-vc (npm) and we agree: each accepts what the other made, and no tampered twin of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from node.crypto import base64url
from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.verification.verdict import Decision
from tests.interop import peers
from tests.simulators.issuer import SimulatedIssuer, key_of
from tests.simulators.policies import DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty
from tests.simulators.sd_jwt import NOW, bind, disclosure, issue, keeping, licence_claims
from tests.simulators.wallet import CHALLENGE, DOMAIN

pytestmark = pytest.mark.usefixtures("_peers")

POLICY = replace(DEFAULT_POLICY, require_holder=True)
KEY_TYPES = {"EdDSA": KeyType.ED25519, "ES256": KeyType.P256}
FRAME = {
    "_sd": ["given_name", "licence"],
    "licence": {"_sd": ["number"], "class": {"_sd": ["level"]}},
    "states": {"_sd": [0]},
    "_sd_decoy": 3,
}


@pytest.fixture(params=list(KEY_TYPES))
def alg(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def board(alg: str) -> SimulatedIssuer:
    return SimulatedIssuer("college", type_=KEY_TYPES[alg])


@pytest.fixture
def nurse(alg: str) -> SigningKey:
    return key_of("nurse", KEY_TYPES[alg])


@pytest.fixture
def party(board: SimulatedIssuer) -> SimulatedRelyingParty:
    made = SimulatedRelyingParty()
    made.ledger.accredit(board.did)
    made.ledger.pin(board.did, board.document_bytes())
    return made


def private_jwk(key: SigningKey) -> dict[str, str]:
    return key.public.to_jwk() | {"d": base64url.encode(key.secret)}


def tampered(compact: str) -> Iterator[str]:
    signed, *texts, bound = compact.split("~")
    yield "~".join((signed, *texts, disclosure("given_name", "Eve"), bound))
    yield "~".join((signed, *texts[:-1], bound))
    yield "~".join((signed, disclosure("given_name", "Eve"), *texts[1:], bound))
    for place in (len(signed) - 3, len(compact) - 3):
        yield compact[:place] + ("A" if compact[place] != "A" else "B") + compact[place + 1 :]


def test_we_accept_theirs(
    alg: str, board: SimulatedIssuer, nurse: SigningKey, party: SimulatedRelyingParty
) -> None:
    claims = licence_claims(board, nurse, status=None)
    request = {"frame": FRAME, "header": {"kid": board.method}, "key": private_jwk(board.key), "alg": alg}
    [issued] = peers.ask("sd-jwt.mjs", [{"issue": claims, **request}])
    assert party.verify(issued).decision is Decision.ACCEPT
    binding = {"iat": NOW, "aud": DOMAIN, "nonce": CHALLENGE}
    shown = {"given_name": True, "licence": {"number": True}}
    [presented] = peers.ask(
        "sd-jwt.mjs",
        [
            {
                "present": issued,
                "shown": shown,
                "holderKey": private_jwk(nurse),
                "alg": alg,
                "binding": binding,
            }
        ],
    )
    verdict = party.verify(presented, POLICY, challenge=CHALLENGE, domain=DOMAIN)
    assert verdict.decision is Decision.ACCEPT, verdict
    document = verdict.credentials[0].credential
    assert document is not None
    assert document["credentialSubject"] == {
        "given_name": "Ada",
        "family_name": "Okafor",
        "licence": {"number": "RN-1", "class": {"name": "RN"}},
        "states": ["WY", {"code": "UT", "since": 2020}],
    }
    for twin in tampered(presented):
        assert party.verify(twin, POLICY, challenge=CHALLENGE, domain=DOMAIN).decision is Decision.REJECT


def test_they_accept_ours(alg: str, board: SimulatedIssuer, nurse: SigningKey) -> None:
    issued = issue(board, licence_claims(board, nurse, status=None))
    presented = bind(keeping(issued, lambda one: one[1:2] != ["given_name"]), nurse)
    question = {"key": board.key.public.to_jwk(), "alg": alg, "nonce": CHALLENGE, "now": NOW}
    asked: list[dict[str, Any]] = [{"verify": one, **question} for one in (presented, *tampered(presented))]
    genuine, *twins = peers.ask("sd-jwt.mjs", asked)
    assert genuine["error"] == ""
    claims = licence_claims(board, nurse, status=None, given_name=None)
    assert genuine["claims"] == claims
    assert all(one["error"] for one in twins)
