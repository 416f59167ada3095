"""An issuer's documents, schemas and keys: what is sent to the ledger, and what is refused first."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from node.errors import Conflict, Invalid, NotFound
from node.services.registrar import Registrar
from registry.actions import PinDidDocument, RotateOperator
from registry.records import PinnedDocument
from tests.unit.node.services.registering import ADDRESS, DID, OPERATOR, SCHEMA, STAMP, Known, Recorder, make


def test_pinning_without_a_document_takes_our_own(registrar: Registrar, sent: Recorder) -> None:
    registrar.pin()
    assert sent.actions == [PinDidDocument(DID, b'{"id":"did:web:board.example"}')]


def test_a_document_of_another_did_is_refused(registrar: Registrar) -> None:
    with pytest.raises(Invalid, match="id is not"):
        registrar.pin(document={"id": "did:web:other.example"})


def test_a_document_too_large_for_the_ledger_is_refused(registrar: Registrar) -> None:
    with pytest.raises(Invalid, match="larger"):
        registrar.pin(document={"id": DID, "x": "y" * 20_000})


def pinned(document: dict[str, Any]) -> dict[str, PinnedDocument]:
    return {DID: PinnedDocument(DID, 3, json.dumps(document).encode(), False, bytes(32), STAMP)}


def sent_document(sent: Recorder) -> dict[str, Any]:
    action = sent.actions[-1]
    assert isinstance(action, PinDidDocument)
    found: dict[str, Any] = json.loads(action.document)
    return found


def test_a_schema_is_anchored_replaced_and_withdrawn_in_the_document_that_is_pinned(
    registrar: Registrar, ledger: Known, sent: Recorder
) -> None:
    other = {"id": f"{DID}#files", "type": "LinkedDomains", "serviceEndpoint": "https://board.example"}
    ledger.documents = pinned({"id": DID, "assertionMethod": ["#key-of-before"], "service": [other]})
    for schema in ({"required": ["a"]}, {"required": ["b"]}):
        registrar.anchor_schema(url=SCHEMA, schema=schema)
        found = sent_document(sent)
        assert found["assertionMethod"] == ["#key-of-before"]
        assert found["service"][0] == other
        (service,) = found["service"][1:]
        assert service["serviceEndpoint"] == {"id": SCHEMA, "schema": schema}
        assert service["id"].startswith(f"{DID}#schema-")
        ledger.documents = pinned(found)
    registrar.anchor_schema(url=SCHEMA, schema=None)
    assert sent_document(sent)["service"] == [other]
    before = list(sent.actions)
    with pytest.raises(NotFound, match="anchors no schema https://mistyped"):
        registrar.anchor_schema(url="https://mistyped.example", schema=None)
    assert sent.actions == before


def test_new_keys_leave_the_schemas_where_they_are(registrar: Registrar, ledger: Known, sent: Recorder) -> None:
    registrar.anchor_schema(url=SCHEMA, schema={"required": ["a"]})
    before = sent_document(sent)
    ledger.documents = pinned({**before, "assertionMethod": ["#key-of-before"]})
    registrar.pin()
    assert sent_document(sent) == before


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        ({"url": "licence.json", "schema": {}}, "not an address"),
        ({"url": SCHEMA, "schema": {"$ref": "https://elsewhere.example"}}, "outside"),
        ({"url": SCHEMA, "schema": {"type": "nothing"}}, "no JSON Schema"),
        ({"url": SCHEMA, "schema": "not JSON"}, "could not be used"),
        ({"url": SCHEMA, "schema": {"description": "x" * 16_384}}, "larger"),
    ],
)
def test_a_schema_that_nobody_could_use_is_not_anchored(
    registrar: Registrar, sent: Recorder, members: dict[str, Any], fault: str
) -> None:
    with pytest.raises(Invalid, match=fault):
        registrar.anchor_schema(**members)
    assert sent.actions == []


def test_a_schema_of_a_did_whose_document_is_not_pinned(registrar: Registrar) -> None:
    with pytest.raises(NotFound, match="no document"):
        registrar.anchor_schema(url=SCHEMA, schema={}, did="did:web:other.example")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (OPERATOR, "0x1", "new: an address is 0x and 40"),
        (OPERATOR, OPERATOR[:2] + OPERATOR[2:].swapcase(), "new: the address is mistyped"),
        (OPERATOR, OPERATOR.lower(), "is an operator of did:web:board.example already"),
        (ADDRESS, "0x" + "22" * 20, "is not an operator"),
    ],
)
def test_keys_that_cannot_be_rotated(ledger: Known, sent: Recorder, old: str, new: str, words: str) -> None:
    ledger.issuers[DID] = replace(ledger.issuers[DID], operators=frozenset({OPERATOR}))
    with pytest.raises((Invalid, Conflict), match=words):
        make(ledger, sent).rotate(old=old, new=new)
    assert sent.actions == []


def test_an_operator_is_rotated_however_its_address_is_written(ledger: Known, sent: Recorder) -> None:
    ledger.issuers[DID] = replace(ledger.issuers[DID], operators=frozenset({OPERATOR}))
    make(ledger, sent).rotate(old=OPERATOR.lower(), new=ADDRESS)
    assert sent.actions == [RotateOperator(DID, OPERATOR, ADDRESS)]
