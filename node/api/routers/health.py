"""Is this process alive, is it fit to answer, and what has it done."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import JSONResponse, Response

from node.api.metrics import metrics_of
from node.api.services import Node, NodeDep

router = APIRouter(tags=["Operation"])


@router.get("/health/live", summary="The process answers")
async def live() -> dict[str, str]:
    return {"status": "alive"}


@router.get("/health/ready", summary="Verdicts given now rest on fresh records")
async def ready(node: NodeDep) -> JSONResponse:
    """503, with the reasons, while the replica is stale, halted or empty."""
    reasons = _why_not(node)
    body: dict[str, Any] = {"status": "not ready" if reasons else "ready", "reasons": reasons}
    return JSONResponse(body, 503 if reasons else 200, {"Cache-Control": "no-store"})


@router.get("/metrics", summary="Prometheus metrics")
async def show_metrics(request: Request) -> Response:
    return Response(metrics_of(request).exposition(), 200, {"Cache-Control": "no-store"}, CONTENT_TYPE_LATEST)


def _why_not(node: Node) -> list[str]:
    fresh = node.queries.freshness()
    reasons = []
    if fresh.head is None:
        reasons.append("nothing has been replicated yet")
    if fresh.halted:
        reasons.append("replication has halted: something on the ledger could not be understood")
    if node.replication.failure:
        reasons.append(node.replication.failure)
    if node.monitor.failure:
        reasons.append(f"monitoring is held up: {node.monitor.failure}")
    age = node.clock() - fresh.reaches
    if fresh.head is not None and age > node.settings.max_replica_age:
        reasons.append(f"nothing is known of the last {int(age)} seconds: no block, or no ledger that answers")
    return reasons
