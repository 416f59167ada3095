"""`goodstanding credential`: issuing, and showing part of what was issued."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from node.cli.asking import asking
from node.cli.commands.verify import read_document
from node.cli.output import JsonFlag, KeyOption, NodeOption, emit_json, fail, say

app = typer.Typer(no_args_is_help=True)
_ENVELOPES = ("data:application/vc+jwt,", "data:application/dc+sd-jwt,")


@app.callback()
def _group() -> None:
    """Issuing credentials, and showing part of one."""


@app.command()
def issue(
    file: Annotated[Path, typer.Argument(help="An unsigned credential; - reads standard input.")],
    mechanism: Annotated[
        str,
        typer.Option(
            help="eddsa-rdfc-2022, eddsa-jcs-2022, ecdsa-rdfc-2019, ecdsa-jcs-2019, ecdsa-sd-2023, vc+jwt or "
            "dc+sd-jwt."
        ),
    ] = "eddsa-rdfc-2022",
    mandatory: Annotated[
        list[str] | None,
        typer.Option(
            help="ecdsa-sd-2023: JSON pointer to what its holder always shows, beside its type, issuer, "
            "dates and status; repeatable."
        ),
    ] = None,
    disclose: Annotated[
        list[str] | None,
        typer.Option(help="dc+sd-jwt: JSON pointer to a claim its holder may withhold; repeatable."),
    ] = None,
    holder: Annotated[
        str | None, typer.Option(help="dc+sd-jwt: the DID URL or the public JWK of its holder's key.")
    ] = None,
    decoys: Annotated[
        int,
        typer.Option(min=0, help="dc+sd-jwt: digests of nothing to add in each place."),
    ] = 0,
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Sign a credential as this node's own DID and print it: a JWT or SD-JWT bare, or enveloped with --json."""
    credential = read_document(file)
    if not isinstance(credential, dict):
        raise fail(f"{file} is not a credential", as_json)
    with asking(node, api_key, as_json) as client:
        options: dict[str, Any] = {"mechanism": mechanism}
        if disclose:
            options["disclose"] = disclose
        if decoys:
            options["decoys"] = decoys
        if mandatory:
            options["mandatoryPointers"] = mandatory
        if holder:
            options["holder"] = _holder(holder, as_json)
        body = {"credential": credential, "options": options}
        secured = client.post("/credentials/issue", body)["verifiableCredential"]
    envelope = secured.get("id", "")
    if not as_json and isinstance(envelope, str) and envelope.startswith(_ENVELOPES):
        say(envelope.partition(",")[2])
    else:
        emit_json(secured)


@app.command()
def derive(
    file: Annotated[Path, typer.Argument(help="A credential issued by ecdsa-sd-2023; - reads standard input.")],
    show: Annotated[
        list[str] | None,
        typer.Option(help="JSON pointer to what is shown beside what is mandatory; repeatable."),
    ] = None,
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Cut a credential down to what its holder shows, and print that."""
    credential = read_document(file)
    if not isinstance(credential, dict):
        raise fail(f"{file} is not a credential", as_json)
    body = {"verifiableCredential": credential, "options": {"selectivePointers": show or []}}
    with asking(node, api_key, as_json) as client:
        derived = client.post("/credentials/derive", body)["verifiableCredential"]
    emit_json(derived)


def _holder(text: str, as_json: bool) -> Any:
    """A DID URL, or a JWK. Exits where it is neither."""
    if text.startswith("did:"):
        return text
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise fail("the holder is neither a DID URL nor a JWK", as_json) from error
