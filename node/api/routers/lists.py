"""Status lists: what there is, making one, publishing to one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, Field
from starlette.responses import JSONResponse

from node.api.auth import require_key
from node.api.bodies import Body, StrictJsonRoute
from node.api.presenters import stamp_json, timestamp
from node.api.publishing import Wait, publish
from node.api.services import Node, NodeDep
from node.errors import Invalid, NotFound
from node.issuing.register import read_register
from node.services.registrar import MINIMUM_ENTRIES
from registry.records import StatusListRecord, StatusPurpose

router = APIRouter(prefix="/v1/status-lists", tags=["Status lists"], route_class=StrictJsonRoute)

MAX_ENTRIES_PER_UPDATE = 100_000


class ListRequest(Body):
    name: str = Field(description="Last part of the list's address")
    purpose: Literal["revocation", "suspension", "refresh", "message"] = "revocation"
    size: int = Field(default=MINIMUM_ENTRIES, description="Entries")
    status_size: int = Field(default=1, description="Bits per entry; more than 1 for messages only")
    wait: Wait = 0


class Entry(Body):
    index: Annotated[int, Field(ge=0)]
    value: Annotated[int, Field(ge=0, le=255)]


class UpdateRequest(Body):
    """Entries not named stay as they are; no entries at all, and no register, is a heartbeat."""

    uri: str = Field(description="The list's address, or its name if it is this node's own")
    entries: list[Entry] = Field(default=[], max_length=MAX_ENTRIES_PER_UPDATE)
    register_csv: str | None = Field(
        default=None, alias="register", description="Instead of entries: CSV with the columns index and status"
    )
    effective_at: AwareDatetime | None = Field(default=None, description="Never in the future; absent: now")
    wait: Wait = 0


@router.get("", summary="All status lists")
async def status_lists(node: NodeDep) -> dict[str, Any]:
    return {"statusLists": [list_json(one) for one in node.queries.status_lists()]}


@router.post("", summary="Create a status list", status_code=201, dependencies=[Depends(require_key)])
async def create(body: ListRequest, node: NodeDep) -> JSONResponse:
    """By an operator of this node's own issuer. 201 once final, 202 on its way."""
    act = partial(
        node.registrar.create_list,
        name=body.name,
        purpose=StatusPurpose[body.purpose.upper()],
        size=body.size,
        bits_per_entry=body.status_size,
    )
    return await publish(node, act, body.wait)


@router.post(
    "/updates", summary="Publish to a status list", status_code=201, dependencies=[Depends(require_key)]
)
async def update(body: UpdateRequest, node: NodeDep) -> JSONResponse:
    """By an operator. On a revocation list an entry can be set, never cleared."""
    act = partial(
        node.registrar.publish,
        uri=body.uri,
        entries=_entries(body, node),
        effective_at=int(body.effective_at.timestamp()) if body.effective_at else None,
    )
    return await publish(node, act, body.wait)


def _entries(body: UpdateRequest, node: Node) -> Sequence[tuple[int, int]]:
    """What is to be published, from either member. Raises Invalid, NotFound."""
    if body.register_csv is None:
        return [(entry.index, entry.value) for entry in body.entries]
    if body.entries:
        raise Invalid("give entries or a register, not both", "/register")
    uri = node.registrar.list_uri(body.uri)
    record = node.queries.status_list(uri)
    if record is None:
        raise NotFound(f"the ledger knows no list {uri}")
    return read_register(body.register_csv.encode(), record.purpose)


def list_json(one: StatusListRecord) -> dict[str, Any]:
    return {
        "uri": one.uri,
        "issuer": one.issuer_did,
        "purpose": one.purpose.label,
        "size": one.size,
        "statusSize": one.bits_per_entry,
        "updates": one.seq,
        "head": "0x" + one.head.hex(),
        "root": "0x" + one.root.hex(),
        "closed": one.closed,
        "intact": one.intact,
        "effectiveAt": timestamp(one.effective_at),
        "stamp": stamp_json(one.stamp),
    }
