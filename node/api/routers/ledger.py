"""How far this node's copy of the ledger has come, and whether it is right."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends

from node.api.auth import require_key
from node.api.bodies import StrictJsonRoute
from node.api.presenters import stamp_json, timestamp
from node.api.services import NodeDep
from node.errors import Unavailable
from registry.chain import LedgerError, LedgerUnavailable, WrongLedger

router = APIRouter(prefix="/v1/ledger", tags=["Ledger"], route_class=StrictJsonRoute)


@router.get("", summary="How far the replica has come")
async def ledger(node: NodeDep) -> dict[str, Any]:
    """`age`: seconds of which nothing is known: since the head's own time, or since it was confirmed.
    `address`: which of the ledger's configured addresses this process asks, the first being 1."""
    address = node.replication.address
    fresh = node.queries.freshness()
    lists = node.queries.status_lists()
    return {
        "head": stamp_json(fresh.head),
        "confirmedAt": timestamp(fresh.confirmed_at) if fresh.confirmed_at else None,
        "age": max(0, int(node.clock() - fresh.reaches)) if fresh.head else None,
        "halted": fresh.halted,
        "rebuilding": node.replication.rebuilding,
        "replicatedTo": node.replication.block,
        "address": {"inUse": address.place, "of": address.of, "failovers": address.failovers},
        "issuers": len(node.queries.issuers()),
        "statusLists": len(lists),
        "damagedLists": [one.uri for one in lists if not one.intact],
    }


@router.post("/rebuild", summary="Build the replica anew", status_code=202, dependencies=[Depends(require_key)])
async def rebuild(node: NodeDep) -> dict[str, Any]:
    """Reads everything from the ledger again. Answers come from what there was before until that is done: they
    grow stale, but are never of half a replica. `GET /v1/ledger` says how far it is."""
    node.replication.rebuild()
    return {"rebuilding": True}


@router.post("/audit", summary="Recompute the replica from the ledger", dependencies=[Depends(require_key)])
async def audit(node: NodeDep) -> dict[str, Any]:
    """Reads the ledger from its beginning: this takes a while on a long one. `agrees`: all was compared, and
    there are no `differences`. `proven`: what the ledger showed by proofs and validators' seals; `asked`: what
    rests on the word of the address asked; `unchecked`: what it could not be asked."""
    try:
        report = await node.audit()
    except (LedgerUnavailable, LedgerError, WrongLedger) as error:
        raise Unavailable("the ledger does not answer, or not as ours would: nothing was compared") from error
    return {
        "agrees": report.agrees,
        "asOf": stamp_json(report.block),
        "events": report.events,
        "issuers": report.issuers,
        "documents": report.documents,
        "statusLists": report.lists,
        "differences": list(report.differences),
        "proven": list(report.proven),
        "asked": list(report.asked),
        "unchecked": list(report.unchecked),
    }
