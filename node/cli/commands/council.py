"""`goodstanding council`: what the governors decide together."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from node.cli.asking import asking, publish
from node.cli.client import ApiProblem, NodeClient
from node.cli.commands import propose
from node.cli.output import (
    AtOption,
    JsonFlag,
    KeyOption,
    KnownAtOption,
    NodeOption,
    emit,
    emit_json,
    fail,
    one_line,
    table,
)

app = typer.Typer(no_args_is_help=True)
app.add_typer(propose.app, name="propose", help="Propose something; accreditations by goodstanding issuer.")
Which = Annotated[str, typer.Argument(metavar="PROPOSAL", help="Its number, or how that begins.")]


@app.command()
def show(
    at: AtOption = None, known_at: KnownAtOption = None, node: NodeOption = None, as_json: JsonFlag = False
) -> None:
    """Who governs, by which rules, over which contracts."""
    with asking(node, None, as_json) as client:
        found = client.get("/v1/council", at=at, knownAt=known_at)
    lines = [
        f"{found['quorum']} of {len(found['governors'])} governors decide (epoch {found['epoch']}):",
        *[f"  {governor}" for governor in found["governors"]],
        *[f"  {one['for']}: {one['quorum']}, then {one['delay']} s" for one in found["rules"]],
        *table([[f"  {one['name']}", one["address"]] for one in found["contracts"]]),
    ]
    emit(found, as_json, lines)


@app.command()
def history(node: NodeOption = None, as_json: JsonFlag = False) -> None:
    """Every change of members or rules, oldest first."""
    with asking(node, None, as_json) as client:
        found = list(client.pages("/v1/council/history"))
    rows = [
        [
            one["stamp"]["time"],
            f"block {one['stamp']['block']}",
            f"epoch {one['epoch']}",
            f"{one['quorum']} of {len(one['governors'])}: {', '.join(one['governors'])}",
            "; ".join(f"{rule['for']}: {rule['quorum']}, then {rule['delay']} s" for rule in one["rules"]),
        ]
        for one in found
    ]
    emit(found, as_json, table(rows))


@app.command(name="list")
def list_proposals(
    pending: Annotated[bool, typer.Option("--pending", help="Only what waits for somebody.")] = False,
    node: NodeOption = None,
    as_json: JsonFlag = False,
) -> None:
    """All proposals, in the order they were made."""
    with asking(node, None, as_json) as client:
        found = [one for one in _all(client) if not pending or one["state"] in {"open", "ripening", "ripe"}]
    rows = [
        [
            one["id"][:10],
            one["state"],
            f"{len(one['approvals'])} of {one['needed']}",
            one["made"]["time"],
            one["what"],
        ]
        for one in found
    ]
    emit(found, as_json, table(rows) or ["no proposals"])


@app.command()
def approve(
    proposal: Which, node: NodeOption = None, api_key: KeyOption = None, as_json: JsonFlag = False
) -> None:
    """Approve a proposal (on a governor's node). The last approval needed carries it out."""
    _act(proposal, "approvals", "approving", node, api_key, as_json)


@app.command()
def sign(
    proposal: Which,
    deadline: Annotated[
        int | None, typer.Option(help="Last second (Unix) it counts; none: as long as the proposal stands.")
    ] = None,
    node: NodeOption = None,
    api_key: KeyOption = None,
) -> None:
    """Sign an approval (on a governor's node) and print it, as JSON, for others to carry. Sends nothing."""
    with asking(node, api_key, False) as client:
        found = _one(client, proposal)
        what = f"signing an approval of {found['id'][:10]}: {found['what']}"
        print(one_line(what), file=sys.stderr)
        signed = client.post(f"/v1/proposals/{found['id']}/signature", {"deadline": deadline})
    emit_json(signed)


@app.command()
def submit(
    proposal: Which,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="What `council sign` printed.")],
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Carry approvals that governors signed to the ledger (on any node)."""
    approvals = [_approval(file) for file in files]
    with asking(node, api_key, as_json) as client:
        found = _one(client, proposal)
        what = f"carrying {len(files)} signed approval(s) of {found['id'][:10]}: {found['what']}"
        body = {"approvals": approvals}
        publish(client, f"/v1/proposals/{found['id']}/signed-approvals", body, what, as_json)


@app.command()
def execute(
    proposal: Which, node: NodeOption = None, api_key: KeyOption = None, as_json: JsonFlag = False
) -> None:
    """Carry out a proposal whose delay has passed (on any node)."""
    _act(proposal, "execution", "executing", node, api_key, as_json)


@app.command()
def cancel(
    proposal: Which, node: NodeOption = None, api_key: KeyOption = None, as_json: JsonFlag = False
) -> None:
    """Cancel a proposal (on the node of the governor that made it)."""
    _act(proposal, "cancellation", "cancelling", node, api_key, as_json)


def _act(proposal: str, act: str, verb: str, node: str | None, key: str | None, as_json: bool) -> None:
    """Says in words what the proposal does, before anything is sent."""
    with asking(node, key, as_json) as client:
        found = _one(client, proposal)
        what = f"{verb} {found['id'][:10]}: {found['what']}"
        publish(client, f"/v1/proposals/{found['id']}/{act}", {}, what, as_json)


def _approval(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except OSError as error:
        raise fail(f"cannot read {file}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise fail(f"{file} is no signed approval: not JSON") from error


def _one(client: NodeClient, beginning: str) -> dict[str, Any]:
    """The proposal whose number begins so. Raises ApiProblem."""
    if not beginning.lower().removeprefix("0x"):
        raise ApiProblem("which proposal? Give its number, or how that begins")
    found = [one for one in _all(client) if one["id"].startswith(beginning.lower())]
    if len(found) == 1:
        return found[0]
    raise ApiProblem(
        f"{len(found)} proposals begin with {beginning}: give more of the number"
        if found
        else f"no proposal begins with {beginning}; goodstanding council list shows them"
    )


def _all(client: NodeClient) -> list[dict[str, Any]]:
    return list(client.pages("/v1/proposals", "proposals"))
