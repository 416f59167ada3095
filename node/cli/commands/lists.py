"""`goodstanding list`: status lists."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from node.cli.asking import asking, publish
from node.cli.commands.issuer import timestamp
from node.cli.output import JsonFlag, KeyOption, NodeOption, emit, fail, table

app = typer.Typer(no_args_is_help=True)
ListName = Annotated[str, typer.Argument(metavar="LIST", help="Its address, or the name of one of our own.")]
ENTRIES_AT_A_TIME = 100_000  # the API's limit


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Last part of its address.")],
    purpose: Annotated[str, typer.Option(help="revocation, suspension, refresh or message.")] = "revocation",
    size: Annotated[int, typer.Option(help="Entries.")] = 131_072,
    status_size: Annotated[int, typer.Option(help="Bits per entry, for messages.")] = 1,
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Create a status list of this node's own issuer."""
    body = {"name": name, "purpose": purpose, "size": size, "statusSize": status_size}
    with asking(node, api_key, as_json) as client:
        publish(client, "/v1/status-lists", body, f"creating {purpose} list {name} of {size} entries", as_json)


@app.command(name="publish")
def publish_list(
    uri: ListName,
    register: Annotated[
        Path | None, typer.Option(help="CSV with the columns index,status: the whole register or a part.")
    ] = None,
    revoke: Annotated[
        list[int] | None, typer.Option("--revoke", "--set", help="An entry to set; may be given several times.")
    ] = None,
    restore: Annotated[
        list[int] | None, typer.Option(help="An entry to clear; never on a revocation list.")
    ] = None,
    effective_at: Annotated[str | None, typer.Option(help="Since when it holds; never in the future.")] = None,
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Publish to a status list. Nothing to change is a heartbeat: as of now, nothing changed."""
    entries = _entries(register, revoke or [], restore or [])
    if len(entries) > ENTRIES_AT_A_TIME:
        raise fail(f"{len(entries)} entries at once; at most {ENTRIES_AT_A_TIME}: split the register")
    body: dict[str, Any] = {"uri": uri, "entries": [{"index": i, "value": v} for i, v in entries]}
    if effective_at:
        body["effectiveAt"] = timestamp(effective_at)
    what = f"publishing {len(entries)} entries to {uri}" if entries else f"confirming {uri}"
    with asking(node, api_key, as_json) as client:
        publish(client, "/v1/status-lists/updates", body, what, as_json)


@app.command()
def show(
    uri: Annotated[str | None, typer.Argument(metavar="[LIST]", help="None: all lists.")] = None,
    node: NodeOption = None,
    as_json: JsonFlag = False,
) -> None:
    """What the ledger says of status lists."""
    with asking(node, None, as_json) as client:
        found = client.get("/v1/status-lists")["statusLists"]
    if uri is not None:
        found = [one for one in found if one["uri"] == uri or one["uri"].endswith(f"/status-lists/{uri}")]
        if not found:
            raise fail(f"the ledger knows no list {uri}", as_json)
    rows = [
        [
            one["uri"],
            one["purpose"],
            f"{one['size']:,} entries",
            f"{one['updates']} updates",
            f"last {one['stamp']['time']}",
            "closed" if one["closed"] else "intact" if one["intact"] else "DAMAGED",
        ]
        for one in found
    ]
    emit(found, as_json, table(rows) or ["no status list yet"])


def _entries(register: Path | None, to_set: list[int], to_clear: list[int]) -> list[tuple[int, int]]:
    entries = [(index, 1) for index in to_set] + [(index, 0) for index in to_clear]
    if register is None:
        return entries
    from node.issuing.register import RegisterRefused, read_register  # noqa: PLC0415  only this command reads one

    try:
        with register.open("rb") as file:
            return [*read_register(file.read()), *entries]
    except OSError as error:
        raise fail(f"cannot read {register}: {error.strerror}") from error
    except RegisterRefused as refused:
        raise fail(f"{register}: {refused}") from refused
