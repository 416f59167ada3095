"""The schemas a board anchors: services of its DID document, one for each address (anchored_schemas.py)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from node.issuing.refusals import IssuingRefused
from node.verification.anchored_schemas import SERVICE, is_schema_service, read_anchored
from node.verification.proofs import strict_json
from node.verification.refusals import Refused
from registry.records import PinnedDocument


def with_schema(document: Mapping[str, Any], url: str, schema: object) -> dict[str, Any]:
    """A copy that anchors `schema` under `url`, in the place of what was there. None: nothing is any more."""
    kept = [one for one in _services(document) if not _is_of(one, url)]
    if schema is not None:
        fragment = f"schema-{hashlib.sha256(url.encode()).hexdigest()[:16]}"
        endpoint = {"id": url, "schema": schema}
        kept.append({"id": f"{document['id']}#{fragment}", "type": SERVICE, "serviceEndpoint": endpoint})
    others = {name: value for name, value in document.items() if name != "service"}
    return {**others, "service": kept} if kept else others


def anchors(document: Mapping[str, Any], url: str) -> bool:
    """Whether it anchors a schema under that address."""
    return any(_is_of(one, url) for one in _services(document))


def with_services_of(document: Mapping[str, Any], pinned: PinnedDocument | None) -> dict[str, Any]:
    """A copy that keeps the services of the version before: new keys leave the schemas where they are."""
    services = _services(read_pinned_document(pinned) or {})
    return {**document, "service": services} if services else dict(document)


def read_pinned_document(pinned: PinnedDocument | None) -> dict[str, Any] | None:
    """None: there is none, or none that can be read: any bytes may be pinned."""
    if pinned is None or pinned.deactivated:
        return None
    try:
        document = strict_json.parse(pinned.document)
    except Refused:
        return None
    return document if isinstance(document, dict) else None


def check_schemas(document: Mapping[str, Any], did: str) -> None:
    """That whoever verifies can use every schema the document anchors. Raises IssuingRefused."""
    for url, found in read_anchored(document, did).items():
        if found.fault:
            raise IssuingRefused(f"the schema {url} could not be used: {found.fault}", "/service")


def _services(document: Mapping[str, Any]) -> list[Any]:
    services = document.get("service")
    return services if isinstance(services, list) else []


def _is_of(service: object, url: str) -> bool:
    endpoint = service.get("serviceEndpoint") if isinstance(service, Mapping) else None
    return is_schema_service(service) and isinstance(endpoint, Mapping) and endpoint.get("id") == url
