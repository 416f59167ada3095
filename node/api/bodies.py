"""Request bodies are read one way everywhere: capped, then parsed strictly, then checked for their form."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from node.api.parameters import only_parameters, parameters_of
from node.api.problems import Problem, problem_of_refusal
from node.verification.proofs import strict_json
from node.verification.refusals import Refused


class Body(BaseModel):
    """A JSON object with camelCase members. Unknown members are errors: none is misspelt unseen."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True, frozen=True)


class StrictJsonRequest(Request):
    """A request whose JSON has one meaning: duplicate members, depth and size are refused."""

    async def json(self) -> Any:
        return parse_strictly(await self.body())


class StrictJsonRoute(APIRoute):
    """A route whose body, where it declares a model for it, is read through `StrictJsonRequest`, and whose
    address has no parameter that it does not know."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle, known = super().get_route_handler(), parameters_of(self)

        async def strict(request: Request) -> Response:
            only_parameters(request, known)
            return await handle(StrictJsonRequest(request.scope, request.receive))

        return strict


class DirectRoute(APIRoute):
    """A hot route: its endpoint takes the request and nothing else, so nothing is injected, validated or
    serialised around it, which costs a quarter of what a verification does. It is described like any other."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        endpoint: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        known = parameters_of(self)

        async def direct(request: Request) -> Response:
            only_parameters(request, known)
            return await endpoint(request)

        return direct


def parse_strictly(raw: bytes) -> Any:
    """The JSON value. Raises Problem 400, or 413."""
    try:
        return strict_json.parse(raw)
    except Refused as refused:
        raise problem_of_refusal(refused) from refused


async def json_object(request: Request) -> dict[str, Any]:
    """The body of a hot route, strictly parsed, no model in between. Raises Problem 400, 413, 415."""
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise Problem(415, "unsupported-media-type", "Send application/json.")
    body = parse_strictly(await request.body())
    if not isinstance(body, dict):
        raise Problem(400, "malformed-request", "The body is not a JSON object.")
    return body


def only_members(body: dict[str, Any], *known: str) -> None:
    """Raises Problem 400 for a member nobody reads."""
    unknown = sorted(set(body) - set(known))
    if unknown:
        raise Problem(
            400, "malformed-request", f"Unknown member {unknown[0][:64]!r}.", member=f"/{unknown[0][:64]}"
        )


def text_member(body: dict[str, Any], name: str, where: str = "") -> str | None:
    """An optional member that is text. Raises Problem 400."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise Problem(400, "malformed-request", f"{name} is not a string.", member=f"{where}/{name}")
    return value


def object_member(body: dict[str, Any], name: str) -> dict[str, Any]:
    """An optional member that is an object; {} when absent. Raises Problem 400."""
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Problem(400, "malformed-request", f"{name} is not an object.", member=f"/{name}")
    return value
