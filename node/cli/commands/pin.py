"""`goodstanding pin`: a context, a schema or the description of a type, vouched for by this node's operator."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from node.cli.output import JsonFlag, emit, fail


class Kind(StrEnum):
    """What credentials refer to."""

    CONTEXT = "context"
    SCHEMA = "schema"
    TYPE = "type"


def pin(
    kind: Annotated[Kind, typer.Argument()],
    address: Annotated[str, typer.Argument(help="As credentials name it, e.g. https://board.example/v1.")],
    file: Annotated[Path, typer.Argument(help="The file, as it is published there.")],
    sha256: Annotated[str | None, typer.Option(help="What its SHA-256 must be, if you were told.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Pin a file that gives credentials their meaning, in the folder that the settings name for its kind."""
    from node.errors import NotConfigured
    from node.pinned_files import MAX_BYTES, pin, read_pinned
    from node.settings import read_settings
    from node.verification.proofs.contexts import Contexts
    from node.verification.schema_registry import SchemaRegistry

    try:
        settings = read_settings()
        folder = getattr(settings, f"{kind}s_dir")
        if folder is None:
            raise NotConfigured(f"in which folder? set GOODSTANDING_{kind.upper()}S_DIR, for the node too")
        with file.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
        digest = hashlib.sha256(raw).hexdigest()
        if len(raw) > MAX_BYTES:
            raise NotConfigured(f"{file} is larger than {MAX_BYTES} bytes")
        if sha256 is not None and sha256.lower() != digest:
            raise NotConfigured(f"{file} is not that file: its SHA-256 is {digest}")
        together = {**(read_pinned(folder) if (folder / "index.json").exists() else {}), address: raw}
        if kind is Kind.CONTEXT:
            Contexts(together)
        elif kind is Kind.SCHEMA:
            SchemaRegistry(together)
        place = pin(folder, address, raw)
    except (NotConfigured, ValueError) as error:  # SchemaUnusable, and what is no context, are ValueErrors
        raise fail(str(error), as_json) from error
    except OSError as error:
        raise fail(f"cannot read {file}: {error.strerror}", as_json) from error
    shown = {"address": address, "file": str(place), "sha256": digest}
    emit(
        shown, as_json, [f"pinned {address}", f"  {place}", f"  SHA-256 {digest}", "restart the node to use it"]
    )
