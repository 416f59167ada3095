"""How a command answers: lines for a person, or with `--json` one JSON value for a program."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
import typer

JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON value instead of text.")]
NodeOption = Annotated[
    str | None,
    typer.Option("--node", envvar="GOODSTANDING_NODE", help="The node to ask, e.g. http://127.0.0.1:8700."),
]
KeyOption = Annotated[
    str | None,
    typer.Option("--api-key", envvar="GOODSTANDING_API_KEY", help="Needed by whatever changes something."),
]
AtOption = Annotated[
    str | None, typer.Option("--at", help="What held then: 2026-03-03T00:00:00Z, or a block number.")
]
KnownAtOption = Annotated[
    str | None, typer.Option("--known-at", help="By what was recorded by then: a time, or a block number.")
]


def emit(value: Any, as_json: bool, lines: Iterable[str]) -> None:
    """Print the value as JSON, or the lines."""
    if as_json:
        print(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())
    else:
        for line in lines:
            print(line)


def fail(message: str, as_json: bool = False, body: dict[str, Any] | None = None, code: int = 2) -> typer.Exit:
    """Say what went wrong on standard error; the caller raises what this returns."""
    if as_json:
        print(orjson.dumps(body or {"title": message}).decode(), file=sys.stderr)
    else:
        print(f"error: {message}", file=sys.stderr)
    return typer.Exit(code)


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns as wide as their widest cell, two spaces apart."""
    if not rows:
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def moment(unix_seconds: float | None) -> str:
    """A time as people in several places can agree on it."""
    if unix_seconds is None:
        return "never"
    return datetime.fromtimestamp(unix_seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
