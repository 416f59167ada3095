"""What all routes share that put something on the ledger: queue it, and wait for it if asked to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from node.api.presenters import stamp_json, timestamp
from node.api.proposals import progress_json
from node.api.services import Node
from registry.actions import AccreditIssuer, ChangeStanding, ChangeTerms, ProposeCall
from registry.publisher.outbox import Publication, State

MAX_WAIT = 60
_LOOK = 0.01  # seconds between looks at the replica's head, which is in memory
Wait = Annotated[
    float, Field(ge=0, le=MAX_WAIT, description="Seconds to wait for it to be final; 0: answer at once")
]

_STATUS_OF_STATE = {State.DONE: 201, State.FAILED: 409}


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
    """What the council was asked on its behalf: done is the asking, not what is asked for."""
    if not isinstance(publication.action, AccreditIssuer | ChangeTerms | ChangeStanding | ProposeCall):
        return None
    made = node.council.made_by(publication.id) if publication.state is State.DONE else None
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
