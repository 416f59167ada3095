"""Schemas on file, and none but those."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from node.verification.policy import DEFAULT_POLICY, Question
from node.verification.reasons import Reason
from node.verification.schema import MAX_SCHEMAS, SchemaRegistry, check_schema
from node.verification.verdict import Outcome

URL = "https://board.example/schema.json"
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "properties": {"a/b": {"type": "integer"}},
    "required": ["a/b"],
}
SCHEMAS = SchemaRegistry({URL: SCHEMA})


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
    (check,) = check_schema({"credentialSchema": named, "a/b": value}, SCHEMAS, Question(policy, 0))
    assert (check.outcome, check.reason) == (outcome, reason)


def test_the_member_at_fault_is_a_json_pointer() -> None:
    document = {"credentialSchema": {"id": URL, "type": "JsonSchema"}, "a/b": "x"}
    assert check_schema(document, SCHEMAS, Question(DEFAULT_POLICY, 0))[0].member == "/a~1b"


def test_a_schema_that_refers_elsewhere_is_not_fetched() -> None:
    with pytest.raises(Exception, match=r"https://elsewhere\.example"):
        SchemaRegistry({URL: {"$ref": "https://elsewhere.example/schema.json"}})
