"""The council: who governs, by which rules."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from node.api.moments import Recorded
from node.api.presenters import stamp_json
from node.api.services import NodeDep
from node.errors import NotFound
from registry.bindings.described import function_of

router = APIRouter(prefix="/v1", tags=["Council"])


@router.get("/council", summary="Who governs, by which rules")
async def council(node: NodeDep, at: Recorded) -> dict[str, Any]:
    """As it was at the moment asked about; the contracts as the directory named them then."""
    membership = node.queries.membership(at)
    if membership is None:
        raise NotFound("nobody governed yet")
    contracts = node.proposals.contracts()
    return {
        "council": membership.council,
        "epoch": membership.epoch,
        "quorum": membership.quorum,
        "governors": list(membership.governors),
        "rules": [
            {
                "for": function_of(rule.target, rule.selector, contracts),
                "target": rule.target,
                "selector": "0x" + rule.selector.hex() if rule.selector else None,
                "quorum": rule.quorum or membership.quorum,
                "delay": rule.delay,
            }
            for rule in membership.rules
        ],
        "contracts": [
            {"name": one.name, "address": one.target, "version": one.version, "stamp": stamp_json(one.stamp)}
            for one in node.queries.directory(at)
        ],
        "stamp": stamp_json(membership.stamp),
        "asOf": stamp_json(node.queries.freshness().head),
    }
