"""The schemas a DID document names."""

from __future__ import annotations

import json
from typing import Any

import pytest

from node.did.document import DidDocument
from node.did.parse import parse_document
from node.verification.anchored_schemas import (
    MAX_ANCHORED,
    MAX_BYTES,
    MAX_COST,
    SERVICE,
    AnchoredSchemas,
    read_anchored,
)
from tests.simulators.issuer import SimulatedIssuer

DID = "did:web:board.example"
URL = "https://board.example/schemas/licence.json"


def service(schema: Any, url: Any = URL, **members: Any) -> dict[str, Any]:
    endpoint = {"id": url, **({} if schema is None else {"schema": schema}), **members}
    return {"id": f"{DID}#schema", "type": SERVICE, "serviceEndpoint": endpoint}


def document(*services: Any, source: str = "ledger", digest: str = "a") -> DidDocument:
    return parse_document({"id": DID, "service": list(services)}, DID, source=source, digest=digest)


def fault(*services: Any) -> str:
    return read_anchored({"id": DID, "service": list(services)}, DID)[URL].fault


@pytest.mark.parametrize("schema", [{"required": ["name"]}, ' {"required": ["name"]}\n'])
def test_a_schema_as_json_or_as_the_text_of_its_file(schema: Any) -> None:
    found = read_anchored({"id": DID, "service": [service(schema)]}, DID)[URL]
    assert found.schema is not None
    assert found.schema.raw == (schema.encode() if isinstance(schema, str) else b'{"required":["name"]}')
    assert found.schema.validator.is_valid({"name": 1})
    assert not found.schema.validator.is_valid({})


def test_a_hash_alone() -> None:
    found = read_anchored({"id": DID, "service": [service(None, digestSRI="sha384-x")]}, DID)[URL]
    assert (found.schema, found.digests, found.fault) == (None, {"digestSRI": "sha384-x"}, "")


@pytest.mark.parametrize(
    "other",
    [
        7,
        {"type": "LinkedDomains", "serviceEndpoint": {"id": URL, "schema": {}}},
        {"type": SERVICE, "serviceEndpoint": URL},
        {"type": SERVICE, "serviceEndpoint": [{"id": URL, "schema": {}}]},
        service({}, 7),
        service({}, ""),
    ],
)
def test_what_names_no_schema_is_passed_over(other: Any) -> None:
    assert read_anchored({"id": DID, "service": [other]}, DID) == {}
    assert read_anchored({"id": DID, "service": other}, DID) == {}


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        (None, "either"),
        (7, "object"),
        ({"type": "nothing"}, "no JSON Schema"),
        ({"$ref": "#"}, "back"),
        ({"description": "x" * MAX_BYTES}, "larger"),
        ({"enum": ["x"] * MAX_COST.values}, "unfold"),
        ({"allOf": [{"pattern": "a"}] * (MAX_COST.patterns + 1)}, "unfold"),
        ({"pattern": "(a{999}){999}"}, "no JSON Schema"),
        ({"pattern": "^(?=a)a$"}, "no JSON Schema"),  # it looks ahead: such take more than linear time
        ("eyJhbGciOiJub25lIn0.e30.", ""),
        ("{", ""),
    ],
)
def test_what_cannot_be_used_says_why(schema: Any, why: str) -> None:
    found = fault(service(schema))
    assert found
    assert why in found


def test_both_a_schema_and_a_hash_of_one() -> None:
    assert "either" in fault(service({}, digestSRI="sha384-x"))


def test_the_same_address_twice() -> None:
    assert "twice" in fault(service({}), service({}))


def test_more_than_there_may_be() -> None:
    services = [service({}, f"https://board.example/{i}") for i in range(MAX_ANCHORED)]
    assert "more than" in fault(*services, service({}))
    assert not fault(*services[1:], service({}))


def test_what_all_of_them_cost_together() -> None:
    half = {"enum": ["x"] * (MAX_COST.values // 2)}
    assert not fault(service(half), service({}, "https://board.example/2"))
    found = read_anchored({"id": DID, "service": [service(half, f"{URL}{i}") for i in range(2)]}, DID)
    assert [bool(one.fault) for one in found.values()] == [False, True]


def test_a_credential_that_vouches_is_the_issuers_own() -> None:
    board, other = SimulatedIssuer("board"), SimulatedIssuer("other")
    for issuer, usable in ((board, True), (other, False)):
        vouching = issuer.sign(
            {
                "@context": ["https://www.w3.org/ns/credentials/v2"],
                "id": URL,
                "type": ["VerifiableCredential", "JsonSchemaCredential"],
                "issuer": issuer.did,
                "credentialSubject": {"id": "urn:x", "type": "JsonSchema", "jsonSchema": {"required": ["a"]}},
            }
        )
        found = read_anchored({"id": board.did, "service": [service(vouching)]}, board.did)[URL]
        assert (found.schema is not None) is usable
        assert ("someone else" in found.fault) is not usable


def test_a_pattern_that_would_take_ages_takes_none() -> None:
    found = read_anchored({"id": DID, "service": [service({"properties": {"a": {"pattern": "^(a+)+$"}}})]}, DID)
    schema = found[URL].schema
    assert schema is not None
    assert not schema.validator.is_valid({"a": "a" * 100_000 + "!"})


def test_only_what_is_pinned_on_the_ledger_is_read() -> None:
    anchored = AnchoredSchemas()
    assert anchored.of(document(service({}), source="web")) == {}
    assert anchored.of(document(service({}))).keys() == {URL}


def test_a_version_of_a_document_is_read_once() -> None:
    anchored = AnchoredSchemas()
    first = document(service({"required": ["a"]}))
    found = anchored.of(first)
    assert anchored.of(document(service({"required": ["a"]}))) is found
    assert anchored.of(document(service({"required": ["b"]}), digest="b")) is not found
    assert anchored.of(parse_document(json.loads(f'{{"id": "{DID}"}}'), DID, source="ledger")) == {}
