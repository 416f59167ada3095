"""The parameters of an address: one that nobody reads is refused, as an unknown member of a body is.

Misspelt, `?At=…` would be a question about the past that is answered about now.
"""

from __future__ import annotations

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from node.api.problems import Problem


def parameters_of(route: APIRoute) -> frozenset[str]:
    """What it reads: as its endpoint declares it, or its description where the endpoint reads for itself."""
    described = (route.openapi_extra or {}).get("parameters", ())
    return _declared(route.dependant) | {one["name"] for one in described if one["in"] == "query"}


def _declared(by: Dependant) -> frozenset[str]:
    own = frozenset(field.alias for field in by.query_params)
    return own.union(*map(_declared, by.dependencies))


def only_parameters(request: Request, known: frozenset[str]) -> None:
    """Raises Problem 400."""
    if not request.scope["query_string"]:  # as nearly always
        return
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        name = unknown[0][:64]
        raise Problem(400, "malformed-request", f"Unknown parameter {name!r}.", member=f"query/{name}")
