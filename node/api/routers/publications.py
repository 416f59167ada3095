"""How far something has come that was to be put on the ledger."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query

from node.api.auth import require_key
from node.api.bodies import StrictJsonRoute
from node.api.publishing import MAX_WAIT, told
from node.api.services import NodeDep
from node.errors import NotFound
from registry.publisher.publications import UnknownPublication

router = APIRouter(prefix="/v1/publications", tags=["Publishing"], route_class=StrictJsonRoute)


@router.get("/{publication_id}", summary="One publication", dependencies=[Depends(require_key)])
async def publication(
    publication_id: Annotated[int, Path(ge=0, lt=1 << 63)],
    node: NodeDep,
    wait: Annotated[float, Query(ge=0, le=MAX_WAIT, description="Seconds to wait for it to be final")] = 0,
) -> dict[str, Any]:
    """Its state: queued, signed, done or failed. `done` is final."""
    try:
        return await told(node, publication_id, wait)
    except UnknownPublication as error:
        raise NotFound("no such publication") from error
