"""Issuers and their accreditation."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter
from pydantic import AwareDatetime, Field
from starlette.responses import JSONResponse

from node.api.bodies import Body, StrictJsonRoute
from node.api.moments import Recorded
from node.api.paging import Paged
from node.api.presenters import stamp_json, timestamp
from node.api.publishing import Wait, acts, publish
from node.api.services import NodeDep
from node.errors import NotFound
from registry.records import Accreditation, Standing

router = APIRouter(prefix="/v1/issuers", tags=["Issuers"], route_class=StrictJsonRoute)
act = acts(router)


class AccreditationRequest(Body):
    """Times are RFC 3339 timestamps; `admin` and `operator` are the issuer's addresses on the ledger."""

    did: str
    name: str
    credential_types: list[str]
    jurisdictions: list[str] = Field(default=[], description="ISO 3166 codes; none: everywhere")
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime
    admin: str
    operator: str
    wait: Wait = 0


class StandingRequest(Body):
    standing: Standing
    reason: str
    wait: Wait = 0


class RotationRequest(Body):
    old: str = Field(description="Address of the operator key that goes")
    new: str = Field(description="Address of the one that comes")
    wait: Wait = 0


@router.get("", summary="All issuers")
async def issuers(node: NodeDep, at: Recorded, page: Paged) -> dict[str, Any]:
    """As they stood at the moment asked about, in the order they were accredited, page after page."""
    return page.of(node.queries.issuers(at), accreditation_json, "issuers")


@act("", summary="Accredit an issuer")
async def accredit(body: AccreditationRequest, node: NodeDep) -> JSONResponse:
    """By the council: proposed by this node's governor, done at once where that is enough. 201 once final.

    What another governor has proposed already is approved instead: `action` is then `ApproveProposal`.
    """
    accrediting = partial(
        node.proposing.accredit,
        did=body.did,
        name=body.name,
        credential_types=body.credential_types,
        jurisdictions=body.jurisdictions,
        valid_from=int(body.valid_from.timestamp()) if body.valid_from else None,
        valid_until=int(body.valid_until.timestamp()),
        admin=body.admin,
        operator=body.operator,
    )
    return await publish(node, accrediting, body.wait)


@act("/{did:path}/standing", summary="Suspend, reinstate or withdraw an issuer")
async def change_standing(did: str, body: StandingRequest, node: NodeDep) -> JSONResponse:
    """By the council, as above. Withdrawing is final."""
    changing = partial(node.proposing.change_standing, did=did, standing=body.standing, reason=body.reason)
    return await publish(node, changing, body.wait)


@act("/{did:path}/rotation", summary="Replace an operator key")
async def rotate(did: str, body: RotationRequest, node: NodeDep) -> JSONResponse:
    """By this node's admin key, for its own issuer."""
    return await publish(node, partial(node.registrar.rotate, did=did, old=body.old, new=body.new), body.wait)


@router.get("/{did:path}/history", summary="Every version of an accreditation")
async def history(did: str, node: NodeDep, page: Paged) -> dict[str, Any]:
    """Oldest first: `reason` is that of the last change of standing."""
    missing = "no issuer of that DID was ever accredited"
    return {"did": did, **page.of_history(node.queries.issuer_history(did), accreditation_json, missing)}


@router.get("/{did:path}", summary="One issuer")
async def issuer(did: str, node: NodeDep, at: Recorded) -> dict[str, Any]:
    """As it stood at the moment asked about."""
    found = node.queries.accreditation(did, at)
    if found is None:
        ever = "had been" if node.queries.accreditation(did) else "was ever"
        raise NotFound(f"no issuer of that DID {ever} accredited")
    pinned = node.queries.pinned_document(did, at)
    document = (
        {
            "version": pinned.version,
            "deactivated": pinned.deactivated,
            "stamp": stamp_json(pinned.stamp),
        }
        if pinned
        else None
    )
    head = stamp_json(node.queries.freshness().head)
    return {**accreditation_json(found), "pinnedDocument": document, "asOf": head}


def accreditation_json(found: Accreditation) -> dict[str, Any]:
    terms = found.terms
    return {
        "did": found.did,
        "name": terms.name,
        "standing": found.standing.value,
        "reason": found.reason,
        "credentialTypes": list(terms.credential_types),
        "jurisdictions": list(terms.jurisdictions),
        "validFrom": timestamp(terms.valid_from),
        "validUntil": timestamp(terms.valid_until),
        "admin": found.admin,
        "operators": sorted(found.operators),
        "stamp": stamp_json(found.stamp),
    }
