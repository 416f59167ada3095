"""`goodstanding credential`: issuing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import orjson
import typer

from node.cli.asking import asking
from node.cli.commands.verify import read_document
from node.cli.output import JsonFlag, KeyOption, NodeOption, fail

app = typer.Typer(no_args_is_help=True)
_ENVELOPE = "data:application/vc+jwt,"


@app.callback()
def _group() -> None:
    """Issuing."""


@app.command()
def issue(
    file: Annotated[Path, typer.Argument(help="An unsigned credential; - reads standard input.")],
    mechanism: Annotated[
        str, typer.Option(help="eddsa-rdfc-2022, eddsa-jcs-2022 or vc+jwt.")
    ] = "eddsa-rdfc-2022",
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Sign a credential as this node's own DID and print it: a vc+jwt as a JWT, or enveloped with --json."""
    credential = read_document(file)
    if not isinstance(credential, dict):
        raise fail(f"{file} is not a credential", as_json)
    with asking(node, api_key, as_json) as client:
        body = {"credential": credential, "options": {"mechanism": mechanism}}
        secured = client.post("/credentials/issue", body)["verifiableCredential"]
    envelope = secured.get("id", "")
    if not as_json and isinstance(envelope, str) and envelope.startswith(_ENVELOPE):
        print(envelope.removeprefix(_ENVELOPE))
    else:
        print(orjson.dumps(secured, option=orjson.OPT_INDENT_2).decode())
