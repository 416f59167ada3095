"""One way to ask the node: open a client, and turn its problems into an error message and exit status 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from node.cli.client import ApiProblem, NodeClient
from node.cli.output import emit, fail

PATIENCE = 60  # seconds to wait until something put on the ledger is final


@contextmanager
def asking(node: str | None, api_key: str | None, as_json: bool) -> Iterator[NodeClient]:
    """A client for the block's duration."""
    client = NodeClient(node, api_key, timeout=PATIENCE + 30)
    try:
        yield client
    except ApiProblem as problem:
        raise fail(str(problem), as_json, problem.body) from problem
    finally:
        client.close()


def publish(client: NodeClient, path: str, body: dict[str, Any], what: str, as_json: bool) -> None:
    """Put something on the ledger, wait until it is final, and say where it stands."""
    if not as_json:
        print(f"{what} …", flush=True)
    done = client.post(path, {**body, "wait": PATIENCE})
    stamp = done.get("stamp") or {}
    if done["state"] == "done" and stamp:
        lines = [f"done: transaction {done['transaction']}, block {stamp['block']}, {stamp['time']}"]
    elif done["state"] == "done":
        lines = ["done: the ledger said so already, nothing was sent"]
    else:
        lines = [f"on its way: publication {done['id']} is {done['state']}; the node keeps trying"]
    emit(done, as_json, lines)
