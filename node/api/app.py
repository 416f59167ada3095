"""The HTTP face of a node: routes, limits, headers and problems put together; no rule of the trade."""

from __future__ import annotations

from importlib import metadata
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware

from node.api import problems
from node.api.headers import SecurityHeaders
from node.api.limits import BodyLimit
from node.api.metrics import CountRequests, Metrics
from node.api.openapi.schemas import COMPONENTS, PROBLEM
from node.api.routers import (
    council,
    credentials,
    dids,
    health,
    identifiers,
    issuers,
    ledger,
    lists,
    monitoring,
    proposals,
    publications,
    status_lists,
    verifications,
)
from node.api.services import Node
from node.web import pages

TITLE = "Goodstanding"
VERSION = metadata.version("goodstanding")
DESCRIPTION = (
    "Is this licence in good standing? Verifies credentials without asking whoever issued them. "
    "Errors of the API are RFC 9457 problems; a credential that fails its checks is an answer, with status 200."
)


class _Application(FastAPI):
    """Adds to the generated description the schemas of routes that read their bodies themselves."""

    def openapi(self) -> dict[str, Any]:
        fresh = self.openapi_schema is None
        described = super().openapi()
        if fresh:
            described["components"]["schemas"] |= COMPONENTS
        return described


def create_app(node: Node) -> FastAPI:
    """The application of one node."""
    metrics = Metrics(node)
    app = _Application(
        title=TITLE,
        version=VERSION,
        description=DESCRIPTION,
        docs_url=None,  # they load scripts from elsewhere, which our headers forbid
        redoc_url=None,
        middleware=[
            Middleware(CountRequests, metrics=metrics),
            Middleware(SecurityHeaders),
            Middleware(BodyLimit, max_bytes=node.settings.max_body_bytes),
        ],
        responses={
            "default": {"description": "A problem", "content": {problems.MEDIA_TYPE: {"schema": PROBLEM}}}
        },
    )
    app.state.node = node
    app.state.metrics = metrics
    problems.install(app)
    for module in (
        credentials,
        verifications,
        identifiers,
        status_lists,
        ledger,
        issuers,
        council,
        proposals,
        dids,
        lists,
        publications,
        monitoring,
        health,
    ):
        app.include_router(module.router)
    app.include_router(pages.router)
    app.mount("/static", pages.static_files, name="static")
    return app
