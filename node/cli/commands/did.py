"""`goodstanding did` and `goodstanding resolve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import orjson
import typer

from node.cli.asking import asking, publish
from node.cli.commands.verify import read_document
from node.cli.output import JsonFlag, KeyOption, NodeOption, emit, fail
from node.did.url import written

app = typer.Typer(no_args_is_help=True)


@app.command()
def pin(
    document: Annotated[
        Path | None, typer.Argument(help="JSON file; none: the document made from this node's own keys.")
    ] = None,
    did: Annotated[str | None, typer.Option(help="Whose; none: this node's own.")] = None,
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Pin the next version of a DID document on the ledger (by the issuer's admin key)."""
    body: dict[str, Any] = {}
    if did:
        body["did"] = did
    if document:
        content = read_document(document)
        if not isinstance(content, dict):
            raise fail(f"{document} is not a DID document")
        body |= {"document": content, "did": did or content.get("id")}
    with asking(node, api_key, as_json) as client:
        publish(client, "/v1/dids", body, f"pinning {body.get('did') or 'our own DID document'}", as_json)


@app.command()
def schema(
    file: Annotated[
        Path | None, typer.Argument(help="A JSON Schema, or a credential that vouches for one.")
    ] = None,
    address: Annotated[
        str | None, typer.Option("--id", help="What credentials name it with; none: its own `$id` or `id`.")
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the one of that --id away.")] = False,
    did: Annotated[str | None, typer.Option(help="Whose; none: this node's own.")] = None,
    node: NodeOption = None,
    api_key: KeyOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Anchor a schema on the ledger, in the issuer's DID document (by its admin key): nobody fetches it."""
    if (file is None) is not withdraw:
        raise fail("give either a schema's file, or --withdraw and --id")
    content = read_document(file) if file is not None else None
    if address is None and isinstance(content, dict):
        address = next((one for name in ("$id", "id") if isinstance(one := content.get(name), str)), None)
    if address is None:
        raise fail("under which address? --id https://…")
    body = {"id": address, "schema": content, **({"did": did} if did else {})}
    with asking(node, api_key, as_json) as client:
        what = f"{'withdrawing' if withdraw else 'anchoring'} {address}"
        publish(client, "/v1/dids/schemas", body, what, as_json)


def resolve(
    did: Annotated[str, typer.Argument(metavar="DID_URL")],
    version_id: Annotated[str | None, typer.Option(help="The version of that id.")] = None,
    version_time: Annotated[
        str | None, typer.Option(help="The version in force then, e.g. 2026-03-01T00:00:00Z.")
    ] = None,
    node: NodeOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Resolve a DID: pinned on the ledger, computed, or from elsewhere. A fragment shows that part alone."""
    did_url, hash_, fragment = did.partition("#")
    asked = written(did_url, versionId=version_id, versionTime=version_time) + hash_ + fragment
    with asking(node, None, as_json) as client:
        found = client.get(f"/1.0/identifiers/{quote(asked, safe=':')}")
    if "contentStream" in found:
        content, metadata = found["contentStream"], found.get("contentMetadata") or {}
    else:
        content, metadata = found["didDocument"], found.get("didDocumentMetadata") or {}
    shown = content if isinstance(content, str) else orjson.dumps(content, option=orjson.OPT_INDENT_2).decode()
    emit(found, as_json, [*shown.split("\n"), *(f"{name}: {value}" for name, value in metadata.items())])
