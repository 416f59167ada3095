"""How far this node's copy of the ledger has come, and whether it is right."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from typing import Any

from fastapi import APIRouter, Depends

from node.api.auth import require_key
from node.api.presenters import stamp_json, timestamp
from node.api.services import NodeDep
from registry.records import BlockStamp

router = APIRouter(prefix="/v1/ledger", tags=["Ledger"])


@router.get("", summary="How far the replica has come")
async def ledger(node: NodeDep) -> dict[str, Any]:
    fresh = node.queries.freshness()
    lists = node.queries.status_lists()
    return {
        "head": stamp_json(fresh.head),
        "confirmedAt": timestamp(fresh.confirmed_at) if fresh.confirmed_at else None,
        "age": max(0, int(node.clock() - fresh.confirmed_at)) if fresh.confirmed_at else None,
        "halted": fresh.halted,
        "issuers": len(node.queries.issuers()),
        "statusLists": len(lists),
        "damagedLists": [one.uri for one in lists if not one.intact],
    }


@router.post("/audit", summary="Recompute the replica from the ledger", dependencies=[Depends(require_key)])
async def audit(node: NodeDep) -> dict[str, Any]:
    """Reads the ledger from its beginning: this takes a while on a long one."""
    return {"report": plain(await node.audit())}


def plain(value: Any) -> Any:
    """A report as JSON: dataclasses as objects, block stamps as elsewhere, bytes in hex."""
    if isinstance(value, BlockStamp):
        return stamp_json(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in asdict(value)}
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, dict):
        return {str(name): plain(member) for name, member in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(member) for member in value]
    return value
