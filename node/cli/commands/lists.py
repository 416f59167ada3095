"""`goodstanding list`: status lists."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from node.cli.asking import asking, publish
from node.cli.client import ApiProblem, NodeClient
from node.cli.commands.issuer import timestamp
from node.cli.output import AtOption, JsonFlag, KeyOption, KnownAtOption, NodeOption, emit, fail, table

app = typer.Typer(no_args_is_help=True)
ListName = Annotated[str, typer.Argument(metavar="LIST", help="Its address, or the name of one of our own.")]


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
    effective_at: Annotated[
        str | None, typer.Option(help="Since when it holds; never in the future. None: since now.")
    ] = None,
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Publish to a status list. Without entries and register it is a heartbeat: as of now, nothing changed."""
    body: dict[str, Any] = {"uri": uri}
    entries = [(index, 1) for index in revoke or []] + [(index, 0) for index in restore or []]
    if register is not None and entries:
        raise fail("give a register or single entries, not both")
    if register is not None:
        body["register"] = _text_of(register)
        what = f"publishing {register} to {uri}"
    else:
        body["entries"] = [{"index": index, "value": value} for index, value in entries]
        counted = _counted(len(entries), "entry", "entries")
        what = f"publishing {counted} to {uri}" if entries else f"confirming {uri}"
    if effective_at:
        body["effectiveAt"] = timestamp(effective_at)
    with asking(node, api_key, as_json) as client:
        publish(client, "/v1/status-lists/updates", body, what, as_json)


@app.command()
def close(uri: ListName, node: NodeOption = None, api_key: KeyOption = None, as_json: JsonFlag = False) -> None:
    """End a list for good (by the issuer's admin key): nothing can be revoked on it any more."""
    with asking(node, api_key, as_json) as client:
        publish(client, "/v1/status-lists/closures", {"uri": uri}, f"closing {uri} for good", as_json)


@app.command(name="continue")
def go_on(uri: ListName, node: NodeOption = None, api_key: KeyOption = None, as_json: JsonFlag = False) -> None:
    """Have a list go on in its StatusRegistry's successor, with the bits it has (on its issuer's node)."""
    what = f"continuing {uri} in its registry's successor"
    with asking(node, api_key, as_json) as client:
        publish(client, "/v1/status-lists/continuations", {"uri": uri}, what, as_json)


@app.command()
def move(
    uri: ListName,
    to: Annotated[str, typer.Option(metavar="DID", help="The issuer that takes it over.")],
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Propose to the council to give a list to an issuer's successor (on a governor's node)."""
    with asking(node, api_key, as_json) as client:
        address = client.get(_path_of(client, uri))["uri"]
        what = f"proposing to give {address} to {to}"
        publish(client, "/v1/proposals", {"move": {"uri": address, "to": to}}, what, as_json)


@app.command()
def show(
    uri: Annotated[str | None, typer.Argument(metavar="[LIST]", help="None: all lists.")] = None,
    at: AtOption = None,
    known_at: KnownAtOption = None,
    node: NodeOption = None,
    as_json: JsonFlag = False,
) -> None:
    """What the ledger says of status lists, now or at a past moment."""
    with asking(node, None, as_json) as client:
        if uri is None:
            found = list(client.pages("/v1/status-lists", "statusLists", at=at, knownAt=known_at))
        else:
            found = [client.get(_path_of(client, uri), at=at, knownAt=known_at)]
    rows = [
        [
            one["uri"],
            one["purpose"],
            f"{one['size']:,} entries",
            _counted(one["updates"], "update", "updates"),
            f"last {one['stamp']['time']}",
            _condition(one),
        ]
        for one in found
    ]
    emit(found, as_json, table(rows) or ["no status list yet"])


@app.command()
def history(uri: ListName, node: NodeOption = None, as_json: JsonFlag = False) -> None:
    """Everything that happened to a status list, oldest first."""
    with asking(node, None, as_json) as client:
        found = list(client.pages(f"{_path_of(client, uri)}/history"))
    rows = [
        [
            one["stamp"]["time"],
            f"block {one['stamp']['block']}",
            one["kind"],
            f"update {one['updates']}",
            f"in effect from {one['effectiveAt']}",
        ]
        for one in found
    ]
    emit(found, as_json, table(rows))


@app.command()
def entry(
    uri: ListName,
    index: int,
    at: AtOption = None,
    known_at: KnownAtOption = None,
    node: NodeOption = None,
    as_json: JsonFlag = False,
) -> None:
    """One entry of a status list, now or at a past moment."""
    with asking(node, None, as_json) as client:
        found = client.get(f"{_path_of(client, uri)}/entries/{index}", at=at, knownAt=known_at)
    changed = found["changed"]
    since = (
        f"since {changed['effectiveAt']}, recorded {changed['stamp']['time']}" if changed else "never changed"
    )
    rows = [
        ["list", f"{found['list']['uri']} ({found['list']['purpose']})"],
        ["entry", str(index)],
        ["value", f"{found['value']}, {since}"],
        ["list last confirmed", found["list"]["stamp"]["time"]],
    ]
    emit(found, as_json, table(rows))


def _path_of(client: NodeClient, uri: str) -> str:
    """Where the API has the list of that address, or our own of that name. Raises ApiProblem."""
    if ":" not in uri:
        return f"/v1/status-lists/{quote(uri, safe='')}"
    for one in client.get("/v1/status-lists", uri=uri)["statusLists"]:
        return f"/v1/status-lists/{one['id']}"
    raise ApiProblem(f"the ledger knows no list {uri}")


def _condition(one: dict[str, Any]) -> str:
    if one["closed"]:
        return "closed"
    if not one["intact"]:
        return "DAMAGED"
    return "LEFT BEHIND: goodstanding list continue" if one["leftBehind"] else "intact"


def _counted(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"


def _text_of(register: Path) -> str:
    try:
        return register.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise fail(f"cannot read {register}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise fail(f"cannot read {register}: not UTF-8") from error
