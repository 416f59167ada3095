"""DID documents pinned on the ledger: what was pinned, and pinning one."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import Any

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import JSONResponse

from node.api.bodies import Body, StrictJsonRoute
from node.api.moments import Recorded
from node.api.paging import Paged
from node.api.presenters import stamp_json
from node.api.publishing import Wait, acts, publish
from node.api.services import NodeDep
from node.errors import NotFound
from node.verification.proofs import strict_json
from node.verification.refusals import Refused
from registry.records import PinnedDocument

router = APIRouter(prefix="/v1/dids", tags=["Identifiers"], route_class=StrictJsonRoute)


class PinRequest(Body):
    did: str | None = Field(default=None, description="Absent: this node's own")
    document: dict[str, Any] | None = Field(
        default=None, description="Absent: the one made from this node's own keys"
    )
    wait: Wait = 0


@acts(router)("", summary="Pin a DID document")
async def pin(body: PinRequest, node: NodeDep) -> JSONResponse:
    """By the issuer's admin: the next version of its document. 201 once final, 202 on its way."""
    return await publish(node, partial(node.registrar.pin, did=body.did, document=body.document), body.wait)


class SchemaRequest(Body):
    did: str | None = Field(default=None, description="Whose; absent: this node's own")
    id: str = Field(max_length=2048, description="The address credentials name it with")
    schema_: dict[str, Any] | str | None = Field(
        alias="schema",
        description="A JSON Schema, or a credential that vouches for one; as text: the file as it is "
        "published. null: none is anchored under that address any more",
    )
    wait: Wait = 0


@acts(router)("/schemas", summary="Anchor a schema on the ledger")
async def anchor(body: SchemaRequest, node: NodeDep) -> JSONResponse:
    """By the issuer's admin: the next version of its document, with it. 201 once final, 202 on its way."""
    act = partial(node.registrar.anchor_schema, did=body.did, url=body.id, schema=body.schema_)
    return await publish(node, act, body.wait)


@router.get("/{did:path}/history", summary="Every pinned version of a DID document")
async def history(did: str, node: NodeDep, page: Paged) -> dict[str, Any]:
    """Oldest first."""
    missing = "no document of that DID was ever pinned"
    return {"did": did, **page.of_history(node.queries.document_history(did), version_json, missing)}


@router.get("/{did:path}", summary="A DID document as pinned on the ledger")
async def pinned(did: str, node: NodeDep, at: Recorded) -> dict[str, Any]:
    """The version in force at the moment asked about. What is not pinned is resolved elsewhere, not here."""
    found = node.queries.pinned_document(did, at)
    if found is None:
        ever = "had been" if node.queries.pinned_document(did) else "was ever"
        raise NotFound(f"no document of that DID {ever} pinned")
    return {**version_json(found), "asOf": stamp_json(node.queries.freshness().head)}


def version_json(found: PinnedDocument) -> dict[str, Any]:
    """`document` is null where it was deactivated, or where what was pinned is no JSON: any bytes may be."""
    document = None
    if not found.deactivated:
        with contextlib.suppress(Refused):
            document = strict_json.parse(found.document)
    return {
        "did": found.did,
        "version": found.version,
        "deactivated": found.deactivated,
        "document": document,
        "head": "0x" + found.head.hex(),
        "stamp": stamp_json(found.stamp),
    }
