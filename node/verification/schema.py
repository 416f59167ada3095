"""Step 7: the shape the issuer promised.

Its schema is on file (schema_registry.py) or anchored on the ledger by the issuer (anchored_schemas.py). None
is ever fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jsonschema_rs

from node.verification.digests import MalformedDigest, fits
from node.verification.known_schemas import Chosen
from node.verification.policy import Question
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from node.verification.secured import Secured
from node.verification.verdict import Check, CheckId, Outcome

SCHEMA_TYPES = frozenset({"JsonSchema", "JsonSchemaValidator2018", "1EdTechJsonSchemaValidator2019"})
SCHEMA_CREDENTIAL = "JsonSchemaCredential"
MAX_SCHEMAS = 16  # that one credential may name


# The schema of an address that counts for the credential's issuer. Raises Refused.
Schemas = Callable[[str], Chosen]
# Why a credential that vouches for a schema does not count; None: it does.
Vouching = Callable[[Secured], str | None]


def check_schema(
    credential: Mapping[str, Any], schemas: Schemas, vouching: Vouching, question: Question
) -> list[Check]:
    """One check for each schema the credential names; one NOT_APPLICABLE when there is none."""
    stated = credential.get("credentialSchema")
    named = stated if isinstance(stated, list) else [] if stated is None else [stated]
    if not named:
        detail = "The credential names no schema."
        return [Check(CheckId.SCHEMA, Outcome.NOT_APPLICABLE, Reason.NOT_APPLICABLE, detail, question.now)]
    if len(named) > MAX_SCHEMAS:
        refused = Refused(Reason.SCHEMA_VIOLATION, f"It names more than {MAX_SCHEMAS} schemas.")
        return [_refusal(refused, None, question)]
    faults = _Faults(credential)
    return [_check_one(faults, one, schemas, vouching, question) for one in named]


def _check_one(
    faults: _Faults, named: object, schemas: Schemas, vouching: Vouching, question: Question
) -> Check:
    chosen = None
    try:
        kind, url = _read(named)
        chosen = schemas(url)
        _check_usable(kind, named, chosen, vouching)
    except Refused as refused:
        return _refusal(refused, chosen, question)
    error = faults.first(url, chosen.schema.validator)
    shape = "the shape its schema prescribes" + (", anchored by its issuer." if chosen.anchored else ".")
    if error is not None:
        pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in error.instance_path)
        outcome, reason, detail = Outcome.FAILED, Reason.SCHEMA_VIOLATION, f"It does not have {shape}"
    else:
        pointer = ""
        outcome, reason, detail = Outcome.PASSED, Reason.OK, f"It has {shape}"
    return Check(CheckId.SCHEMA, outcome, reason, detail + chosen.note, question.now, pointer, chosen.source)


class _Faults:
    """What is wrong with a credential by each schema: looked for once, however often it names the schema."""

    def __init__(self, credential: Mapping[str, Any]) -> None:
        self._credential = credential
        self._found: dict[str, jsonschema_rs.ValidationError | None] = {}

    def first(self, url: str, validator: jsonschema_rs.Validator) -> jsonschema_rs.ValidationError | None:
        """And no more: of a schema with alternatives all faults together may be millions."""
        if url not in self._found:
            self._found[url] = None
            try:
                validator.validate(self._credential)
            except jsonschema_rs.ValidationError as error:
                self._found[url] = error
        return self._found[url]


_OUTCOMES = {
    Reason.SCHEMA_VIOLATION: Outcome.FAILED,
    Reason.RESOURCE_DIGEST_MISMATCH: Outcome.FAILED,
    Reason.SCHEMA_CREDENTIAL_NOT_GOOD: Outcome.INDETERMINATE,
}


def _refusal(refused: Refused, chosen: Chosen | None, question: Question) -> Check:
    outcome = _OUTCOMES.get(refused.reason)
    if outcome is None:  # it cannot be checked here
        required = question.policy.require_known_schema
        outcome = Outcome.INDETERMINATE if required else Outcome.NOT_APPLICABLE
    source, note = (chosen.source, chosen.note) if chosen is not None else (None, "")
    return Check(
        CheckId.SCHEMA,
        outcome,
        refused.reason,
        refused.detail + note,
        question.now,
        "/credentialSchema",
        source,
    )


def _read(named: object) -> tuple[str, str]:
    """The kind of schema that is named, and its address. Raises Refused."""
    kind, url = (named.get("type"), named.get("id")) if isinstance(named, Mapping) else (None, None)
    if not isinstance(kind, str) or not isinstance(url, str):
        raise Refused(Reason.SCHEMA_VIOLATION, "It names a schema in a way that cannot be read.")
    if kind not in SCHEMA_TYPES and kind != SCHEMA_CREDENTIAL:
        raise Refused(Reason.SCHEMA_TYPE_UNSUPPORTED, "It names a kind of schema that cannot be checked here.")
    return kind, url


def _check_usable(kind: str, named: Any, chosen: Chosen, vouching: Vouching) -> None:
    """That the schema is what it was meant to be. Raises Refused."""
    schema = chosen.schema
    if (kind == SCHEMA_CREDENTIAL) is not (schema.credential is not None):
        detail = "What is known here under the address of its schema is of another kind than it says."
        raise Refused(Reason.SCHEMA_TYPE_UNSUPPORTED, detail)
    if not _is_the_one_meant(named, schema.raw):
        if not chosen.on_file:
            detail = "The schema its issuer anchored is not the one it states the hash of, or written anew."
            raise Refused(Reason.SCHEMA_UNKNOWN, detail)
        detail = "The schema on file here is not the one its issuer meant: its hash is another."
        raise Refused(Reason.RESOURCE_DIGEST_MISMATCH, detail)
    if schema.credential is not None and (why := vouching(schema.credential)) is not None:
        raise Refused(Reason.SCHEMA_CREDENTIAL_NOT_GOOD, why)


def _is_the_one_meant(named: Mapping[str, Any], raw: bytes) -> bool:
    """VC JSON Schema §2.1: the hash of a schema may stand where it is named."""
    if "digestSRI" not in named and "digestMultibase" not in named:
        return True
    try:
        return fits(named, raw)
    except MalformedDigest:
        return False
