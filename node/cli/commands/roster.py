"""`goodstanding roster` and `goodstanding alerts`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from node.cli.asking import asking
from node.cli.commands.verify import read_document
from node.cli.output import JsonFlag, KeyOption, NodeOption, emit, table

app = typer.Typer(no_args_is_help=True)


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="A credential; - reads standard input.")],
    reference: Annotated[str, typer.Option(help="Your own identifier of the person.")],
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Rely on a credential: it is verified, kept encrypted, and watched from now on."""
    with asking(node, api_key, as_json) as client:
        body = {"credential": read_document(file), "reference": reference}
        one = client.post("/v1/enrolments", body)
    emit(
        one,
        as_json,
        [f"{one['reference']}: {one['decision']}, watched since {one['enrolledAt']} ({one['id']})"],
    )


@app.command(name="list")
def list_enrolments(
    node: NodeOption = None,
    api_key: KeyOption = None,
    reference: Annotated[str | None, typer.Option(help="Of this person only.")] = None,
    after: Annotated[str, typer.Option(help="Id of the last one seen: those after it.")] = "",
    as_json: JsonFlag = False,
) -> None:
    """The credentials relied on."""
    with asking(node, api_key, as_json) as client:
        found = list(client.pages("/v1/enrolments", "enrolments", after=after, reference=reference))
    rows = [
        [one["reference"], one["decision"], one["issuer"], one["validUntil"] or "no end", one["id"]]
        for one in found
    ]
    emit(found, as_json, table(rows) or ["nobody is enrolled"])


def alerts(
    node: NodeOption = None,
    api_key: KeyOption = None,
    after: Annotated[int, typer.Option(help="Id of the last one seen: those after it.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """What has changed about the credentials relied on."""
    with asking(node, api_key, as_json) as client:
        found = list(client.pages("/v1/alerts", "alerts", after=after))
    rows = [
        [
            str(one["id"]),
            one["createdAt"],
            one["reference"],
            f"{one['previousDecision']} → {one['decision']}",
            one["detail"],
        ]
        for one in found
    ]
    emit(found, as_json, table(rows) or ["no alerts"])
