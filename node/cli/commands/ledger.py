"""`goodstanding ledger`: running the embedded one, and asking how our copy stands."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from node.cli.asking import asking
from node.cli.output import JsonFlag, KeyOption, NodeOption, emit, fail, say, table

app = typer.Typer(no_args_is_help=True)

REBUILD_POLL = 0.2  # seconds between looks at how far it is


@app.command()
def run(
    state: Annotated[Path, typer.Option(help="Folder that keeps the ledger.")] = Path("data/ledger"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="On 127.0.0.1; 0: any free one.")] = 0,
    heartbeat: Annotated[
        float, typer.Option(min=0.1, help="Seconds without a transaction until an empty block.")
    ] = 30.0,
) -> None:
    """Run the embedded ledger as a process of its own, until stopped. Prints one JSON line when ready."""
    import asyncio

    from node.observability import configure_logging
    from registry.embedded.__main__ import run as run_ledger
    from registry.embedded.errors import EmbeddedLedgerError

    configure_logging()
    try:
        asyncio.run(run_ledger(state, port, heartbeat))
    except (EmbeddedLedgerError, OSError) as error:
        raise fail(str(error), code=1) from error


@app.command()
def deploy(
    rpc: Annotated[str, typer.Option(help="Address of the ledger's RPC.")],
    deployer_key: Annotated[Path, typer.Option(help="Key file that pays; it has no part in what it deploys.")],
    governors: Annotated[str, typer.Option(help="Addresses of all governors, with commas between them.")],
    quorum: Annotated[int, typer.Option(help="How many of them decide: a majority at least.")],
    directory_delay: Annotated[
        int, typer.Option(help="Seconds from a decision until a contract is replaced by a successor.")
    ] = 0,
    finality: Annotated[str, typer.Option(help="instant, tag, or a number of confirmations.")] = "instant",
    out: Annotated[Path, typer.Option(help="The network file to write; never overwritten.")] = Path(
        "network.json"
    ),
    as_json: JsonFlag = False,
) -> None:
    """Put the contracts on a ledger, in the hands of a council, and write the network file. Done once."""
    from node.cli.founding import CannotFound, found

    if out.exists():
        raise fail(f"{out} exists: a network's file is written once", as_json)
    addresses = tuple(one.strip() for one in governors.split(","))
    try:
        network = found(rpc, deployer_key, addresses, quorum, directory_delay, finality)
        network.save(out)
    except CannotFound as error:
        raise fail(str(error), as_json) from error
    except OSError as error:
        raise fail(f"cannot write {out}: {error.strerror}", as_json) from error
    rows = [
        ["chain", str(network.chain_id)],
        ["council", f"{network.contracts.council}: {quorum} of {len(addresses)}"],
        ["network file", str(out)],
    ]
    emit({"networkFile": str(out), "council": network.contracts.council}, as_json, table(rows))


@app.command()
def status(node: NodeOption = None, as_json: JsonFlag = False) -> None:
    """How far this node's copy has come. Exit status 3 if it is halted, empty or damaged."""
    with asking(node, None, as_json) as client:
        found = client.get("/v1/ledger")
    head, address = found["head"], found["address"]
    rows = [
        ["head", f"block {head['block']}, {head['time']}" if head else "nothing replicated yet"],
        ["reaches", f"up to {found['age']} s ago" if found["age"] is not None else "nowhere yet"],
        ["address", f"{address['inUse']} of {address['of']}; another took over {address['failovers']} times"],
        ["issuers", str(found["issuers"])],
        ["status lists", str(found["statusLists"])],
        ["damaged lists", ", ".join(found["damagedLists"]) or "none"],
        ["halted", found["halted"] or "no"],
    ]
    emit(found, as_json, table(rows))
    if head is None or found["halted"] or found["damagedLists"]:
        raise typer.Exit(3)


@app.command()
def rebuild(node: NodeOption = None, api_key: KeyOption = None, as_json: JsonFlag = False) -> None:
    """Read everything from the ledger again; answers come from the old copy until it is done."""
    with asking(node, api_key, as_json) as client:
        client.post("/v1/ledger/rebuild")
        shown = None
        while True:
            time.sleep(REBUILD_POLL)
            found = client.get("/v1/ledger")
            if not found["rebuilding"]:
                break
            if not as_json and found["replicatedTo"] != shown:
                shown = found["replicatedTo"]
                say(f"rebuilding … block {shown or 0}")
    emit(found, as_json, [f"done: up to block {found['replicatedTo']}, {found['statusLists']} status lists"])


@app.command()
def audit(node: NodeOption = None, api_key: KeyOption = None, as_json: JsonFlag = False) -> None:
    """Recompute everything from the ledger's first block and compare. Exit status 1 if anything differs, or
    could not be compared. What the ledger proved is told apart from what it was merely asked for."""
    with asking(node, api_key, as_json) as client:
        report: dict[str, Any] = client.post("/v1/ledger/audit")
    compared = [
        [
            "up to",
            f"block {report['asOf']['block']}, {report['asOf']['time']}" if report["asOf"] else "nothing yet",
        ],
        *([name, str(report[name])] for name in ("events", "issuers", "documents")),
        ["status lists", str(report["statusLists"])],
        ["result", _result(report)],
    ]
    said = [
        f"{what}: {line}"
        for what, lines in (
            ("proven", report["proven"]),
            ("only asked", report["asked"]),
            ("could not be checked", report["unchecked"]),
        )
        for line in lines
    ]
    emit(report, as_json, [*table(compared), *report["differences"], *said])
    if not report["agrees"]:
        raise typer.Exit(1)


def _result(report: dict[str, Any]) -> str:
    if report["agrees"]:
        return "all agrees"
    count = len(report["differences"])
    return f"{count} differences" if count else "not all could be checked"
