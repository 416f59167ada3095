"""Proposals to the council: what there are, making them, and what governors do about them."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Path
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from node.api.auth import require_key
from node.api.bodies import Body, StrictJsonRoute
from node.api.paging import Paged
from node.api.proposals import approval_json, progress_json
from node.api.publishing import Wait, acts, publish
from node.api.services import NodeDep
from node.errors import Invalid
from node.services.gathered import SignedApproval
from node.services.proposing import MAX_CALL, MAX_REVOKED, Proposing
from node.services.requirements import account

router = APIRouter(prefix="/v1/proposals", tags=["Council"], route_class=StrictJsonRoute)

act = acts(router)


async def _number(
    proposal_id: Annotated[str, Path(pattern=r"^0x[0-9a-f]{64}$", description="The proposal's number")],
) -> bytes:
    return bytes.fromhex(proposal_id[2:])


Number = Annotated[bytes, Depends(_number)]


class _Wanted(Protocol):
    """A thing to propose."""

    def propose(self, proposing: Proposing) -> int: ...


class Members(Body):
    governors: list[str] = Field(max_length=64)
    quorum: int

    def propose(self, proposing: Proposing) -> int:
        return proposing.members(self.governors, self.quorum)


class RuleBody(Body):
    contract: str = Field(description="A name, e.g. IssuerRegistry, or an address")
    function: str | None = Field(default=None, description="e.g. suspend(uint32,string); absent: all of them")
    quorum: int = Field(default=0, description="Approvals; 0: the council's quorum")
    delay: int = Field(default=0, description="Seconds between the last approval needed and the call")

    def propose(self, proposing: Proposing) -> int:
        return proposing.rule(self.contract, self.function, self.quorum, self.delay)


class Successor(Body):
    name: str = Field(description="e.g. StatusRegistry")
    address: str

    def propose(self, proposing: Proposing) -> int:
        return proposing.contract(self.name, self.address)


class NewAdmin(Body):
    did: str
    admin: str

    def propose(self, proposing: Proposing) -> int:
        return proposing.admin(self.did, self.admin)


class Move(Body):
    uri: str
    to: str = Field(description="DID of the issuer that takes the list over")

    def propose(self, proposing: Proposing) -> int:
        return proposing.move(self.uri, self.to)


class Revocation(Body):
    uri: str = Field(description="Address of a revocation list, whoever keeps it")
    entries: list[int] = Field(min_length=1, max_length=MAX_REVOKED)

    def propose(self, proposing: Proposing) -> int:
        return proposing.revocation(self.uri, self.entries)


class Call(Body):
    target: str
    data: str = Field(pattern=r"^0x([0-9a-fA-F]{2})*$", max_length=2 + 2 * MAX_CALL)

    def propose(self, proposing: Proposing) -> int:
        return proposing.call(self.target, bytes.fromhex(self.data[2:]))


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
            account(self.council, "council"),
            bytes.fromhex(self.proposal[2:]),
            self.deadline,
            account(self.governor, "governor"),
            bytes.fromhex(self.signature[2:]),
        )


class Gathered(Body):
    approvals: list[Approval] = Field(min_length=1, max_length=64)
    wait: Wait = 0


class Waiting(Body):
    wait: Wait = 0


@router.get("", summary="All proposals")
async def proposals(node: NodeDep, page: Paged) -> dict[str, Any]:
    """In the order they were made, page after page."""
    made = node.queries.proposals()
    return page.of(made, lambda one: progress_json(node.proposals.progress_of(one)), "proposals")


@router.get("/{proposal_id}", summary="One proposal")
async def proposal(number: Number, node: NodeDep) -> dict[str, Any]:
    return progress_json(node.proposals.progress(number))


@act("", summary="Propose")
async def propose(body: ProposalRequest, node: NodeDep) -> JSONResponse:
    """By this node's governor, who approves it with it. Where the same is pending already, that proposal is
    approved instead: `action` is then `ApproveProposal`. 201 once final, 202 on its way."""
    given = body.model_fields_set - {"wait"}
    if len(given) != 1:
        raise Invalid("name one thing to propose: members, rule, contract, admin, move, revoke or call", "/")
    (name,) = given
    wanted: _Wanted | None = getattr(body, name)
    if wanted is None:
        raise Invalid("what is proposed cannot be null", f"/{name}")
    return await publish(node, partial(wanted.propose, node.proposing), body.wait)


@act("/{proposal_id}/approvals", summary="Approve a proposal")
async def approve(number: Number, body: Waiting, node: NodeDep) -> JSONResponse:
    """By this node's governor. The last approval needed carries it out, or starts its delay."""
    return await publish(node, partial(node.council.approve, number), body.wait)


@router.post(
    "/{proposal_id}/signature",
    summary="Sign an approval for others to carry",
    dependencies=[Depends(require_key)],
)
async def sign(number: Number, body: Signing, node: NodeDep) -> dict[str, Any]:
    """By this node's governor (EIP-712). Nothing is sent to the ledger."""
    return approval_json(await run_in_threadpool(node.gathered.sign, number, body.deadline))


@act("/{proposal_id}/signed-approvals", summary="Carry governors' signed approvals")
async def carry(number: Number, body: Gathered, node: NodeDep) -> JSONResponse:
    """By any node, in one transaction. The last approval needed carries it out, or starts its delay."""
    given = [approval.signed() for approval in body.approvals]
    return await publish(node, partial(node.gathered.submit, number, given), body.wait)


@act("/{proposal_id}/execution", summary="Execute a ripe proposal")
async def execute(number: Number, body: Waiting, node: NodeDep) -> JSONResponse:
    """By any node."""
    return await publish(node, partial(node.council.execute, number), body.wait)


@act("/{proposal_id}/cancellation", summary="Cancel a proposal")
async def cancel(number: Number, body: Waiting, node: NodeDep) -> JSONResponse:
    """By the governor that made it."""
    return await publish(node, partial(node.council.cancel, number), body.wait)
