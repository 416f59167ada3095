"""Schemas on file, and none but those."""

from __future__ import annotations

import base64
from dataclasses import replace
from functools import partial
from hashlib import sha384
from typing import Any

import orjson
import pytest

from node.verification.known_schemas import KnownSchemas
from node.verification.policy import Question
from node.verification.reasons import Reason
from node.verification.schema import MAX_SCHEMAS, check_schema
from node.verification.schema_registry import SchemaRegistry
from node.verification.secured import Secured
from node.verification.verdict import Outcome
from tests.simulators.policies import DEFAULT_POLICY

URL = "https://board.example/schema.json"
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "properties": {"a/b": {"type": "integer"}},
    "required": ["a/b"],
}
RAW = orjson.dumps(SCHEMA)
SRI = "sha384-" + base64.b64encode(sha384(RAW).digest()).decode()
SCHEMAS = partial(KnownSchemas(SchemaRegistry({URL: RAW})).find, None)


def nobody(_: Secured) -> str | None:
    return "Nobody vouches for it."


@pytest.mark.parametrize(
    ("named", "value", "strict", "outcome", "reason"),
    [
        (None, 1, False, Outcome.NOT_APPLICABLE, Reason.NOT_APPLICABLE),
        ({"id": URL, "type": "JsonSchema"}, 1, False, Outcome.PASSED, Reason.OK),
        ([{"id": URL, "type": "JsonSchemaValidator2018"}], 1, False, Outcome.PASSED, Reason.OK),
        ({"id": URL, "type": "JsonSchema"}, "1", False, Outcome.FAILED, Reason.SCHEMA_VIOLATION),
        ({"id": URL + "2", "type": "JsonSchema"}, 1, False, Outcome.NOT_APPLICABLE, Reason.SCHEMA_UNKNOWN),
        ({"id": URL + "2", "type": "JsonSchema"}, 1, True, Outcome.INDETERMINATE, Reason.SCHEMA_UNKNOWN),
        ({"id": URL, "type": "X"}, 1, True, Outcome.INDETERMINATE, Reason.SCHEMA_TYPE_UNSUPPORTED),
        (
            {"id": URL, "type": "JsonSchemaCredential"},
            1,
            True,
            Outcome.INDETERMINATE,
            Reason.SCHEMA_TYPE_UNSUPPORTED,
        ),
        ({"id": URL, "type": "JsonSchema", "digestSRI": SRI}, 1, False, Outcome.PASSED, Reason.OK),
        (
            {"id": URL, "type": "JsonSchema", "digestSRI": "sha256-" + "A" * 43 + "="},
            1,
            False,
            Outcome.FAILED,
            Reason.RESOURCE_DIGEST_MISMATCH,
        ),
        (
            {"id": URL, "type": "JsonSchema", "digestMultibase": 7},
            1,
            False,
            Outcome.FAILED,
            Reason.RESOURCE_DIGEST_MISMATCH,
        ),
        (URL, 1, False, Outcome.FAILED, Reason.SCHEMA_VIOLATION),
        ([7], 1, False, Outcome.FAILED, Reason.SCHEMA_VIOLATION),
        (
            [{"id": URL, "type": "JsonSchema"}] * (MAX_SCHEMAS + 1),
            1,
            False,
            Outcome.FAILED,
            Reason.SCHEMA_VIOLATION,
        ),
    ],
)
def test_schema(named: Any, value: object, strict: bool, outcome: Outcome, reason: Reason) -> None:
    policy = replace(DEFAULT_POLICY, require_known_schema=strict)
    (check,) = check_schema({"credentialSchema": named, "a/b": value}, SCHEMAS, nobody, Question(policy, 0))
    assert (check.outcome, check.reason) == (outcome, reason)


def test_one_fault_is_looked_for_not_millions() -> None:
    """A schema on file, and a credential that its holder made to keep a verifier busy: by the minute, if all
    alternatives were told of all its elements."""
    schema = {"properties": {"a": {"items": {"anyOf": [{"minimum": 100_000}] * 1_000}}}}
    schemas = partial(KnownSchemas(SchemaRegistry({URL: orjson.dumps(schema)})).find, None)
    document = {"credentialSchema": {"id": URL, "type": "JsonSchema"}, "a": list(range(19_000))}
    (check,) = check_schema(document, schemas, nobody, Question(DEFAULT_POLICY, 0))
    assert (check.reason, check.member) == (Reason.SCHEMA_VIOLATION, "/a/0")
    often = document | {"credentialSchema": [document["credentialSchema"]] * 2}
    assert check_schema(often, schemas, nobody, Question(DEFAULT_POLICY, 0)) == [check, check]


def test_the_member_at_fault_is_a_json_pointer() -> None:
    document = {"credentialSchema": {"id": URL, "type": "JsonSchema"}, "a/b": "x"}
    assert check_schema(document, SCHEMAS, nobody, Question(DEFAULT_POLICY, 0))[0].member == "/a~1b"
