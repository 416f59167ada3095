"""The council: who governs, what is proposed, and a governor's acts."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from node.api.auth import require_key
from node.api.bodies import Body, StrictJsonRoute
from node.api.moments import Recorded
from node.api.paging import Paged
from node.api.presenters import stamp_json
from node.api.proposals import approval_json, progress_json
from node.api.publishing import Wait, publish
from node.api.services import NodeDep
from node.errors import Invalid, NotFound
from node.services.gathered import SignedApproval
from node.services.governing import MAX_REVOKED
from registry.bindings.addresses import checksummed, parsed
from registry.bindings.described import function_of

router = APIRouter(prefix="/v1", tags=["Council"], route_class=StrictJsonRoute)

ProposalId = Annotated[str, Path(pattern=r"^0x[0-9a-f]{64}$", description="The proposal's number")]


class Members(Body):
    governors: list[str] = Field(max_length=64)
    quorum: int


class RuleBody(Body):
    contract: str = Field(description="A name, e.g. IssuerRegistry, or an address")
    function: str | None = Field(default=None, description="e.g. suspend(uint32,string); absent: all of them")
    quorum: int = Field(default=0, description="Approvals; 0: the council's quorum")
    delay: int = Field(default=0, description="Seconds between the last approval needed and the call")


class Successor(Body):
    name: str = Field(description="e.g. StatusRegistry")
    address: str


class NewAdmin(Body):
    did: str
    admin: str


class Move(Body):
    uri: str
    to: str = Field(description="DID of the issuer that takes the list over")


class Revocation(Body):
    uri: str = Field(description="Address of a revocation list, whoever keeps it")
    entries: list[int] = Field(min_length=1, max_length=MAX_REVOKED)


class Call(Body):
    target: str
    data: str = Field(pattern=r"^0x([0-9a-fA-F]{2})*$", max_length=2 + 2 * 64 * 1024)


class ProposalRequest(Body):
    """Exactly one of the members that say what is proposed. Accreditations are proposed by /v1/issuers."""

    members: Members | None = None
    rule: RuleBody | None = None
    contract: Successor | None = None
    admin: NewAdmin | None = None
    move: Move | None = None
    revoke: Revocation | None = None
    call: Call | None = None
    wait: Wait = 0


class Signing(Body):
    deadline: int | None = Field(
        default=None, description="Unix seconds, the last moment it counts; absent: when the proposal expires"
    )


_Address = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{40}$")]


class Approval(Body):
    """As /v1/proposals/{proposal_id}/signature gave it on a governor's node."""

    chain_id: int = Field(ge=0)
    council: _Address
    proposal: str = Field(pattern=r"^0x[0-9a-f]{64}$")
    deadline: int = Field(ge=0, lt=1 << 48)
    governor: _Address
    signature: str = Field(pattern=r"^0x[0-9a-f]{130}$")

    def signed(self) -> SignedApproval:
        return SignedApproval(
            self.chain_id,
            checksummed(parsed(self.council)),
            bytes.fromhex(self.proposal[2:]),
            self.deadline,
            checksummed(parsed(self.governor)),
            bytes.fromhex(self.signature[2:]),
        )


class Gathered(Body):
    approvals: list[Approval] = Field(min_length=1, max_length=64)
    wait: Wait = 0


class Waiting(Body):
    wait: Wait = 0


@router.get("/council", summary="Who governs, by which rules")
async def council(node: NodeDep, at: Recorded) -> dict[str, Any]:
    """As it was at the moment asked about; the contracts as the directory named them then."""
    membership = node.queries.membership(at)
    if membership is None:
        raise NotFound("nobody governed yet")
    contracts = node.council.contracts()
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


@router.get("/proposals", summary="All proposals")
async def proposals(node: NodeDep, page: Paged) -> dict[str, Any]:
    """In the order they were made, page after page."""
    made = node.queries.proposals()
    return page.of(made, lambda one: progress_json(node.council.progress_of(one)), "proposals")


@router.get("/proposals/{proposal_id}", summary="One proposal")
async def proposal(proposal_id: ProposalId, node: NodeDep) -> dict[str, Any]:
    return progress_json(node.council.progress(bytes.fromhex(proposal_id[2:])))


@router.post("/proposals", summary="Propose", status_code=201, dependencies=[Depends(require_key)])
async def propose(body: ProposalRequest, node: NodeDep) -> JSONResponse:
    """By this node's governor, who approves it with it. 201 once final, 202 on its way."""
    it, given = node.council, body.model_fields_set - {"wait"}
    if len(given) != 1:
        raise Invalid("name one thing to propose: members, rule, contract, admin, move, revoke or call", "/")
    if body.members is not None:
        act = partial(it.propose_members, body.members.governors, body.members.quorum)
    elif body.rule is not None:
        rule = body.rule
        act = partial(it.propose_rule, rule.contract, rule.function, rule.quorum, rule.delay)
    elif body.contract is not None:
        act = partial(it.propose_contract, body.contract.name, body.contract.address)
    elif body.admin is not None:
        act = partial(it.propose_admin, body.admin.did, body.admin.admin)
    elif body.move is not None:
        act = partial(it.propose_move, body.move.uri, body.move.to)
    elif body.revoke is not None:
        act = partial(it.propose_revocation, body.revoke.uri, body.revoke.entries)
    elif body.call is not None:
        act = partial(it.propose_call, body.call.target, bytes.fromhex(body.call.data[2:]))
    else:
        raise Invalid("what is proposed cannot be null", f"/{given.pop()}")
    return await publish(node, act, body.wait)


@router.post(
    "/proposals/{proposal_id}/approvals",
    summary="Approve a proposal",
    status_code=201,
    dependencies=[Depends(require_key)],
)
async def approve(proposal_id: ProposalId, body: Waiting, node: NodeDep) -> JSONResponse:
    """By this node's governor. The last approval needed carries it out, or starts its delay."""
    return await publish(node, partial(node.council.approve, bytes.fromhex(proposal_id[2:])), body.wait)


@router.post(
    "/proposals/{proposal_id}/signature",
    summary="Sign an approval for others to carry",
    dependencies=[Depends(require_key)],
)
async def sign(proposal_id: ProposalId, body: Signing, node: NodeDep) -> dict[str, Any]:
    """By this node's governor (EIP-712). Nothing is sent to the ledger."""
    number = bytes.fromhex(proposal_id[2:])
    return approval_json(await run_in_threadpool(node.gathered.sign, number, body.deadline))


@router.post(
    "/proposals/{proposal_id}/signed-approvals",
    summary="Carry governors' signed approvals",
    status_code=201,
    dependencies=[Depends(require_key)],
)
async def carry(proposal_id: ProposalId, body: Gathered, node: NodeDep) -> JSONResponse:
    """By any node, in one transaction. The last approval needed carries it out, or starts its delay."""
    given = [approval.signed() for approval in body.approvals]
    return await publish(node, partial(node.gathered.submit, bytes.fromhex(proposal_id[2:]), given), body.wait)


@router.post(
    "/proposals/{proposal_id}/execution",
    summary="Execute a ripe proposal",
    status_code=201,
    dependencies=[Depends(require_key)],
)
async def execute(proposal_id: ProposalId, body: Waiting, node: NodeDep) -> JSONResponse:
    """By any node."""
    return await publish(node, partial(node.council.execute, bytes.fromhex(proposal_id[2:])), body.wait)


@router.post(
    "/proposals/{proposal_id}/cancellation",
    summary="Cancel a proposal",
    status_code=201,
    dependencies=[Depends(require_key)],
)
async def cancel(proposal_id: ProposalId, body: Waiting, node: NodeDep) -> JSONResponse:
    """By the governor that made it."""
    return await publish(node, partial(node.council.cancel, bytes.fromhex(proposal_id[2:])), body.wait)
