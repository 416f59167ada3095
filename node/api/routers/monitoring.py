"""Credentials this participant relies on, and what has changed about them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from node.api.auth import require_key
from node.api.bodies import Body, StrictJsonRoute
from node.api.paging import Limit
from node.api.presenters import stamp_json, timestamp
from node.api.questions import answer, question
from node.api.services import NodeDep
from node.errors import Invalid
from node.monitoring.alerts import Alert
from node.monitoring.enrolment import Enrolment

router = APIRouter(
    prefix="/v1", tags=["Monitoring"], route_class=StrictJsonRoute, dependencies=[Depends(require_key)]
)

_ENVELOPES = tuple(f"data:application/{kind}," for kind in ("vc+jwt", "dc+sd-jwt", "vc+sd-jwt"))


class EnrolmentRequest(Body):
    credential: dict[str, Any] | str = Field(description="Secured: JSON with its proof, or a compact JWS")
    reference: str = Field(description="Your own identifier of the person")
    policy: str | None = None


class AcknowledgeRequest(Body):
    by: Annotated[str, Field(max_length=200)] = ""


@router.post("/enrolments", summary="Rely on a credential", status_code=201)
async def enrol(request: Request, body: EnrolmentRequest, node: NodeDep) -> JSONResponse:
    """Verifies it first: only one that may be relied on is enrolled. The same one for the same person, once."""
    # Read before the verification: a change in between is then monitored rather than missed.
    since = node.feed.last_seq()
    asked = await question(node, {"policy": body.policy})
    verdict = await answer(request, body.credential, asked)
    if len(verdict.credentials) != 1:
        raise Invalid("give one credential, not a presentation", "/credential")
    act = partial(
        node.roster.enrol,
        verdict.credentials[0],
        reference=body.reference,
        since=since,
        compact=_compact(body.credential),
    )
    enrolment = await run_in_threadpool(act)
    return JSONResponse(_enrolment_json(enrolment), 201, {"Location": f"/v1/enrolments/{enrolment.id}"})


@router.get("/enrolments", summary="All enrolments")
async def enrolments(
    node: NodeDep, after: str = "", limit: Limit = 100, reference: str | None = None
) -> dict[str, Any]:
    """By ascending id, page after page: `next` is the `after` of the next one, or null."""
    found = await run_in_threadpool(partial(node.roster.list, after=after, limit=limit, reference=reference))
    return {"enrolments": [_enrolment_json(one) for one in found], "next": _next(found, limit)}


@router.get("/enrolments/{enrolment_id}", summary="One enrolment")
async def enrolment(enrolment_id: str, node: NodeDep) -> dict[str, Any]:
    return _enrolment_json(await run_in_threadpool(node.roster.get, enrolment_id))


@router.delete("/enrolments/{enrolment_id}", summary="Rely on it no longer", status_code=204)
async def remove(enrolment_id: str, node: NodeDep) -> Response:
    """The credential is forgotten; alerts about it stay."""
    await run_in_threadpool(node.roster.remove, enrolment_id)
    return Response(status_code=204)


@router.get("/alerts", summary="What has changed about credentials relied on")
async def alerts(
    node: NodeDep,
    after: Annotated[int, Query(ge=0, lt=1 << 63)] = 0,
    limit: Limit = 100,
    open_only: Annotated[bool, Query(alias="open", description="Only those nobody has acknowledged")] = False,
) -> dict[str, Any]:
    """In the order they were raised, page after page: `next` is the `after` of the next one, or null."""
    found = await run_in_threadpool(partial(node.alerts.list, after=after, limit=limit, open_only=open_only))
    return {"alerts": [_alert_json(one) for one in found], "next": _next(found, limit)}


@router.post("/alerts/{alert_id}/acknowledge", summary="Somebody has seen it")
async def acknowledge(
    alert_id: Annotated[int, Path(ge=0, lt=1 << 63)], node: NodeDep, body: AcknowledgeRequest | None = None
) -> dict[str, Any]:
    """The first to say so stands."""
    by = body.by if body else ""
    return _alert_json(await run_in_threadpool(node.alerts.acknowledge, alert_id, by))


def _next(page: Sequence[Enrolment] | Sequence[Alert], limit: int) -> str | int | None:
    """The last id of a page that is full: there may be more."""
    return page[-1].id if len(page) == limit else None


def _compact(credential: dict[str, Any] | str) -> str | None:
    """The JWS or SD-JWT of a credential that is secured by an envelope."""
    if isinstance(credential, str):
        text = credential.strip()
        return text if text.startswith("eyJ") else None  # else JSON in a text
    address = credential.get("id")
    if isinstance(address, str) and address.startswith(_ENVELOPES):
        return address.partition(",")[2]
    return None


def _enrolment_json(one: Enrolment) -> dict[str, Any]:
    return {
        "id": one.id,
        "reference": one.reference,
        "issuer": one.issuer_did,
        "digest": one.credential_digest,
        "validUntil": timestamp(one.valid_until) if one.valid_until is not None else None,
        "watched": [
            {
                "statusListCredential": entry.list_uri,
                "statusListIndex": entry.index,
                "statusPurpose": entry.purpose,
                "member": entry.member,
            }
            for entry in one.watched
        ],
        "enclosedIssuers": [{"did": issuer.did, "member": issuer.member} for issuer in one.enclosed_issuers],
        "decision": one.decision.value,
        "decidedAt": timestamp(one.decided_at),
        "enrolledAt": timestamp(one.enrolled_at),
    }


def _alert_json(one: Alert) -> dict[str, Any]:
    return {
        "id": one.id,
        "enrolment": one.enrolment_id,
        "reference": one.reference,
        "kind": one.kind.value,
        "detail": one.detail,
        "subject": one.subject,
        "index": one.entry_index,
        "member": one.member,
        "previousDecision": one.previous_decision.value,
        "decision": one.decision.value,
        "recorded": stamp_json(one.stamp),
        "effectiveAt": timestamp(one.effective_at) if one.effective_at is not None else None,
        "createdAt": timestamp(one.created_at),
        "acknowledgedAt": timestamp(one.acknowledged_at) if one.acknowledged_at is not None else None,
        "acknowledgedBy": one.acknowledged_by,
    }
