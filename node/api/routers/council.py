"""The council: who governs, by which rules, now and at any moment before."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter

from node.api.bodies import StrictJsonRoute
from node.api.moments import Recorded
from node.api.paging import Paged
from node.api.presenters import stamp_json
from node.api.services import Node, NodeDep
from node.errors import NotFound
from registry.bindings.addresses import ContractAddresses
from registry.bindings.described import function_of
from registry.governance import Membership
from registry.records import AsOf

router = APIRouter(prefix="/v1/council", tags=["Council"], route_class=StrictJsonRoute)


@router.get("", summary="Who governs, by which rules")
async def council(node: NodeDep, at: Recorded) -> dict[str, Any]:
    """As it was at the moment asked about; the contracts as the directory named them then."""
    membership = node.queries.membership(at)
    if membership is None:
        raise NotFound("nobody governed yet")
    return {
        **membership_json(membership, contracts=_contracts(node, at)),
        "contracts": [
            {"name": one.name, "address": one.target, "version": one.version, "stamp": stamp_json(one.stamp)}
            for one in node.queries.directory(at)
        ],
        "asOf": stamp_json(node.queries.freshness().head),
    }


@router.get("/history", summary="Every change of members or rules")
async def history(node: NodeDep, page: Paged) -> dict[str, Any]:
    """Oldest first: who governed from then on, by which rules."""
    shown = partial(membership_json, contracts=node.proposals.contracts())
    return page.of_history(node.queries.memberships(), shown, "nobody governed yet")


def membership_json(one: Membership, *, contracts: ContractAddresses) -> dict[str, Any]:
    """`quorum` of a rule: as it counts, of the members there are."""
    return {
        "council": one.council,
        "epoch": one.epoch,
        "quorum": one.quorum,
        "governors": list(one.governors),
        "rules": [
            {
                "for": function_of(rule.target, rule.selector, contracts),
                "target": rule.target,
                "selector": "0x" + rule.selector.hex() if rule.selector else None,
                "quorum": one.rule_for(rule.target, rule.selector or b"").quorum,
                "delay": rule.delay,
            }
            for rule in one.rules
        ],
        "stamp": stamp_json(one.stamp),
    }


def _contracts(node: Node, at: AsOf) -> ContractAddresses:
    """Where they were, for the names of rules that were made for them."""
    contracts = node.proposals.contracts()
    for entry in node.queries.directory(at):
        contracts = contracts.renamed(entry.name, entry.target)
    return contracts
