"""What a schema costs, told in advance."""

from __future__ import annotations

import json
from typing import Any

import pytest

from node.verification.schema_bounds import Unbounded, cost_alone, unfolded


def chain(levels: int, each: int = 1) -> dict[str, Any]:
    """Definitions that refer each to the next, so many times."""
    links = {f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}] * each} for i in range(levels)}
    schema = {"$ref": "#/$defs/d0", "$defs": {**links, f"d{levels}": {"pattern": "a"}}}
    parsed: dict[str, Any] = json.loads(json.dumps(schema))
    return parsed


def test_what_is_referred_to_counts_as_often_as_it_is() -> None:
    once = {"type": "object", "patternProperties": {"a": {}}, "properties": {"a": {"pattern": "b"}}}
    assert cost_alone(once) == (7, 2)
    cost = cost_alone(chain(10, 4))
    assert cost.values > 4**10
    assert cost.patterns > 4**10
    assert unfolded(chain(10, 4)) > 4**10


@pytest.mark.parametrize(
    ("schema", "fault"),
    [
        ({"$ref": "#"}, "back"),
        ({"properties": {"next": {"$ref": "#"}}}, "back"),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"not": {"$ref": "#/$defs/a"}}}}, "back"),
        ({"$ref": "https://board.example/other.json"}, "outside"),
        ({"$ref": "https://json-schema.org/draft/2020-12/schema"}, "outside"),
        ({"$ref": "other.json"}, "outside"),
        ({"$ref": "#/$defs/none"}, "outside"),
        ({"$ref": "#/%24defs/a", "$defs": {"a": {}}}, "outside"),
        ({"$ref": "#name", "$defs": {"a": {}}}, "outside"),
        ({"allOf": [{"$ref": "#/allOf/2"}]}, "outside"),
        ({"allOf": [{}, {"$ref": "#/allOf/00"}]}, "outside"),
        ({"allOf": [{}, {"$ref": "#/allOf/²"}]}, "outside"),
        ({"allOf": [{}, {"$ref": "#/allOf/" + "9" * 5_000}]}, "outside"),
        ({"$defs": {"a": {"$anchor": "name"}}}, "pointer"),
        ({"$defs": {"a": {"$id": "https://board.example/a"}}}, "pointer"),
        ({"$dynamicAnchor": "x"}, "pointer"),
        ({"$dynamicRef": "#x"}, "pointer"),
        ({"$recursiveRef": "#"}, "pointer"),
        ({"$recursiveAnchor": True, "$recursiveRef": "#"}, "pointer"),
        ({"$schema": "http://json-schema.org/draft-04/schema#", "id": "x"}, "dialect"),
        ({"$schema": 7}, "dialect"),
        (chain(200), "deep"),
        (True, "object"),
    ],
)
def test_what_cannot_be_told_is_refused(schema: Any, fault: str) -> None:
    with pytest.raises(Unbounded, match=fault):
        cost_alone(schema)


@pytest.mark.parametrize(
    "dialect",
    [
        "https://json-schema.org/draft/2020-12/schema",
        "https://json-schema.org/draft/2019-09/schema",
        "http://json-schema.org/draft-07/schema#",
    ],
)
def test_the_dialects_credentials_use(dialect: str) -> None:
    schema = {"$schema": dialect, "$id": "https://board.example/s", "properties": {"$ref": {"type": "string"}}}
    assert cost_alone(schema).patterns == 0
