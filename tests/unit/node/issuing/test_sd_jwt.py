"""An SD-JWT VC is issued only if it would be accepted, and discloses what was asked."""

from __future__ import annotations

from typing import Any

import pytest

from node.crypto.public_keys import KeyType
from node.crypto.signing import SigningKey
from node.issuing.credentials import CredentialIssuer
from node.issuing.refusals import IssuingRefused
from node.verification.proofs import jose, sd_jwt
from node.verification.proofs.contexts import Contexts
from node.verification.proofs.data_integrity.data_integrity import DataIntegrity
from tests.simulators.sd_jwt import disclosures_of, read
from tests.simulators.status_lists import SimulatedLists

BOARD = "did:web:board.example"
LIST = "https://board.example/status-lists/nursing"
OTHERS = "https://other.example/1"
NOW = 1_795_000_000
CLAIMS = {
    "vct": "Licence",
    "given_name": "Ada",
    "address": {"street": "Main", "city": "Golden"},
    "n": [1, 2],
}
HOLDER = SigningKey.from_bytes(KeyType.P256, bytes(range(1, 33))).public.to_jwk()
DATA_INTEGRITY = DataIntegrity(Contexts())


@pytest.fixture(params=[KeyType.ED25519, KeyType.P256])
def issuer(request: pytest.FixtureRequest) -> CredentialIssuer:
    lists = SimulatedLists()
    lists.create(LIST, BOARD)
    lists.create(OTHERS, "did:web:other.example")
    return CredentialIssuer(
        signing_key=SigningKey.from_bytes(request.param, bytes(range(1, 33))),
        did=BOARD,
        verification_method=f"{BOARD}#key-1",
        data_integrity=DATA_INTEGRITY,
        clock=lambda: float(NOW),
        status_list=lists.status_list,
    )


def issue(issuer: CredentialIssuer, claims: dict[str, Any], **options: Any) -> str:
    compact = issuer.issue(claims, mechanism="dc+sd-jwt", **options)
    assert isinstance(compact, str)
    return compact


def test_what_is_asked_can_be_withheld_and_nothing_else(issuer: CredentialIssuer) -> None:
    asked = ["/given_name", "/address", "/address/street", "/n/1"]
    compact = issue(issuer, CLAIMS, disclose=asked, holder=HOLDER)
    token = sd_jwt.peek(compact)
    assert (token.mechanism, token.key_id, token.fault) == ("dc+sd-jwt", f"{BOARD}#key-1", None)
    assert token.confirmation == sd_jwt.Confirmation(HOLDER, "")
    assert token.document["credentialSubject"] == {name: CLAIMS[name] for name in CLAIMS if name != "vct"}
    assert token.document["issuer"] == BOARD
    sd_jwt.check(token, issuer._key.public, now=NOW, skew=0)
    shown = [read(text)[1:] for text in disclosures_of(compact)]
    assert sorted(one[0] for one in shown if len(one) == 2) == ["address", "given_name", "street"]
    assert [2] in shown
    bare = sd_jwt.peek(compact.split("~")[0] + "~")
    assert bare.document["credentialSubject"] == {"n": [1]}


def test_salts_differ(issuer: CredentialIssuer) -> None:
    one, other = (issue(issuer, CLAIMS, disclose=["/given_name"]) for _ in range(2))
    [first], [second] = (disclosures_of(compact) for compact in (one, other))
    assert read(first)[0] != read(second)[0]
    assert len(read(first)[0]) >= 22  # 128 bits


@pytest.mark.parametrize(
    ("claims", "options", "member"),
    [
        ({"vct": ""}, {}, "/vct"),
        ({"vct": None}, {}, "/vct"),
        ({"iss": "did:web:other.example"}, {}, "/iss"),
        ({"@context": []}, {}, "/@context"),
        ({"exp": "2027-01-01"}, {}, "/exp"),
        ({"exp": True}, {}, "/exp"),
        ({"exp": 5, "nbf": 6}, {}, "/exp"),
        ({"_sd": []}, {}, ""),
        ({"a": [{"...": "x"}]}, {}, ""),
        ({"status": {"status_list": {"idx": 1, "uri": OTHERS}}}, {}, "/status/status_list/uri"),
        ({"status": {"status_list": {"idx": -1, "uri": LIST}}}, {}, "/status/status_list/idx"),
        ({"status": {"status_list": {"idx": "1", "uri": LIST}}}, {}, "/status"),
        ({"cnf": {}}, {"holder": HOLDER}, "/cnf"),
        ({}, {"holder": HOLDER | {"d": "secret"}}, "/holder"),
        ({}, {"holder": {"kty": "oct"}}, "/holder"),
        ({}, {"holder": "Ana"}, "/holder"),
        ({}, {"decoys": -1}, ""),
        ({}, {"decoys": 101}, ""),
        ({}, {"disclose": ["given_name"]}, "given_name"),
        ({}, {"disclose": [""]}, ""),
        ({}, {"disclose": ["/nothing"]}, "/nothing"),
        ({}, {"disclose": ["/n/2"]}, "/n/2"),
        ({}, {"disclose": ["/n/01"]}, "/n/01"),
        ({}, {"disclose": ["/n/-"]}, "/n/-"),
        ({}, {"disclose": ["/n", "/n"]}, "/n"),
        ({}, {"disclose": ["/vct"]}, "/vct"),
        ({"cnf": {"kid": "did:key:z6"}}, {"disclose": ["/cnf/kid"]}, "/cnf/kid"),
    ],
)
def test_refused(
    issuer: CredentialIssuer, claims: dict[str, Any], options: dict[str, Any], member: str
) -> None:
    with pytest.raises(IssuingRefused) as refused:
        issue(issuer, CLAIMS | claims, **options)
    assert refused.value.member == member


def _places(payload: Any) -> list[int]:
    """How many digests stand in each place that has any, the disclosures' insides not counted."""
    if isinstance(payload, dict):
        own = [len(payload["_sd"])] if "_sd" in payload else []
        return own + [found for value in payload.values() for found in _places(value)]
    if isinstance(payload, list):
        digests = sum(isinstance(one, dict) and "..." in one for one in payload)
        return [digests] * bool(digests) + [found for value in payload for found in _places(value)]
    return []


@pytest.mark.parametrize("decoys", [0, 1, 7])
def test_decoys_stand_wherever_digests_do_and_change_nothing(issuer: CredentialIssuer, decoys: int) -> None:
    claims = CLAIMS | {"n": [10, 20, {"deep": 1}], "address": {"street": "Elm", "city": "Denver"}}
    pointers = ["/given_name", "/n", "/n/0", "/n/2/deep", "/address/street"]
    compact = issue(issuer, claims, disclose=pointers, decoys=decoys)
    token = sd_jwt.peek(compact)
    assert token.fault is None
    shown = token.document["credentialSubject"]
    assert (shown["n"], shown["address"], shown["given_name"]) == (claims["n"], claims["address"], "Ada")
    payload = jose.claims_of(jose.split(compact.split("~")[0]))
    assert sorted(_places(payload)) == [1 + decoys, 2 + decoys]  # in the address, and at the top
    inner = [value for one in disclosures_of(compact) for value in [read(one)[-1]] if isinstance(value, list)]
    assert _places(inner) == [1 + decoys, 1 + decoys]
    none = sd_jwt.peek(compact.split("~")[0] + "~")
    assert none.fault is None
    assert "given_name" not in none.document["credentialSubject"]


def test_decoys_of_nothing_to_disclose(issuer: CredentialIssuer) -> None:
    compact = issue(issuer, CLAIMS, decoys=3)
    assert sd_jwt.peek(compact).fault is None
    assert _places(jose.claims_of(jose.split(compact.split("~")[0]))) == [3]


def test_digests_and_decoys_are_in_no_telling_order(issuer: CredentialIssuer) -> None:
    compact = issue(issuer, CLAIMS, disclose=["/given_name"], decoys=20)
    digests = jose.claims_of(jose.split(compact.split("~")[0]))["_sd"]
    assert digests == sorted(digests)
    assert len(set(digests)) == 21
    assert {len(one) for one in digests} == {43}


def test_other_mechanisms_disclose_everything(issuer: CredentialIssuer) -> None:
    with pytest.raises(IssuingRefused):
        issuer.issue({}, mechanism="vc+jwt", disclose=["/given_name"])
