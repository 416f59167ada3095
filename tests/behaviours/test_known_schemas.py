"""A licence of a form its board anchored on the ledger, as a node judges it: nothing is fetched."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import orjson
import pytest

from node.verification.reasons import Reason
from node.verification.verdict import Check, CheckId, Decision, Outcome
from registry.records import AsOf
from tests.simulators.issuer import SimulatedIssuer
from tests.simulators.policies import ANY_ISSUER_POLICY, DEFAULT_POLICY
from tests.simulators.relying_party import SimulatedRelyingParty, check_of

URL = "https://board.example/schemas/licence.json"
PROFESSION = {"properties": {"credentialSubject": {"properties": {"givenName": {"const": "Ana"}}}}}
OTHER = {"properties": {"credentialSubject": {"properties": {"givenName": {"const": "Eva"}}}}}
STRICT = replace(DEFAULT_POLICY, require_known_schema=True)
PASSED, FAILED, OPEN = Outcome.PASSED, Outcome.FAILED, Outcome.INDETERMINATE


def service(schema: Any = None, **members: Any) -> dict[str, Any]:
    endpoint = {"id": URL, **({} if schema is None else {"schema": schema}), **members}
    return {"id": "#licence", "type": "CredentialSchema", "serviceEndpoint": endpoint}


def with_services(issuer: SimulatedIssuer, *services: dict[str, Any]) -> bytes:
    return json.dumps({**json.loads(issuer.document_bytes()), "service": services}).encode()


def anchor(party: SimulatedRelyingParty, *services: dict[str, Any]) -> None:
    party.ledger.pin(party.board.did, with_services(party.board, *services))


def licence(party: SimulatedRelyingParty, name: str = "Ana", **schema: Any) -> dict[str, Any]:
    document = party.board.licence(party.nurse.did)
    document["credentialSubject"]["givenName"] = name
    document["credentialSchema"] = {"id": URL, "type": "JsonSchema", **schema}
    return party.board.sign(document)


def judged(party: SimulatedRelyingParty, document: dict[str, Any], **asked: Any) -> Check:
    verdict = party.verify(document, **{"policy": STRICT, **asked})
    assert party.web.asked == []
    return check_of(verdict, CheckId.SCHEMA)


def sri(raw: bytes) -> str:
    return "sha256-" + base64.b64encode(sha256(raw).digest()).decode()


def test_a_licence_of_that_form_and_one_that_is_not() -> None:
    party = SimulatedRelyingParty()
    anchor(party, service(PROFESSION))
    good, bad = party.verify(licence(party), policy=STRICT), party.verify(licence(party, "Eva"), policy=STRICT)
    assert (good.decision, bad.decision) == (Decision.ACCEPT, Decision.REJECT)
    check = check_of(good, CheckId.SCHEMA)
    assert "anchored by its issuer" in check.detail
    assert check.source is not None
    assert (check.source.kind, check.source.ref) == ("ledger", party.board.did)
    assert check.source.block is not None
    failed = check_of(bad, CheckId.SCHEMA)
    assert (failed.outcome, failed.reason) == (FAILED, Reason.SCHEMA_VIOLATION)
    assert failed.member == "/credentialSubject/givenName"
    assert party.web.asked == []


def test_the_form_of_a_past_moment() -> None:
    party = SimulatedRelyingParty()
    anchor(party, service(PROFESSION))
    document, first = licence(party), party.clock.now
    party.clock.advance(60)
    anchor(party, service(OTHER))
    assert judged(party, document).outcome is FAILED
    assert judged(party, document, at=AsOf(known_at=first)).outcome is PASSED
    party.clock.advance(60)
    anchor(party)
    assert judged(party, document).reason is Reason.SCHEMA_UNKNOWN


@pytest.mark.parametrize(
    ("services", "on_file", "outcome", "reason", "words"),
    [
        ((), None, OPEN, Reason.SCHEMA_UNKNOWN, "not on file"),
        ((service(PROFESSION),), PROFESSION, PASSED, Reason.OK, "anchored by its issuer"),
        ((service(OTHER),), PROFESSION, PASSED, Reason.OK, "anchored another"),
        ((service(PROFESSION),), OTHER, FAILED, Reason.SCHEMA_VIOLATION, "anchored another"),
        ((service({"$ref": "#"}),), PROFESSION, PASSED, Reason.OK, "anchored another"),
        ((service({"$ref": "#"}),), None, OPEN, Reason.SCHEMA_UNUSABLE, "back to itself"),
        ((service(digestSRI=sri(orjson.dumps(PROFESSION))),), PROFESSION, PASSED, Reason.OK, "by its issuer"),
        ((service(digestSRI=sri(b"other")),), PROFESSION, PASSED, Reason.OK, "anchored another"),
        ((service(digestSRI="nonsense"),), PROFESSION, PASSED, Reason.OK, "anchored another"),
        ((service(digestSRI=sri(b"other")),), None, OPEN, Reason.SCHEMA_UNKNOWN, "hash alone"),
    ],
)
def test_what_is_on_file_here_counts_and_a_difference_is_told(
    services: tuple[dict[str, Any], ...], on_file: Any, outcome: Outcome, reason: Reason, words: str
) -> None:
    party = SimulatedRelyingParty(schemas={} if on_file is None else {URL: on_file})
    anchor(party, *services)
    check = judged(party, licence(party))
    assert (check.outcome, check.reason) == (outcome, reason)
    assert words in check.detail


def test_the_hash_a_licence_states_of_its_form() -> None:
    party = SimulatedRelyingParty()
    published = '{ "type": "object" }'
    anchor(party, service(published))
    assert judged(party, licence(party, digestSRI=sri(published.encode()))).outcome is PASSED
    other = judged(party, licence(party, digestSRI=sri(b"other")))
    assert (other.outcome, other.reason) == (OPEN, Reason.SCHEMA_UNKNOWN)


def test_nobody_anchors_a_form_for_another_issuer() -> None:
    party = SimulatedRelyingParty()
    stranger = SimulatedIssuer("stranger")
    party.ledger.accredit(stranger.did)
    party.ledger.pin(stranger.did, with_services(stranger, service(OTHER)))
    assert judged(party, licence(party)).reason is Reason.SCHEMA_UNKNOWN


def test_a_document_on_the_web_anchors_nothing() -> None:
    party = SimulatedRelyingParty()
    web = SimulatedIssuer("web", did="did:web:unpinned.example")
    page = "https://unpinned.example/.well-known/did.json"
    party.web.pages[page] = with_services(web, service(OTHER))
    document = web.licence(party.nurse.did, index=None)
    document["credentialSchema"] = {"id": URL, "type": "JsonSchema"}
    verdict = party.verify(web.sign(document), policy=replace(ANY_ISSUER_POLICY, require_known_schema=True))
    assert party.web.asked == [page]
    assert check_of(verdict, CheckId.SCHEMA).reason is Reason.SCHEMA_UNKNOWN


@pytest.mark.parametrize(("by_the_board", "reason"), [(True, Reason.OK), (False, Reason.SCHEMA_UNUSABLE)])
def test_a_credential_that_vouches_for_a_form_is_the_boards_own(by_the_board: bool, reason: Reason) -> None:
    party = SimulatedRelyingParty()
    issuer = party.board if by_the_board else SimulatedIssuer("stranger")
    vouching = issuer.sign(
        {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": URL,
            "type": ["VerifiableCredential", "JsonSchemaCredential"],
            "issuer": issuer.did,
            "credentialSubject": {"id": "urn:schema", "type": "JsonSchema", "jsonSchema": PROFESSION},
        }
    )
    anchor(party, service(vouching))
    assert judged(party, licence(party, type="JsonSchemaCredential")).reason is reason


def test_a_credential_that_vouches_for_a_form_must_be_genuine() -> None:
    party = SimulatedRelyingParty()
    vouching = party.board.sign(
        {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": URL,
            "type": ["VerifiableCredential", "JsonSchemaCredential"],
            "issuer": party.board.did,
            "credentialSubject": {"id": "urn:schema", "type": "JsonSchema", "jsonSchema": PROFESSION},
        }
    )
    vouching["credentialSubject"]["jsonSchema"] = OTHER
    anchor(party, service(vouching))
    check = judged(party, licence(party, "Eva", type="JsonSchemaCredential"))
    assert (check.outcome, check.reason) == (OPEN, Reason.SCHEMA_CREDENTIAL_NOT_GOOD)
