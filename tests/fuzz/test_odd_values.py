"""Anything at all in the place of any one member, rightly signed: it is judged, shown and never raises.

Whoever holds a key can sign whatever they like: a proof that holds says nothing of the shape of what it signs.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pytest

from node.api import presenters
from node.verification.given import Given, Identifier
from node.verification.proofs import jose
from node.verification.reasons import Reason
from node.verification.verdict import CheckId, Outcome, Verdict
from node.web import views
from tests.simulators import sd_jwt
from tests.simulators.issuer import SimulatedIssuer, status_entry
from tests.simulators.policies import ANY_ISSUER_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, ended
from tests.simulators.web_lists import NOW, WEB_LIST, list_credential, list_token, served, token_claims

ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 10**18, "", "\x00", "x" * 300, "https://[", "2026-13-40T00:00:00Z"),
    *([], {}, [[]], [{}], [None], ["x"], {"id": []}, {"type": {}}, {"@id": "x"}, {"@value": 1}),
)
FIXTURES = Path(__file__).parent.parent / "fixtures"
POLICY = replace(ANY_ISSUER_POLICY, fetch_status_lists=True, max_list_age=1000)
GIVEN = Given(
    identifiers=(Identifier("ana@hospital.example", "emailAddress"),),
    resources={"https://board.example/rules.pdf": b"rules"},
    skills=("Vertical fillet welding (3F)",),
)
Place = tuple[str | int, ...]


@pytest.fixture(scope="module")
def party() -> SimulatedRelyingParty:
    return SimulatedRelyingParty()


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Every member of a document, and every element of its arrays."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        yield (*at, name)
        yield from places(child, (*at, name))


def odd_ones(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The document with one member replaced: each member by each odd value."""
    for *above, last in places(document):
        for odd in ODD:
            changed = copy.deepcopy(document)
            parent: Any = changed
            for name in above:
                parent = parent[name]
            parent[last] = odd
            yield changed


def some(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every fourth of them: each member by five of the values, and not the same five as its neighbour."""
    return islice(odd_ones(document), None, None, 4)


def judged(party: SimulatedRelyingParty, presented: bytes | str) -> Verdict:
    """And shown, on the page and over the API."""
    verdict = party.verify(presented, POLICY, given=GIVEN)
    views.page(verdict)
    orjson.dumps(presenters.verdict_json(verdict))
    return verdict


def as_token(issuer: SimulatedIssuer, document: dict[str, Any], typ: str = "vc+jwt") -> str:
    return jose.sign_compact({"alg": "EdDSA", "typ": typ, "kid": issuer.method}, document, issuer.key)


def rich_licence(board: SimulatedIssuer) -> dict[str, Any]:
    """Everything a licence may name."""
    entries = [
        status_entry(7),
        status_entry(3)
        | {
            "statusPurpose": "message",
            "statusSize": 2,
            "statusMessage": [{"status": "0x0", "message": "fine"}],
        },
    ]
    return board.licence(
        validUntil="2029-12-31T23:59:59Z",
        credentialStatus=entries,
        credentialSchema=[
            {"id": "https://board.example/s.json", "type": "JsonSchema", "digestSRI": "sha384-x"},
            {"id": "data:application/vc+jwt,x", "type": "JsonSchemaCredential"},
        ],
        relatedResource=[
            {"id": "https://board.example/rules.pdf", "digestSRI": "sha256-x", "mediaType": "a/b"}
        ],
        termsOfUse=[{"type": "Terms", "id": "https://board.example/terms"}],
        evidence=[{"type": ["Evidence"], "id": "urn:x", "name": "Examination"}],
        refreshService={"type": "Refresh", "id": "https://board.example/refresh"},
    )


def test_of_a_licence(party: SimulatedRelyingParty) -> None:
    genuine = judged(party, as_token(party.board, rich_licence(party.board)))
    assert genuine.credentials[0].summary is not None  # else all would end at its proof
    for document in odd_ones(rich_licence(party.board)):
        judged(party, as_token(party.board, document))


def test_of_the_claims_around_a_licence(party: SimulatedRelyingParty) -> None:
    licence = party.board.licence_1_1(party.nurse.did)
    claims = {
        "iss": party.board.did,
        "sub": party.nurse.did,
        "jti": licence["id"],
        "nbf": NOW - 10,
        "iat": NOW - 10,
    }
    claims |= {"exp": NOW + 1000, "aud": "x", "nonce": "n", "cnf": {"jwk": {}}, "vc": {}}
    for odd in odd_ones(claims):
        judged(party, as_token(party.board, odd | {"vc": odd["vc"] or licence}, "JWT"))


@pytest.mark.parametrize("file", ["resume.json", "welding-certificate-endorsed.json"])
def test_of_what_holds_others(party: SimulatedRelyingParty, file: str) -> None:
    document = json.loads((FIXTURES / file).read_text(encoding="utf-8"))
    document |= {"issuer": party.board.did}
    del document["proof"]
    shallow = {name: value for name, value in document.items() if name != "credentialSubject"}
    for odd in some({name: value for name, value in shallow.items() if name != "@context"}):
        judged(party, as_token(party.board, document | odd))
    for odd in some({name: [value] for name, value in document["credentialSubject"].items()}):
        judged(party, as_token(party.board, document | {"credentialSubject": odd}))


def test_of_an_sd_jwt(party: SimulatedRelyingParty) -> None:
    shown = [sd_jwt.disclosure("nickname", {"b": [1]}), sd_jwt.disclosure("CO")]
    claims = sd_jwt.licence_claims(party.board, party.nurse.key) | {
        "_sd": [sd_jwt.digest(shown[0])],
        "_sd_alg": "sha-256",
        "states": [{"...": sd_jwt.digest(shown[1])}],
        "vct#integrity": "sha256-x",
    }
    for odd in odd_ones(claims):
        judged(party, sd_jwt.sign_payload(party.board, odd, shown))


def test_of_a_proof_and_of_a_presentation(party: SimulatedRelyingParty) -> None:
    for file in ("licence-jcs.json", "presentation-jcs.json"):
        document = json.loads((FIXTURES / file).read_text(encoding="utf-8"))
        outer = {
            name: value for name, value in document.items() if name not in ("credentialSubject", "@context")
        }
        for odd in some(outer):
            judged(party, json.dumps(document | odd))


def test_of_a_fetched_status_list(party: SimulatedRelyingParty) -> None:
    def told(body: bytes, presented: str) -> None:
        party.web.pages[WEB_LIST] = body
        party.service = party._service(party.ledger)  # nothing is kept from the one before
        judged(party, presented)

    licence = party.board.sign(
        party.board.licence(credentialStatus=status_entry(7, WEB_LIST)), "eddsa-jcs-2022"
    )
    bitstring = list_credential(
        party.board, {7: 1}, _ttl=1000, _statusSize=1, validUntil="2029-12-31T23:59:59Z"
    )
    for odd in odd_ones(bitstring):
        told(as_token(party.board, odd).encode(), json.dumps(licence))
    status = {"status_list": {"idx": 7, "uri": WEB_LIST}}
    compact = sd_jwt.issue(party.board, sd_jwt.licence_claims(party.board, status=status))
    for odd in odd_ones(token_claims({7: 1}, ttl=100, exp=NOW + 1000, nbf=NOW - 10, iss=party.board.did)):
        told(list_token(party.board, odd), compact)


def test_of_a_did_document(party: SimulatedRelyingParty) -> None:
    other = SimulatedIssuer("other")
    licence = json.dumps(other.sign(other.licence(), "eddsa-jcs-2022"))
    document = other.document() | {
        "authentication": [
            {**other.document()["verificationMethod"][0], "id": "#key-2", "expires": "2029-01-01"}
        ],
        "alsoKnownAs": ["https://other.example"],
        "service": [{"id": "#service", "type": "Service", "serviceEndpoint": "https://other.example"}],
    }
    document["verificationMethod"] += [
        {
            "id": "#key-3",
            "type": "JsonWebKey2020",
            "controller": other.did,
            "publicKeyJwk": other.key.public.to_jwk(),
        },
        {
            "id": "#key-4",
            "type": "EcdsaSecp256k1RecoveryMethod2020",
            "controller": other.did,
            "blockchainAccountId": "eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb",
        },
    ]
    for odd in odd_ones(document):
        party.web.pages["https://other.example/.well-known/did.json"] = served(odd)
        party.service = party._service(party.ledger)
        judged(party, licence)


def test_of_a_document_on_the_ledger_and_the_schema_in_it() -> None:
    party = SimulatedRelyingParty()
    address = "https://board.example/licence.json"
    schema = {"type": "object", "properties": {"type": {"type": "array"}, "name": {"pattern": "^R"}}}
    endpoint = {"id": address, "schema": schema}
    service = {"id": f"{party.board.did}#s", "type": "CredentialSchema", "serviceEndpoint": endpoint}
    document = party.board.document() | {"service": [service]}
    licence = as_token(
        party.board, party.board.licence(index=7, credentialSchema={"id": address, "type": "JsonSchema"})
    )
    party.ledger.pin(party.board.did, served(document))
    assert ended(judged(party, licence), CheckId.SCHEMA) == (Outcome.PASSED, Reason.OK)
    for odd in odd_ones(document):
        party.ledger.pin(party.board.did, served(odd))
        judged(party, licence)
