"""Step 7: the shape the issuer promised. Schemas are on file here; none is ever fetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jsonschema_rs

from node.verification.policy import Question
from node.verification.reasons import Reason
from node.verification.verdict import Check, CheckId, Outcome, Source

SCHEMA_TYPES = frozenset({"JsonSchema", "JsonSchemaValidator2018", "1EdTechJsonSchemaValidator2019"})
MAX_SCHEMAS = 16  # that one credential may name


class SchemaRegistry:
    """JSON Schemas by the URL credentials name them with."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        """Raises jsonschema_rs.ValidationError or ReferencingError for a schema that cannot be used."""
        self._validators = {
            url: jsonschema_rs.validator_for(schema, offline=True) for url, schema in schemas.items()
        }

    def get(self, url: str) -> jsonschema_rs.Validator | None:
        return self._validators.get(url)


def check_schema(credential: Mapping[str, Any], schemas: SchemaRegistry, question: Question) -> list[Check]:
    """One check for each schema the credential names; one NOT_APPLICABLE when there is none."""
    stated = credential.get("credentialSchema")
    named = stated if isinstance(stated, list) else [] if stated is None else [stated]
    if not named:
        detail = "The credential names no schema."
        return [Check(CheckId.SCHEMA, Outcome.NOT_APPLICABLE, Reason.NOT_APPLICABLE, detail, question.now)]
    if len(named) > MAX_SCHEMAS:
        detail = f"It names more than {MAX_SCHEMAS} schemas."
        return [
            Check(
                CheckId.SCHEMA,
                Outcome.FAILED,
                Reason.SCHEMA_VIOLATION,
                detail,
                question.now,
                "/credentialSchema",
            )
        ]
    return [_check_one(credential, one, schemas, question) for one in named]


def _check_one(
    credential: Mapping[str, Any], named: object, schemas: SchemaRegistry, question: Question
) -> Check:
    member = "/credentialSchema"
    kind, url = (named.get("type"), named.get("id")) if isinstance(named, Mapping) else (None, None)
    if not isinstance(kind, str) or not isinstance(url, str):
        detail = "It names a schema in a way that cannot be read."
        return Check(CheckId.SCHEMA, Outcome.FAILED, Reason.SCHEMA_VIOLATION, detail, question.now, member)
    open_outcome = Outcome.INDETERMINATE if question.policy.require_known_schema else Outcome.NOT_APPLICABLE
    if kind not in SCHEMA_TYPES:
        detail = "It names a kind of schema that cannot be checked here."
        return Check(CheckId.SCHEMA, open_outcome, Reason.SCHEMA_TYPE_UNSUPPORTED, detail, question.now, member)
    validator = schemas.get(url)
    if validator is None:
        detail = "The schema it names is not on file here."
        return Check(CheckId.SCHEMA, open_outcome, Reason.SCHEMA_UNKNOWN, detail, question.now, member)
    source = Source("schema", url)
    error = next(validator.iter_errors(credential), None)
    if error is not None:
        pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in error.instance_path)
        detail = "It does not have the shape its schema prescribes."
        return Check(
            CheckId.SCHEMA, Outcome.FAILED, Reason.SCHEMA_VIOLATION, detail, question.now, pointer, source
        )
    detail = "It has the shape its schema prescribes."
    return Check(CheckId.SCHEMA, Outcome.PASSED, Reason.OK, detail, question.now, "", source)
