"""How far something has come that was to be put on the ledger."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from starlette.concurrency import run_in_threadpool

from node.api.auth import require_key
from node.api.publishing import publication_json
from node.api.services import NodeDep
from node.errors import NotFound
from registry.publisher.outbox import UnknownPublication

router = APIRouter(prefix="/v1/publications", tags=["Publishing"])


@router.get("/{publication_id}", summary="One publication", dependencies=[Depends(require_key)])
async def publication(publication_id: Annotated[int, Path(ge=0, lt=1 << 63)], node: NodeDep) -> dict[str, Any]:
    """Its state: queued, signed, done or failed. `done` is final."""
    try:
        return publication_json(await run_in_threadpool(node.publisher.get, publication_id))
    except UnknownPublication as error:
        raise NotFound("no such publication") from error
