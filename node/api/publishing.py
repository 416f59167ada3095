"""What all routes share that put something on the ledger: queue it, and wait for it if asked to."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from node.api.auth import require_key
from node.api.presenters import stamp_json, timestamp
from node.api.proposals import progress_json
from node.api.services import Node
from node.errors import NotFound
from registry.actions import AccreditIssuer, ApproveProposal, ChangeStanding, ChangeTerms, ProposeCall
from registry.bindings.council import CouncilAction
from registry.publisher.publications import Publication, State

MAX_WAIT = 60
_LOOK = 0.01  # seconds between looks at the replica's head, which is in memory
Wait = Annotated[
    float, Field(ge=0, le=MAX_WAIT, description="Seconds to wait for it to be final; 0: answer at once")
]

_Route = TypeVar("_Route", bound=Callable[..., Any])
_STATUS_OF_STATE = {State.DONE: 201, State.FAILED: 409}


def acts(router: APIRouter) -> partial[Callable[[_Route], _Route]]:
    """`router.post` for what puts something on the ledger: it needs a key, and is 201 once it is final."""
    return partial(router.post, status_code=201, dependencies=[Depends(require_key)])


async def publish(node: Node, submit: Callable[[], int], wait: float) -> JSONResponse:
    """Queue an action, then answer: 201 done, 202 on its way, 409 refused by the ledger.

    `submit` checks the request and returns the publication's id; it raises NodeError.
    """
    publication_id = await run_in_threadpool(submit)
    found = await told(node, publication_id, wait)
    return JSONResponse(
        found,
        _STATUS_OF_STATE.get(State(found["state"]), 202),
        {"Location": f"/v1/publications/{publication_id}"},
    )


async def told(node: Node, publication_id: int, wait: float) -> dict[str, Any]:
    """What has become of it, after so many seconds or when it ends. Raises UnknownPublication."""
    deadline = time.monotonic() + wait
    # A wait of no seconds reads how far it has come.
    publication = await node.publisher.wait(publication_id, wait)
    if publication.state is State.DONE and publication.stamp:
        await _until_replicated(node, publication.stamp.number, deadline)
    return publication_json(publication) | {"proposal": _proposal(node, publication)}


def _proposal(node: Node, publication: Publication) -> dict[str, Any] | None:
    """What the council was asked on its behalf: done is the asking, not what is asked for.

    Whoever proposed what was pending already has approved it: then it is another governor's.
    """
    it = publication.action
    if isinstance(it, ApproveProposal):
        approved = CouncilAction(it.target, it.data, it.salt, it.expires_at, it.epoch)
        with contextlib.suppress(NotFound):  # a replica that is being built anew knows it later
            return progress_json(node.proposals.progress(approved.id))
        return None
    if not isinstance(it, AccreditIssuer | ChangeTerms | ChangeStanding | ProposeCall):
        return None
    made = node.council.made_for(publication.id) if publication.state is State.DONE else None
    return progress_json(made) if made else None


async def _until_replicated(node: Node, block: int, deadline: float) -> None:
    """Who was told that it is done finds it in this node's next answer, unless the time is up."""
    while time.monotonic() < deadline:
        head = node.queries.freshness().head
        if head is not None and head.number >= block:
            return
        await asyncio.sleep(_LOOK)


def publication_json(publication: Publication) -> dict[str, Any]:
    return {
        "id": publication.id,
        "action": type(publication.action).__name__,
        "state": publication.state.value,
        "transaction": "0x" + publication.tx_hash.hex() if publication.tx_hash else None,
        "stamp": stamp_json(publication.stamp),
        "error": publication.error,
        "createdAt": timestamp(publication.created_at),
    }
