"""How a command answers: lines for a person, or with `--json` one JSON value for a program."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TextIO

import orjson
import typer

from node.verification.plain_text import JOINERS

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
        emit_json(value)
    else:
        say(*lines)


def emit_json(value: Any) -> None:
    """Print the value as JSON, which is UTF-8 (RFC 8259 §8.1) whatever the terminal's own encoding."""
    with _writing() as stdout:
        stdout.flush()
        stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def say(*lines: str) -> None:
    """Print the lines, at once."""
    with _writing() as stdout:
        stdout.writelines(f"{one_line(line)}\n" for line in lines)


def settle_streams() -> None:
    """Before a command: what is closed is nowhere, and what a terminal's encoding lacks shows by its number."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - as long as we run
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def one_line(text: str) -> str:
    """Names and reasons are other people's: none may begin a line of its own or move what is on the screen."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in JOINERS else repr(c)[1:-1] for c in text)


@contextmanager
def _writing() -> Iterator[TextIO]:
    """Standard output. Whoever stops reading it has read enough: the exit status stays what it is. Exits where
    it cannot be written to, never with 1, which a script takes for "reject"."""
    stdout = sys.stdout
    try:
        yield stdout
        stdout.flush()
    except OSError as error:
        # What is still buffered goes nowhere, or the interpreter would try again as it ends.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stdout.fileno())
        os.close(nowhere)
        if not isinstance(error, BrokenPipeError):
            raise fail(f"cannot write to standard output: {error.strerror}") from error


def fail(message: str, as_json: bool = False, body: dict[str, Any] | None = None, code: int = 2) -> typer.Exit:
    """Say what went wrong on standard error; the caller raises what this returns."""
    if as_json:
        print(orjson.dumps(body or {"title": message}).decode(), file=sys.stderr)
    else:
        print(f"error: {one_line(message)}", file=sys.stderr)
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
