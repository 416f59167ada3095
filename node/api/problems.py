"""Errors of the API as RFC 9457 problems. Typed errors become problems here, at the edge, and nowhere else.

A problem never carries a stack trace, a secret or the credential that was sent. A credential that fails its
checks is not an error of the API: that is a verdict, with status 200.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from node.api.headers import SECURITY_HEADERS
from node.errors import Conflict, Invalid, NodeError, NotConfigured, NotFound, Unavailable
from node.verification.reasons import Reason
from node.verification.refusals import Refused
from registry.database_faults import fault_of

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:goodstanding:problem:"

_STATUS_OF_ERROR: tuple[tuple[type[NodeError], int, str], ...] = (
    (NotConfigured, 501, "not-configured"),
    (NotFound, 404, "not-found"),
    (Conflict, 409, "conflict"),
    (Invalid, 422, "invalid-request"),
    (Unavailable, 503, "unavailable"),
)

_SLUG_OF_STATUS = {
    400: "malformed-request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid-request",
}


class Problem(HTTPException):
    """An error that is already in the words of the API."""

    def __init__(
        self,
        status: int,
        slug: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(status, detail, headers)
        self.slug = slug
        self.members = members


def problem_of_refusal(refused: Refused) -> Problem:
    """A body that could not be read as strict JSON: 413 if it is too big for us, else 400."""
    members: dict[str, Any] = {"reason": refused.reason.value}
    if refused.member:
        members["member"] = refused.member
    if refused.reason is Reason.TOO_LARGE:
        return Problem(413, "too-large", refused.detail, **members)
    return Problem(400, "malformed-request", refused.detail, **members)


def problem_response(
    status: int,
    slug: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, Any] | None = None,
) -> Response:
    """The problem as a response: `type`, `title`, `status`, `detail` and what else is known."""
    body = {
        "type": TYPE_PREFIX + slug,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **(members or {}),
    }
    return Response(orjson.dumps(body), status, headers, MEDIA_TYPE)


def _on_http(_: Request, error: Exception) -> Response:
    error = cast(HTTPException, error)
    if isinstance(error, Problem):
        return problem_response(
            error.status_code, error.slug, error.detail, headers=error.headers, members=error.members
        )
    slug = _SLUG_OF_STATUS.get(error.status_code, "error")
    return problem_response(error.status_code, slug, _sentence(error), headers=error.headers)


def _sentence(error: HTTPException) -> str:
    known = {
        404: "There is nothing at this address.",
        405: "This address does not answer that method.",
    }
    return known.get(error.status_code, error.detail)


def _on_validation(_: Request, error: Exception) -> Response:
    found = cast(RequestValidationError, error).errors()
    faults = [{"member": _pointer(fault["loc"]), "detail": fault["msg"]} for fault in found]
    return problem_response(
        422, "invalid-request", "The request does not have the expected form.", members={"errors": faults[:20]}
    )


def _pointer(location: Sequence[int | str]) -> str:
    """Where the fault is, as a JSON pointer into the body, or `query/…`, `path/…`."""
    head, *rest = location
    path = "/".join(str(part) for part in rest)
    return f"/{path}" if head == "body" else f"{head}/{path}"


def _on_refusal(request: Request, error: Exception) -> Response:
    return _on_http(request, problem_of_refusal(cast(Refused, error)))


def _on_node_error(_: Request, error: Exception) -> Response:
    for kind, status, slug in _STATUS_OF_ERROR:
        if isinstance(error, kind):
            member = {"member": error.member} if isinstance(error, Invalid) and error.member else None
            headers = {"Retry-After": "5"} if status == 503 else None
            return problem_response(status, slug, str(error), headers=headers, members=member)
    return problem_response(422, "invalid-request", str(error))


def _on_disconnect(_: Request, __: Exception) -> Response:
    """The client left before its request had arrived: nobody reads this, and nobody is at fault here."""
    return problem_response(400, "malformed-request", "The request did not arrive in full.")


def _on_database_outage(request: Request, error: Exception) -> Response:
    """The database is gone, locked or full: not now. Its own words may hold what was to be stored."""
    fault = fault_of(error)
    log.error("%s %s: the database does not answer (%s)", request.method, request.url.path, fault)
    return _on_node_error(request, Unavailable("this node's database cannot be used at the moment"))


def _on_unstorable(_: Request, __: Exception) -> Response:
    """PostgreSQL, for one, has no text with a NUL in it."""
    return problem_response(422, "invalid-request", "The request holds a text or number that cannot be stored.")


def _on_unexpected(request: Request, error: Exception) -> Response:
    """Anything else is a fault of ours: say nothing of it but a number to find it by in the log."""
    incident = secrets.token_hex(8)
    log.error("incident %s: %s %s", incident, request.method, request.url.path, exc_info=error)
    return problem_response(
        500,
        "internal",
        "Something went wrong on this node. Nothing was decided.",
        headers=SECURITY_HEADERS,  # this response is made outside the wrapper that adds them
        members={"incident": incident},
    )


def install(app: FastAPI) -> None:
    """Make every error of the application a problem."""
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(Refused, _on_refusal)
    app.add_exception_handler(NodeError, _on_node_error)
    app.add_exception_handler(ClientDisconnect, _on_disconnect)
    for outage in (OperationalError, InterfaceError, NoConnectionFree):
        app.add_exception_handler(outage, _on_database_outage)
    app.add_exception_handler(DataError, _on_unstorable)
    app.add_exception_handler(Exception, _on_unexpected)
