"""One way to ask the node: open a client, and turn its problems into an error message and exit status 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import typer

from node.cli.client import ApiProblem, NodeClient
from node.cli.output import emit, fail, say

PATIENCE = 60  # seconds to wait until something put on the ledger is final
STILL_OPEN = 3  # exit status: on its way, neither done nor refused
BRIEFLY = 2  # seconds between words about how far it has come
_ON_ITS_WAY = {"queued": "waiting to be signed", "signed": "sent; waiting for its block to be final"}


@contextmanager
def asking(node: str | None, api_key: str | None, as_json: bool) -> Iterator[NodeClient]:
    """A client for the block's duration."""
    try:
        with closing(NodeClient(node, api_key, timeout=PATIENCE + 30)) as client:
            yield client
    except ApiProblem as problem:
        raise fail(str(problem), as_json, problem.body) from problem
    except UnicodeEncodeError as error:  # an argument whose bytes are no text
        raise fail(f"{error.object!a} is not UTF-8", as_json) from error


def publish(client: NodeClient, path: str, body: dict[str, Any], what: str, as_json: bool) -> None:
    """Put something on the ledger, wait, and say where it stands. Exits where it is not final yet."""
    if not as_json:
        say(f"{what} …")
    done = client.post(path, {**body, "wait": BRIEFLY})
    approves = done["action"] == "ApproveProposal" and not path.endswith("/approvals")
    if approves and (it := done["proposal"]) and not as_json:
        say(f"{it['proposer']} had proposed that already: approving proposal {it['id'][:10]} instead")
    waited, told = BRIEFLY, ""
    while done["state"] in _ON_ITS_WAY and waited < PATIENCE:
        if not as_json and (now := _ON_ITS_WAY[done["state"]]) != told:
            say(f"  {now}")
            told = now
        done = client.get(f"/v1/publications/{done['id']}", wait=BRIEFLY)
        waited += BRIEFLY
    if done["state"] == "failed":
        raise ApiProblem(f"the ledger refused: {done['error']}", done)
    emit(done, as_json, _outcome(done))
    if done["state"] != "done":
        raise typer.Exit(STILL_OPEN)


def _outcome(done: dict[str, Any]) -> list[str]:
    stamp = done.get("stamp") or {}
    if done["state"] != "done":
        return [f"on its way: publication {done['id']} is {done['state']}; the node keeps trying"]
    if not stamp:
        return ["done: the ledger said so already, nothing was sent"]
    lines = [f"done: transaction {done['transaction']}, block {stamp['block']}, {stamp['time']}"]
    proposal = done.get("proposal")
    if proposal and proposal["state"] != "executed":
        number, given = proposal["id"], len(proposal["approvals"])
        lines.append(
            f"proposal {number} is {proposal['state']}: {given} of {proposal['needed']} approvals; "
            f"other governors: goodstanding council approve {number[:10]}"
        )
    return lines
