"""Pinning DID documents on the ledger."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.responses import JSONResponse

from node.api.auth import require_key
from node.api.bodies import Body, StrictJsonRoute
from node.api.publishing import Wait, publish
from node.api.services import NodeDep

router = APIRouter(prefix="/v1/dids", tags=["Identifiers"], route_class=StrictJsonRoute)


class PinRequest(Body):
    did: str | None = Field(default=None, description="Absent: this node's own")
    document: dict[str, Any] | None = Field(
        default=None, description="Absent: the one made from this node's own keys"
    )
    wait: Wait = 0


@router.post("", summary="Pin a DID document", status_code=201, dependencies=[Depends(require_key)])
async def pin(body: PinRequest, node: NodeDep) -> JSONResponse:
    """By the issuer's admin: the next version of its document. 201 once final, 202 on its way."""
    return await publish(node, partial(node.registrar.pin, did=body.did, document=body.document), body.wait)
