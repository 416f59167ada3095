"""`goodstanding`: a thin face over a running node's HTTP API, and the commands that start one.

Exit status: 0 done (or: accept), 1 reject, 2 a mistake or a problem, 3 indeterminate (or: not final
yet), 4 review.
"""

from __future__ import annotations

import sys
import traceback

import typer

from node.cli.commands import (
    council,
    credential,
    did,
    issuer,
    keys,
    ledger,
    lists,
    pin,
    receipt,
    roster,
    run,
    verify,
)
from node.cli.demo.command import demo
from node.cli.output import settle_streams

app = typer.Typer(
    name="goodstanding",
    help="Is this licence in good standing? Verify, issue, publish, watch.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command()(demo)
app.command()(run.serve)
app.command()(verify.verify)
app.command()(pin.pin)
app.command()(did.resolve)
app.command()(roster.alerts)
app.add_typer(council.app, name="council", help="What the governors decide together.")
app.add_typer(issuer.app, name="issuer", help="Who is accredited to issue what.")
app.add_typer(did.app, name="did", help="DID documents pinned on the ledger.")
app.add_typer(lists.app, name="list", help="Status lists: create, publish, show.")
app.add_typer(credential.app, name="credential", help="Sign credentials as this node's own DID.")
app.add_typer(roster.app, name="roster", help="Credentials relied on, watched continuously.")
app.add_typer(ledger.app, name="ledger", help="The shared ledger and this node's copy of it.")
app.add_typer(receipt.app, name="receipt", help="Verdicts that can be proved later, offline.")
app.add_typer(keys.app, name="keys", help="This node's own keys.")


def run_app() -> None:
    """The console script."""
    settle_streams()
    try:
        app()
    except Exception:  # noqa: BLE001 - a fault of ours; Python's own exit status for it would read as "reject"
        traceback.print_exc()
        sys.exit(2)


if __name__ == "__main__":
    run_app()
