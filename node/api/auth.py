"""API keys: whatever changes something needs one. Only their SHA-256 is ever configured or kept."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import HTTPBearer

from node.api.problems import Problem
from node.api.services import Node, NodeDep, node_of

MAX_KEY_LENGTH = 512  # characters: more is not a key of ours, and not worth hashing


_described = HTTPBearer(auto_error=False, description="An API key of this node, or the same as X-API-Key")


def presented_key(request: Request) -> str | None:
    """The key sent as `Authorization: Bearer …` (RFC 6750 §2.1) or `X-API-Key`."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and credentials.strip():
        return credentials.strip()
    return request.headers.get("x-api-key") or None


def key_is_known(key: str, known_sha256: Collection[str]) -> bool:
    """Compare with every known digest, always all of them, each in constant time."""
    if len(key) > MAX_KEY_LENGTH:
        return False
    digest = hashlib.sha256(key.encode()).hexdigest()
    matches = [hmac.compare_digest(digest, known) for known in known_sha256]
    return any(matches)


def check_key(request: Request, known_sha256: Collection[str]) -> None:
    """Raises Problem 401. Without any configured key nobody may change anything."""
    key = presented_key(request)
    if key is None or not key_is_known(key, known_sha256):
        detail = "This needs an API key." if key is None else "This API key is not known here."
        raise Problem(
            401, "unauthenticated", detail, headers={"WWW-Authenticate": 'Bearer realm="goodstanding"'}
        )


async def require_key(request: Request, node: NodeDep, _: Annotated[object, Security(_described)]) -> None:
    """Dependency of whatever changes something."""
    check_key(request, node.settings.api_keys_sha256)


def admitted_to_verify(request: Request) -> Node:
    """The node, for whoever may verify here: a key is needed only where the settings ask for one.

    Called rather than injected: on a hot route, injection costs as much as the work itself. Raises Problem 401.
    """
    node = node_of(request)
    if node.settings.verify_requires_key:
        check_key(request, node.settings.api_keys_sha256)
    return node
