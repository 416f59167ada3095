"""Status list credentials, for verifiers that know nothing of the ledger (Bitstring Status List 1.0)."""

from __future__ import annotations

import hashlib

import orjson
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from node.api.problems import Problem
from node.api.services import NodeDep
from node.errors import NotFound

router = APIRouter(tags=["Status lists"])

_ANY = {"*/*", "application/*"}
_EMBEDDED = ("application/vc", "application/vc+ld+json", "application/ld+json", "application/json")
_ENVELOPED = ("application/vc+jwt", "application/jwt")


@router.get("/status-lists/{name}", summary="A signed status list credential")
async def status_list(name: str, request: Request, node: NodeDep) -> Response:
    """`application/vc`, `application/vc+ld+json`, or `application/vc+jwt` where it is secured so."""
    if node.status_list_credentials is None:
        raise NotFound("this node keeps no status lists")
    uri = node.registrar.list_uri(name)
    secured = await run_in_threadpool(node.status_list_credentials.credential, uri)
    if secured is None:
        raise NotFound("there is no such status list")
    media_type = _chosen(request, _ENVELOPED if isinstance(secured, str) else _EMBEDDED)
    body = secured.encode("ascii") if isinstance(secured, str) else orjson.dumps(secured)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "ETag": etag,
        "Cache-Control": f"public, max-age={_seconds_to_live(secured)}",
        "Vary": "Accept",
        "Access-Control-Allow-Origin": "*",
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, media_type)


def _chosen(request: Request, offered: tuple[str, ...]) -> str:
    """The first media type asked for that is on offer. Raises Problem 406."""
    accept = request.headers.get("accept") or "*/*"
    for part in accept.split(","):
        wanted = part.partition(";")[0].strip().lower()
        if wanted in offered:
            return wanted
        if wanted in _ANY:
            return offered[0]
    raise Problem(406, "not-acceptable", f"Ask for {offered[0]}.")


def _seconds_to_live(secured: dict[str, object] | str) -> int:
    """Bitstring Status List §2.2: `ttl`, in milliseconds, of the list."""
    subject = secured.get("credentialSubject") if isinstance(secured, dict) else None
    ttl = subject.get("ttl") if isinstance(subject, dict) else None
    return max(0, int(ttl / 1000)) if isinstance(ttl, int | float) else 60
