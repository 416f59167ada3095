"""DID resolution over HTTP (DID Resolution 1.0 §8), and this node's own DID document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from node.api.problems import Problem
from node.api.services import NodeDep
from node.did.resolution import failed
from node.issuing.schema_services import with_services_of

router = APIRouter(tags=["Identifiers"])

RESULT = "application/did-resolution"
DEREFERENCED = "application/did-url-dereferencing"
_RESULT_TYPES = {RESULT, DEREFERENCED, "application/ld+json", "application/json", "application/*", "*/*"}
_DOCUMENT_TYPES = {"application/did", "application/did+ld+json", "application/did+json"}


def _parameter(name: str, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {"type": "string"},
    }


# They are part of the DID URL that is resolved, so they are read there; here they are described.
_OF_THE_URL = [
    _parameter("versionId", "The version of that id."),
    _parameter("versionTime", "The version in force at that date and time."),
    _parameter("versionNumber", "The version of that number, where the method numbers them."),
    _parameter("service", "The address of that service of the document."),
    _parameter("relativeRef", "An address relative to the service's."),
]


@router.get(
    "/1.0/identifiers/{did:path}",
    summary="Resolve a DID, or dereference a DID URL",
    openapi_extra={"parameters": _OF_THE_URL},
)
async def resolve(did: str, request: Request, node: NodeDep) -> Response:
    """The resolution result; the bare document where `Accept` asks for a document's media type alone.

    `versionId`, `versionTime` and `versionNumber` choose a version; a fragment (`%23…`) names a key or a
    service of the document, `service` and `relativeRef` an address: the answer is a dereferencing result then.
    """
    wanted = _accepted(request)
    bare = next((name for name in wanted if name in _DOCUMENT_TYPES), None)
    if not bare and not any(name in _RESULT_TYPES for name in wanted):
        refused = failed(
            "REPRESENTATION_NOT_SUPPORTED", "Ask for application/did-resolution or application/did."
        )
        return Response(orjson.dumps(refused.to_json()), refused.status, None, RESULT)
    query = request.url.query
    result = await node.resolver.resolution(f"{did}?{query}" if query else did)
    headers = {"Vary": "Accept"}
    if bare and isinstance(result.content, Mapping):
        return Response(orjson.dumps(dict(result.content)), result.status, headers, bare)
    return Response(orjson.dumps(result.to_json()), result.status, headers, result.media_type)


@router.get("/.well-known/did.json", summary="This node's own DID document")
async def own_document(node: NodeDep) -> Response:
    """did:web: the document of this node's own DID, if it has one; with the services pinned on the ledger."""
    if node.did_document is None:
        raise Problem(404, "not-found", "This node has no DID document of its own.")
    document = with_services_of(node.did_document, node.queries.pinned_document(node.did_document["id"]))
    headers = {"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"}
    return Response(orjson.dumps(document), 200, headers, "application/did+ld+json")


def _accepted(request: Request) -> list[str]:
    """The media types asked for, in the order given; parameters are of no concern here."""
    accept = request.headers.get("accept") or "*/*"
    return [part.partition(";")[0].strip().lower() for part in accept.split(",")]
