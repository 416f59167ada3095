"""Schemas that an issuer anchors on the ledger: services of the DID document it pinned there (DID Core §5.4).

    {"id": "did:web:board.example#licence-schema", "type": "CredentialSchema", "serviceEndpoint": {
        "id": "https://board.example/schemas/licence.json", "schema": {…}}}

`schema` is a JSON Schema, or a credential of the issuer's own that vouches for one: as JSON, or as the text of
its file. In its place `digestSRI` or `digestMultibase` may state the hash of a file that is kept elsewhere.

Only what is pinned on the ledger is read, so who anchored a schema and since when is known, and a question
about a past moment finds the schema of that moment. An issuer's document speaks for its own credentials alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from node.bounded_cache import BoundedCache
from node.did.document import DidDocument
from node.verification.proofs.data_integrity.jcs import canonical_json
from node.verification.refusals import Refused
from node.verification.schema_bounds import Cost, Unbounded, cost_alone
from node.verification.schema_registry import Schema, SchemaUnusable, read_schema

SERVICE = "CredentialSchema"
MAX_ANCHORED = 16  # of one document
MAX_BYTES = 16 * 1024  # of one schema; the ledger takes no larger document
MAX_COST = Cost(values=1_000, patterns=32)
"""Of all schemas of one document: the largest credential there may be is then checked in tenths of a second."""
_NOTHING = Cost(values=0, patterns=0)

_PATTERN_BYTES = 1 << 18  # of one pattern, compiled
_CACHED_WEIGHT = 1_024  # patterns of all documents kept: at most 256 MiB, and a few as a rule


@dataclass(frozen=True, slots=True)
class Anchored:
    """What an issuer says of the schema at one address."""

    schema: Schema | None = None  # its `raw`: the text of the file, or else its canonical JSON
    digests: Mapping[str, Any] = field(default_factory=dict)  # where there is none: of the file it means
    fault: str = ""  # why it cannot be used
    cost: Cost = _NOTHING


class AnchoredSchemas:
    """Reads each version of a document once. Safe from any thread."""

    def __init__(self) -> None:
        self._known: BoundedCache[Mapping[str, Anchored]] = BoundedCache(256, _CACHED_WEIGHT)

    def of(self, document: DidDocument) -> Mapping[str, Anchored]:
        """By address. Of a document that is not pinned on the ledger: none."""
        if document.source != "ledger" or "service" not in document.document:
            return {}
        found = self._known.get(document.digest)
        if found is None:
            found = read_anchored(document.document, document.id)
            self._known.put(document.digest, found, sum(one.cost.patterns for one in found.values()))
        return found


def read_anchored(document: Mapping[str, Any], did: str) -> dict[str, Anchored]:
    """The schemas a DID document names, by address: those that cannot be used too, with the reason."""
    found: dict[str, Anchored] = {}
    left = MAX_COST
    for service in _services(document):
        endpoint = service.get("serviceEndpoint")
        url = endpoint.get("id") if isinstance(endpoint, Mapping) else None
        if not isinstance(endpoint, Mapping) or not isinstance(url, str) or not url:
            continue  # no credential can name it
        if url in found:
            found[url] = Anchored(fault="it is anchored twice")
        elif len(found) >= MAX_ANCHORED:
            found[url] = Anchored(fault=f"more than {MAX_ANCHORED} schemas are anchored")
        else:
            found[url] = _read(url, endpoint, did, left)
            cost = found[url].cost
            left = Cost(left.values - cost.values, left.patterns - cost.patterns)
    return found


def is_schema_service(service: object) -> bool:
    kind = service.get("type") if isinstance(service, Mapping) else None
    return kind == SERVICE or (isinstance(kind, list) and SERVICE in kind)


def _services(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    services = document.get("service")
    yield from (one for one in services if is_schema_service(one)) if isinstance(services, list) else ()


def _read(url: str, endpoint: Mapping[str, Any], did: str, most: Cost) -> Anchored:
    stated = {name: endpoint[name] for name in ("digestSRI", "digestMultibase") if name in endpoint}
    schema = endpoint.get("schema")
    if (schema is None) is not bool(stated):
        return Anchored(fault="either the schema is anchored, or the hash of its file")
    if schema is None:
        return Anchored(digests=stated)
    try:
        raw = schema.encode() if isinstance(schema, str) else canonical_json(schema)
        if len(raw) > MAX_BYTES:
            raise SchemaUnusable(f"it is larger than {MAX_BYTES} bytes")
        value, credential = read_schema(url, raw)
        if credential is not None and credential.controller != did:
            raise SchemaUnusable("the credential that vouches for it is someone else's")
        cost = cost_alone(value)
        if cost.values > most.values or cost.patterns > most.patterns:
            many = f"{MAX_COST.values} values, or {MAX_COST.patterns} patterns"
            raise SchemaUnusable(f"all schemas of the document unfold to more than {many}")
        return Anchored(Schema(_compiled(url, value), raw, credential), cost=cost)
    except Refused as refused:
        return Anchored(fault=refused.detail)
    except (SchemaUnusable, Unbounded) as error:
        return Anchored(fault=str(error))


def _compiled(url: str, schema: Any) -> jsonschema_rs.Validator:
    """Its patterns take linear time. Raises SchemaUnusable."""
    linear = jsonschema_rs.RegexOptions(size_limit=_PATTERN_BYTES)
    try:
        return jsonschema_rs.validator_for(schema, base_uri=url, offline=True, pattern_options=linear)
    except (jsonschema_rs.ReferencingError, ValueError) as error:
        raise SchemaUnusable(f"no JSON Schema that can be used: {str(error).splitlines()[0][:200]}") from error
