"""Our status lists, signed, for verifiers that know nothing of the ledger.

Bitstring Status List 1.0 (`application/vc`, `application/vc+jwt`) and Token Status List
(`application/statuslist+jwt`), of now or of a past moment.
"""

from __future__ import annotations

import hashlib
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from node.api.bodies import StrictJsonRoute
from node.api.problems import Problem
from node.api.services import NodeDep
from node.errors import NotFound
from node.issuing.status_lists import TTL, ListForm
from node.verification.dates import unix_time
from node.verification.refusals import Refused

router = APIRouter(tags=["Status lists"], route_class=StrictJsonRoute)

_FORMS = {
    "application/vc": ListForm.EMBEDDED,
    "application/vc+ld+json": ListForm.EMBEDDED,
    "application/ld+json": ListForm.EMBEDDED,
    "application/json": ListForm.EMBEDDED,
    "application/vc+jwt": ListForm.ENVELOPED,
    "application/jwt": ListForm.ENVELOPED,
    "application/statuslist+jwt": ListForm.TOKEN,
}
_ANY = frozenset({"*/*", "application/*"})
_MAX_ACCEPTED = 32  # media types that one request may name

Timestamp = Annotated[
    str | None, Query(description="As it was then: an XML Schema dateTime (Bitstring Status List)")
]
Time = Annotated[
    int | None,
    Query(ge=0, lt=1 << 37, description="As it was then: seconds since 1970 (Token Status List)"),
]


@router.get("/status-lists/{name}", summary="A signed status list")
async def status_list(
    name: str, request: Request, node: NodeDep, timestamp: Timestamp = None, time: Time = None
) -> Response:
    """A credential as `application/vc`, `application/vc+ld+json` or `application/vc+jwt`, or an
    `application/statuslist+jwt`, as `Accept` says. One of the past says until when it held."""
    if node.status_list_credentials is None:
        raise NotFound("this node keeps no status lists")
    moment = _moment(timestamp, time)
    media_type = _chosen(request, "application/vc" if time is None else "application/statuslist+jwt")
    uri = node.registrar.list_uri(name)
    found = await run_in_threadpool(node.status_list_credentials.signed, uri, _FORMS[media_type], moment=moment)
    if found is None and moment is not None and moment > node.clock():
        raise NotFound("the moment asked about is still to come")
    if found is None:
        raise NotFound("there is no such status list" if moment is None else "there was no such list then")
    secured = found.secured
    body = secured.encode("ascii") if isinstance(secured, str) else orjson.dumps(secured)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "ETag": etag,
        "Cache-Control": f"public, max-age={TTL}",
        "Vary": "Accept",
        "Access-Control-Allow-Origin": "*",
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, media_type)


def _moment(timestamp: str | None, time: int | None) -> int | None:
    """Raises Problem 400."""
    if timestamp is None:
        return time
    if time is not None:
        raise Problem(400, "malformed-request", "Give timestamp or time, not both.", member="query/time")
    try:
        return unix_time(timestamp)
    except Refused as refused:
        detail = "The timestamp is not written as a date and time."
        raise Problem(400, "malformed-request", detail, member="query/timestamp") from refused


def _chosen(request: Request, usual: str) -> str:
    """RFC 9110 §12.5.1: of the media types on offer the one asked for most. Raises Problem 406."""
    accept = request.headers.get("accept") or "*/*"
    wanted = [_weighed(part) for part in accept.split(",")[:_MAX_ACCEPTED]]
    for weight, media_type in sorted(wanted, key=lambda one: -one[0]):
        if weight > 0 and media_type in _FORMS:
            return media_type
        if weight > 0 and media_type in _ANY:
            return usual
    raise Problem(406, "not-acceptable", f"There is {', '.join(_FORMS)}.")


def _weighed(part: str) -> tuple[float, str]:
    """A media type and how much it is wanted: 1 where that is not said, or not understood."""
    media_type, *parameters = (one.strip().lower() for one in part.split(";"))
    weight = next((one[2:] for one in parameters if one.startswith("q=")), "1")
    digits = weight.replace(".", "", 1)
    return (float(weight) if digits.isascii() and digits.isdigit() else 1.0), media_type
