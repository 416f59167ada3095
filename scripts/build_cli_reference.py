"""Writes docs/cli.md: every command's own help, so that the page cannot say anything else.

python -m scripts.build_cli_reference [--check]
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import typer
from typer.core import TyperGroup
from typer.main import get_command

from node.cli.main import app

PAGE = Path(__file__).parent.parent / "docs" / "cli.md"
WIDTH = 100
HEADER = """# The command line

Written from the program's own help by `python -m scripts.build_cli_reference`.
"""


def sections(command: typer.core.TyperCommand | TyperGroup, path: str) -> Iterator[str]:
    """A section for the command, then those below it."""
    context = typer.Context(command, info_name=path, terminal_width=WIDTH, max_content_width=WIDTH)
    yield f"## {path}\n\n```text\n{command.get_help(context).strip()}\n```\n"
    if isinstance(command, TyperGroup):
        for name, below in command.commands.items():
            yield from sections(below, f"{path} {name}")


def page() -> str:
    return "\n".join([HEADER, *sections(get_command(app), "goodstanding")])


def main() -> int:
    """Write the page, or with --check compare it. Environment variables must not show in it."""
    for name in [name for name in os.environ if name.startswith("GOODSTANDING_")]:
        del os.environ[name]
    os.environ["COLUMNS"] = str(WIDTH)
    made = page()
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text() != made:
            print(f"{PAGE.name} is not what the program says: run python -m scripts.build_cli_reference")
            return 1
        return 0
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
