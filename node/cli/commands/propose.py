"""`goodstanding council propose`: what only the council can do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from node.cli.asking import asking, publish
from node.cli.output import JsonFlag, KeyOption, NodeOption, fail

app = typer.Typer(no_args_is_help=True)


@app.command()
def members(
    governor: Annotated[list[str], typer.Option(help="Address of each governor from then on.")],
    quorum: Annotated[int, typer.Option(help="How many of them decide: a majority at least.")],
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Other members, another quorum. Voids what is pending."""
    body = {"members": {"governors": governor, "quorum": quorum}}
    what = f"proposing that {quorum} of {len(governor)} governors decide: {', '.join(governor)}"
    _propose(body, what, node, api_key, as_json)


@app.command()
def rule(
    contract: Annotated[str, typer.Argument(help="A name, e.g. IssuerRegistry, or an address.")],
    function: Annotated[
        str | None, typer.Option(help="e.g. 'suspend(uint32,string)'; none: all of its functions.")
    ] = None,
    quorum: Annotated[int, typer.Option(help="Approvals; 0: the council's quorum.")] = 0,
    delay: Annotated[int, typer.Option(help="Seconds to wait once it is approved.")] = 0,
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """What a call needs from then on. Voids what is pending."""
    body = {"rule": {"contract": contract, "function": function, "quorum": quorum, "delay": delay}}
    needed = f"{quorum} approvals" if quorum else "the quorum"
    what = f"proposing that {contract}, {function or 'all functions'}, needs {needed} and waits {delay} s"
    _propose(body, what, node, api_key, as_json)


@app.command()
def contract(
    name: Annotated[str, typer.Argument(help="e.g. StatusRegistry")],
    address: Annotated[str, typer.Argument(help="Where its successor is.")],
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """A contract's successor, which every node then follows."""
    body = {"contract": {"name": name, "address": address}}
    _propose(body, f"proposing that {name} is at {address} from then on", node, api_key, as_json)


@app.command()
def admin(
    did: Annotated[str, typer.Argument(metavar="DID")],
    address: Annotated[str, typer.Argument(help="Its new cold key.")],
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """A new admin key for an issuer that lost its own."""
    body = {"admin": {"did": did, "admin": address}}
    _propose(body, f"proposing {address} as the admin key of {did}", node, api_key, as_json)


@app.command()
def revoke(
    uri: Annotated[str, typer.Option("--list", metavar="URI", help="Address of the revocation list.")],
    entry: Annotated[list[int], typer.Option(help="An entry to revoke; may be given several times.")],
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """An emergency revocation: where the issuer cannot or will not revoke."""
    body = {"revoke": {"uri": uri, "entries": entry}}
    what = f"proposing to revoke in an emergency {', '.join(map(str, entry[:10]))}"
    _propose(body, f"{what}{', …' if len(entry) > 10 else ''} of {uri}", node, api_key, as_json)


@app.command()
def call(
    target: Annotated[str, typer.Argument(help="Address of the contract.")],
    data: Annotated[str, typer.Argument(help="Call data, 0x…, or @FILE that holds it.")],
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Any call."""
    given = _text_of(Path(data[1:])) if data.startswith("@") else data
    body = {"call": {"target": target, "data": given}}
    _propose(body, f"proposing a call of {target} with {given[:74]}", node, api_key, as_json)


def _text_of(file: Path) -> str:
    try:
        return file.read_text().strip()
    except OSError as error:
        raise fail(f"cannot read {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise fail(f"{file} is no call data: not a text") from error


def _propose(body: dict[str, Any], what: str, node: str | None, key: str | None, as_json: bool) -> None:
    with asking(node, key, as_json) as client:
        publish(client, "/v1/proposals", body, what, as_json)
