"""Step 7: the shape the issuer promised. Schemas are on file (schema_registry.py); none is ever fetched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from node.verification.digests import MalformedDigest, fits
from node.verification.policy import Question
from node.verification.presentation import Secured
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.schema_registry import Schema, SchemaRegistry
from node.verification.verdict import Check, CheckId, Outcome, Source

SCHEMA_TYPES = frozenset({"JsonSchema", "JsonSchemaValidator2018", "1EdTechJsonSchemaValidator2019"})
SCHEMA_CREDENTIAL = "JsonSchemaCredential"
MAX_SCHEMAS = 16  # that one credential may name


# Why a credential that vouches for a schema does not count; None: it does.
Vouching = Callable[[Secured], str | None]


def check_schema(
    credential: Mapping[str, Any], schemas: SchemaRegistry, vouching: Vouching, question: Question
) -> list[Check]:
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
    return [_check_one(credential, one, schemas, vouching, question) for one in named]


def _check_one(
    credential: Mapping[str, Any],
    named: object,
    schemas: SchemaRegistry,
    vouching: Vouching,
    question: Question,
) -> Check:
    url = named.get("id") if isinstance(named, Mapping) else None
    source = Source("schema", url[:512]) if isinstance(url, str) and schemas.get(url) is not None else None
    try:
        schema = _usable(named, schemas, vouching)
    except Refused as refused:
        outcome = _OUTCOMES.get(refused.reason)
        if outcome is None:  # it cannot be checked here
            required = question.policy.require_known_schema
            outcome = Outcome.INDETERMINATE if required else Outcome.NOT_APPLICABLE
        return Check(
            CheckId.SCHEMA, outcome, refused.reason, refused.detail, question.now, "/credentialSchema", source
        )
    error = next(schema.validator.iter_errors(credential), None)
    if error is not None:
        pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in error.instance_path)
        detail = "It does not have the shape its schema prescribes."
        return Check(
            CheckId.SCHEMA, Outcome.FAILED, Reason.SCHEMA_VIOLATION, detail, question.now, pointer, source
        )
    detail = "It has the shape its schema prescribes."
    return Check(CheckId.SCHEMA, Outcome.PASSED, Reason.OK, detail, question.now, "", source)


_OUTCOMES = {
    Reason.SCHEMA_VIOLATION: Outcome.FAILED,
    Reason.RESOURCE_DIGEST_MISMATCH: Outcome.FAILED,
    Reason.SCHEMA_CREDENTIAL_NOT_GOOD: Outcome.INDETERMINATE,
}


def _usable(named: object, schemas: SchemaRegistry, vouching: Vouching) -> Schema:
    """The schema named, if it is on file and what it was meant to be. Raises Refused."""
    kind, url = (named.get("type"), named.get("id")) if isinstance(named, Mapping) else (None, None)
    if not isinstance(named, Mapping) or not isinstance(kind, str) or not isinstance(url, str):
        raise Refused(Reason.SCHEMA_VIOLATION, "It names a schema in a way that cannot be read.")
    if kind not in SCHEMA_TYPES and kind != SCHEMA_CREDENTIAL:
        raise Refused(Reason.SCHEMA_TYPE_UNSUPPORTED, "It names a kind of schema that cannot be checked here.")
    schema = schemas.get(url)
    if schema is None:
        raise Refused(Reason.SCHEMA_UNKNOWN, "The schema it names is not on file here.")
    if (kind == SCHEMA_CREDENTIAL) is not (schema.credential is not None):
        detail = "What is on file here under the address of its schema is of another kind than it says."
        raise Refused(Reason.SCHEMA_TYPE_UNSUPPORTED, detail)
    if not _is_the_one_meant(named, schema):
        detail = "The schema on file here is not the one its issuer meant: its hash is another."
        raise Refused(Reason.RESOURCE_DIGEST_MISMATCH, detail)
    if schema.credential is not None and (why := vouching(schema.credential)) is not None:
        raise Refused(Reason.SCHEMA_CREDENTIAL_NOT_GOOD, why)
    return schema


def _is_the_one_meant(named: Mapping[str, Any], schema: Schema) -> bool:
    """VC JSON Schema §2.1: the hash of a schema may stand where it is named."""
    if "digestSRI" not in named and "digestMultibase" not in named:
        return True
    try:
        return fits(named, schema.raw)
    except MalformedDigest:
        return False
