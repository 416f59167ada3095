"""Verifying in the node's own result model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from node.api import moments
from node.api.auth import admitted_to_verify
from node.api.bodies import DirectRoute, only_members, parse_strictly
from node.api.given import MEMBERS as GIVEN
from node.api.openapi.verifying import VERIFICATION
from node.api.presenters import verdict_json, verified
from node.api.problems import Problem
from node.api.questions import Question, answer, answer_with_receipt, question
from node.api.services import node_of
from registry.records import NOW

router = APIRouter(prefix="/v1", tags=["Verification"], route_class=DirectRoute)

_COMPACT_START = b"ey"  # base64url of '{"'


@router.post(
    "/verifications",
    summary="Verify a credential or presentation",
    openapi_extra={**VERIFICATION, "parameters": moments.PARAMETERS},
)
async def verify(request: Request) -> Response:
    """The body is the document itself (JSON, or a compact JWS as text), or an object that asks more of it:
    `{credential | presentation, policy?, challenge?, domain?, asOf?: {block?, knownAt?, validAt?}, receipt?}`.

    `at` and `knownAt` ask about the past: was it in force then, by what had been recorded by then?
    `receipt`: true asks for a receipt, by which the verdict can be proved later; nothing is then fetched from
    the web. Where none can be given, `receiptProblem` says why."""
    node = admitted_to_verify(request)
    raw = (await request.body()).strip()
    if not raw:
        raise Problem(400, "malformed-request", "The body is empty.")
    document, members = _asked(raw)
    asked = await question(node, members)
    if request.scope["query_string"]:
        asked = await _at_the_moment_named(request, asked)
    proved: dict[str, Any] = {}
    if _wants_receipt(members):
        verdict, proved = await answer_with_receipt(request, document, asked)
    else:
        verdict = await answer(request, document, asked)
    checks = [*verdict.checks, *(check for one in verdict.credentials for check in one.checks)]
    accepted = bool(verdict.credentials) and verified(verdict.decision, checks)
    found = {"verified": accepted, **verdict_json(verdict), **proved}
    return Response(orjson.dumps(found), 200, {"Cache-Control": "no-store"}, "application/json")


def _wants_receipt(members: dict[str, Any]) -> bool:
    wanted = members.get("receipt", False)
    if not isinstance(wanted, bool):
        raise Problem(400, "malformed-request", "receipt is true or false.", member="/receipt")
    return wanted


async def _at_the_moment_named(request: Request, asked: Question) -> Question:
    """`?at=…&knownAt=…`. Raises Problem 400, NotFound, Unavailable."""
    query = request.query_params
    at = await moments.moment(node_of(request), query.get("at"), query.get("knownAt"))
    if at is NOW:
        return asked
    if asked.at is not NOW:
        raise Problem(400, "malformed-request", "Name the moment in the address or as asOf, not both.")
    return replace(asked, at=at)


def _asked(raw: bytes) -> tuple[dict[str, Any] | str, dict[str, Any]]:
    """The document, and what else the body asks. Raises Problem 400."""
    if raw.startswith(_COMPACT_START):
        return raw.decode("ascii", "replace"), {}
    body = parse_strictly(raw)
    if isinstance(body, str):
        return body, {}
    if not isinstance(body, dict):
        raise Problem(400, "malformed-request", "The body is neither a document nor an object that holds one.")
    holders = [name for name in ("credential", "presentation") if name in body]
    if not holders or "@context" in body:
        return body, {}
    only_members(body, "credential", "presentation", "policy", "challenge", "domain", "asOf", "receipt", *GIVEN)
    document = body[holders[0]]
    if len(holders) != 1 or not isinstance(document, dict | str):
        raise Problem(
            400, "malformed-request", "Give one credential or one presentation.", member=f"/{holders[0]}"
        )
    return document, body
