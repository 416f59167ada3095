"""Somebody who types what the README says, command by command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PATIENCE = 60  # seconds that one command may take


def commands(section: str) -> list[str]:
    """Those of the section's shell blocks; a line that ends in a backslash goes on in the next."""
    (text,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in re.sub(r"\\\n\s*", "", block).splitlines() if line.strip()]


class Newcomer:
    """At a terminal, in a folder of their own that has the examples in it."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        (folder / "docs").symlink_to(ROOT / "docs")
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("GOODSTANDING_")}
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self._folder = folder
        self._environment = inherited | {"PATH": path} | dict(environment)
        self._terminal: list[str] = []  # what holds for the commands after it

    def as_typed(self, command: str) -> str:
        """With what no README can know put in."""
        return command

    def types(self, command: str) -> subprocess.CompletedProcess[str]:
        command = self.as_typed(command)
        typed = "\n".join([*self._terminal, command])
        if command.startswith(("export ", ". ")):
            self._terminal.append(command)
        return subprocess.run(
            typed,
            shell=True,
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
