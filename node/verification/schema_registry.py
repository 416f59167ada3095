"""The JSON Schemas on file, by the address credentials name them with. None is ever fetched.

A file holds a schema, or a credential that vouches for one (VC JSON Schema §2.2 `JsonSchemaCredential`: its
`credentialSubject.jsonSchema` is the schema). That such a credential is genuine is checked when it is used.
Schemas are the operator's choice; even so each is bounded in size, also unfolded along its references, and its
patterns take linear time where they can and a bounded number of steps where they cannot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from node.verification.files import OnFile
from node.verification.presentation import parse
from node.verification.proofs import strict_json
from node.verification.refusals import Refused
from node.verification.schema_bounds import unfolded
from node.verification.secured import Kind, Secured, types_of

MAX_UNFOLDED = 100_000  # values of a schema, each as often as a reference leads to it

_BACKTRACKS = 10_000
_CREDENTIAL = "JsonSchemaCredential"


class SchemaUnusable(ValueError):
    """A schema on file that cannot be used."""


@dataclass(frozen=True, slots=True)
class Schema:
    """One on file."""

    validator: jsonschema_rs.Validator
    raw: bytes
    credential: Secured | None = None  # that vouches for it, not checked yet
    issuers: tuple[str, ...] = ()  # DIDs that checking it asks for


class SchemaRegistry:
    """Safe to share."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Raises SchemaUnusable."""
        read = {url: read_schema(url, raw) for url, raw in files.items()}
        try:
            resources = jsonschema_rs.Registry([(url, schema) for url, (schema, _) in read.items()])
        except ValueError as error:  # one refers to what is not on file
            raise SchemaUnusable(str(error)) from error
        self._schemas = {
            url: Schema(_compiled(url, schema, resources), files[url], credential, _issuers(credential))
            for url, (schema, credential) in read.items()
        }

    def get(self, url: str) -> Schema | None:
        return self._schemas.get(url)

    def file(self, url: str) -> OnFile | None:
        """As a file that a credential may state the hash of."""
        found = self._schemas.get(url)
        return None if found is None else OnFile(found.raw, published=True)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._schemas)

    def dids(self, documents: Iterable[Mapping[str, Any]]) -> list[str]:
        """Those whose documents are needed to check the credentials that vouch for the schemas named."""
        return [
            did
            for document in documents
            for url in named(document)
            if (found := self._schemas.get(url)) is not None
            for did in found.issuers
        ]


def named(credential: Mapping[str, Any]) -> Iterable[str]:
    """The addresses of the schemas a credential names."""
    stated = credential.get("credentialSchema")
    for one in stated if isinstance(stated, list) else [stated]:
        if isinstance(one, dict) and isinstance(one.get("id"), str):
            yield one["id"]


def read_schema(url: str, raw: bytes) -> tuple[Any, Secured | None]:
    """The schema, and the credential that vouches for it. Raises SchemaUnusable."""
    try:
        if not raw.lstrip().startswith(b"eyJ"):  # a compact JWS holds a credential
            schema = strict_json.parse(raw)
            if not isinstance(schema, dict) or "VerifiableCredential" not in types_of(schema):
                return schema, None
        (credential,) = parse(raw).credentials
    except Refused as refused:
        raise SchemaUnusable(f"{url}: {refused.detail}") from refused
    if not isinstance(credential, Secured) or credential.kind is not Kind.CREDENTIAL:
        raise SchemaUnusable(f"{url} holds neither a schema nor a credential")
    subject = credential.document["credentialSubject"]
    schema = subject.get("jsonSchema") if isinstance(subject, dict) else None
    if _CREDENTIAL not in types_of(credential.document) or schema is None:
        raise SchemaUnusable(f"{url} holds a credential that vouches for no schema")
    return schema, credential


def _issuers(credential: Secured | None) -> tuple[str, ...]:
    if credential is None:
        return ()
    return tuple(one for one in (credential.controller,) if one.startswith("did:"))


def _compiled(url: str, schema: Any, resources: jsonschema_rs.Registry) -> jsonschema_rs.Validator:
    if unfolded(schema) > MAX_UNFOLDED:
        raise SchemaUnusable(f"{url}: its references unfold to more than {MAX_UNFOLDED} values")
    linear = jsonschema_rs.RegexOptions()
    stepwise = jsonschema_rs.FancyRegexOptions(backtrack_limit=_BACKTRACKS)
    for patterns in (linear, stepwise):
        try:
            return jsonschema_rs.validator_for(
                schema, registry=resources, base_uri=url, offline=True, pattern_options=patterns
            )
        except (jsonschema_rs.ReferencingError, ValueError) as error:  # ValidationError is one of the latter
            fault = error
    raise SchemaUnusable(f"{url} is no schema that can be used: {str(fault).splitlines()[0][:200]}")
