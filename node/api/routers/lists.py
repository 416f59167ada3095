"""Status lists: what there is, making one, publishing to one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, Field
from starlette.responses import JSONResponse

from node.api.bodies import Body, StrictJsonRoute
from node.api.moments import Recorded
from node.api.paging import Paged
from node.api.presenters import stamp_json, timestamp
from node.api.publishing import Wait, acts, publish
from node.api.services import Node, NodeDep
from node.errors import Invalid, NotFound, Unavailable
from node.issuing.register import read_register
from node.services.registrar import MINIMUM_ENTRIES
from node.services.requirements import left_behind
from registry.records import (
    NOW,
    AsOf,
    IndexOutOfRange,
    ListEvent,
    StatusListRecord,
    StatusPurpose,
    UnknownStatusList,
)

router = APIRouter(prefix="/v1/status-lists", tags=["Status lists"], route_class=StrictJsonRoute)
act = acts(router)

MAX_ENTRIES_PER_UPDATE = 100_000
_LIST_ID = re.compile(r"0x[0-9a-fA-F]{64}")


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
    effective_at: AwareDatetime | None = Field(
        default=None,
        description="Since when it holds; never in the future. Absent: since this request, to within two "
        "seconds, however long the ledger takes to record it",
    )
    wait: Wait = 0


class ClosureRequest(Body):
    uri: str = Field(description="The list's address, or its name if it is this node's own")
    wait: Wait = 0


class ContinuationRequest(Body):
    uri: str = Field(description="The list's address, or its name if it is this node's own")
    wait: Wait = 0


@router.get("", summary="All status lists")
async def status_lists(node: NodeDep, at: Recorded, page: Paged, uri: str | None = None) -> dict[str, Any]:
    """As they stood at the moment asked about, in the order they were created, page after page; `uri`: the one
    of that address alone. `leftBehind`: its registry has a successor, in which it takes updates once it is
    continued."""
    if uri is None:
        found = node.queries.status_lists(at)
    else:
        one = node.queries.status_list(uri, at)
        found = [] if one is None else [one]
    return page.of(found, _shown(node, at), "statusLists")


@act("", summary="Create a status list")
async def create(body: ListRequest, node: NodeDep) -> JSONResponse:
    """By an operator of this node's own issuer. 201 once final, 202 on its way."""
    creating = partial(
        node.registrar.create_list,
        name=body.name,
        purpose=StatusPurpose[body.purpose.upper()],
        size=body.size,
        bits_per_entry=body.status_size,
    )
    return await publish(node, creating, body.wait)


@act("/updates", summary="Publish to a status list")
async def update(body: UpdateRequest, node: NodeDep) -> JSONResponse:
    """By an operator. On a revocation list an entry can be set, never cleared."""
    publishing = partial(
        node.registrar.publish,
        uri=body.uri,
        entries=_entries(body, node),
        effective_at=int(body.effective_at.timestamp()) if body.effective_at else None,
    )
    return await publish(node, publishing, body.wait)


@router.get("/{list_name}/history", summary="Everything that happened to a status list")
async def history(list_name: str, node: NodeDep, page: Paged) -> dict[str, Any]:
    """Oldest first: created, published, confirmed (nothing changed), moved, closed, damaged."""
    uri = _uri_of(list_name, node)
    found = node.queries.list_history(uri)
    return {"uri": uri, **page.of_history(found, event_json, f"the ledger knows no list {uri}")}


@router.get("/{list_name}/entries/{index}", summary="One entry of a status list")
async def entry(
    list_name: str, index: Annotated[int, Path(ge=0, lt=1 << 32)], node: NodeDep, at: Recorded
) -> dict[str, Any]:
    """Its value at the moment asked about, and the update that gave it that value."""
    uri = _uri_of(list_name, node)
    try:
        found = node.queries.status(uri, index, at)
    except (UnknownStatusList, IndexOutOfRange) as error:
        raise NotFound(str(error)) from error
    if not found.list.intact:
        raise Unavailable(f"the copy of {uri} held here is damaged: the value of its entries is not known")
    changed = found.changed
    return {
        "index": index,
        "value": found.value,
        "changed": changed
        and {
            "update": changed.seq,
            "effectiveAt": timestamp(changed.effective_at),
            "stamp": stamp_json(changed.stamp),
        },
        "list": _shown(node, at)(found.list),
        "asOf": _head(node),
    }


@router.get("/{list_name}", summary="One status list")
async def status_list(list_name: str, node: NodeDep, at: Recorded) -> dict[str, Any]:
    """By its id, or the name of one of this node's own; as it stood at the moment asked about."""
    uri = _uri_of(list_name, node)
    found = node.queries.status_list(uri, at)
    if found is None:
        raise NotFound(f"the ledger knows no list {uri}" if at is NOW else f"{uri} had not been created")
    return {**_shown(node, at)(found), "asOf": _head(node)}


def _uri_of(list_name: str, node: Node) -> str:
    """The address of a list named by its id, or of one of this node's own. Raises NotFound."""
    if _LIST_ID.fullmatch(list_name):
        uri = node.queries.list_uri(bytes.fromhex(list_name[2:]))
        if uri is None:
            raise NotFound("the ledger knows no list of that id")
        return uri
    return node.registrar.list_uri(list_name)


def _head(node: Node) -> dict[str, Any] | None:
    return stamp_json(node.queries.freshness().head)


@act("/closures", summary="Close a status list")
async def close(body: ClosureRequest, node: NodeDep) -> JSONResponse:
    """By the issuer's admin, for good: nothing can be revoked on it any more."""
    return await publish(node, partial(node.registrar.close_list, uri=body.uri), body.wait)


@act("/continuations", summary="Have a list go on in its registry's successor")
async def go_on(body: ContinuationRequest, node: NodeDep) -> JSONResponse:
    """By an operator of its issuer, once the council has named a successor of the StatusRegistry; with the bits
    it has. Until then nothing can be published to it, and its entries are read as they were."""
    return await publish(node, partial(node.registrar.continue_list, uri=body.uri), body.wait)


def _shown(node: Node, at: AsOf) -> Callable[[StatusListRecord], dict[str, Any]]:
    """A list as JSON, at that moment."""
    return partial(list_json, status_registry=node.queries.status_registry(at))


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


def list_json(one: StatusListRecord, *, status_registry: str) -> dict[str, Any]:
    return {
        "id": "0x" + one.list_id.hex(),
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
        "registry": one.registry or None,
        "leftBehind": left_behind(one, status_registry),
        "effectiveAt": timestamp(one.effective_at),
        "stamp": stamp_json(one.stamp),
    }


def event_json(one: ListEvent) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "updates": one.seq,
        "issuer": one.issuer_did,
        "effectiveAt": timestamp(one.effective_at),
        "head": "0x" + one.head.hex(),
        "root": "0x" + one.root.hex(),
        "stamp": stamp_json(one.stamp),
    }
