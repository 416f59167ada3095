"""Schemas on file: what is taken, what is refused at once, what none of them can do."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from node.verification.schema_registry import SchemaRegistry, SchemaUnusable
from tests.simulators.issuer import SimulatedIssuer

URL = "https://board.example/schema.json"


def registry(schema: Any, **others: Any) -> SchemaRegistry:
    return SchemaRegistry(
        {URL: orjson.dumps(schema), **{url: orjson.dumps(one) for url, one in others.items()}}
    )


def accepts(schemas: SchemaRegistry, value: Any) -> bool:
    found = schemas.get(URL)
    assert found is not None
    return next(found.validator.iter_errors(value), None) is None


def test_one_schema_may_refer_to_another_on_file() -> None:
    other = "https://board.example/name.json"
    schemas = registry({"properties": {"name": {"$ref": other}}}, **{other: {"type": "string"}})
    assert accepts(schemas, {"name": "Ada"})
    assert not accepts(schemas, {"name": 1})


@pytest.mark.parametrize(
    ("schema", "fault"),
    [
        ({"$ref": "https://elsewhere.example/schema.json"}, "elsewhere"),
        ({"type": "nothing"}, "nothing"),
        ({"pattern": "("}, "no schema"),
        (7, "no schema"),
        ({"type": ["VerifiableCredential"]}, "context"),
    ],
)
def test_what_is_no_schema_is_refused_when_it_is_read(schema: Any, fault: str) -> None:
    with pytest.raises(SchemaUnusable, match=fault):
        registry(schema)


@pytest.mark.parametrize("raw", [b"", b"{", b'{"a": 1, "a": 2}', b"eyJhbGciOiJub25lIn0.e30."])
def test_what_cannot_be_read_is_refused(raw: bytes) -> None:
    with pytest.raises(SchemaUnusable):
        SchemaRegistry({URL: raw})


def test_a_bomb_of_references() -> None:
    """Each level refers to the next four times: a trillion values, were it ever unfolded."""
    levels = {f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 4} for i in range(20)}
    with pytest.raises(SchemaUnusable, match="unfold"):
        registry({"$ref": "#/$defs/d0", "$defs": {**levels, "d20": {"type": "object"}}})


def test_a_schema_that_refers_to_itself() -> None:
    schemas = registry({"properties": {"next": {"$ref": "#"}, "a": {"type": "integer"}}})
    assert not accepts(schemas, {"next": {"next": {"a": "x"}}})


def test_a_pattern_that_would_take_ages() -> None:
    schemas = registry({"properties": {"a": {"pattern": "^(a+)+$"}, "b": {"pattern": "^(?=(b+)+$)(b|bb)+c$"}}})
    assert not accepts(schemas, {"a": "a" * 5000 + "!"})
    assert not accepts(schemas, {"b": "b" * 5000})


def test_a_credential_that_vouches_for_a_schema() -> None:
    board = SimulatedIssuer()
    vouching = board.sign(
        {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": URL,
            "type": ["VerifiableCredential", "JsonSchemaCredential"],
            "issuer": board.did,
            "credentialSubject": {"id": "urn:x", "type": "JsonSchema", "jsonSchema": {"required": ["name"]}},
        }
    )
    schemas = registry(vouching)
    assert accepts(schemas, {"name": 1})
    assert not accepts(schemas, {})
    assert schemas.dids([{"credentialSchema": [{"id": URL}, 7, {"id": 1}]}, {}]) == [board.did]
    for broken in (
        vouching | {"type": ["VerifiableCredential"]},
        vouching | {"credentialSubject": {"id": "urn:x"}},
    ):
        with pytest.raises(SchemaUnusable, match="vouches for no schema"):
            registry(broken)
