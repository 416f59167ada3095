"""Asks the independent implementations in this folder: signs and verifies with them, as child processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


class PeersMissing(RuntimeError):
    """Node or the packages are not installed. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an independent verifier said."""

    accepted: bool
    error: str


def node_command() -> str:
    """The node program: beside this Python, else on PATH. Raises PeersMissing."""
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = shutil.which("node", path=search)
    if found is None:
        raise PeersMissing("no node program on PATH")
    if not (FOLDER / "node_modules").is_dir():
        raise PeersMissing("tests/interop/node_modules is absent: run npm ci --ignore-scripts there")
    return found


def ask(module: str, request: Any, *, timeout: float = 120) -> Any:
    """Run one module of this folder: `request` as JSON on its stdin, its stdout read as JSON."""
    done = subprocess.run(
        [node_command(), str(FOLDER / module)],
        input=json.dumps(request).encode(),
        capture_output=True,
        timeout=timeout,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{module}: {done.stderr.decode(errors='replace').strip()}")
    return json.loads(done.stdout)


def sign(requests: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Signed documents (dicts) or compact JWS (strings), in the order asked. See sign.mjs."""
    signed: list[Any] = ask("sign.mjs", list(requests))
    return signed


def verify(questions: Sequence[Mapping[str, Any]], did_documents: Mapping[str, Any]) -> list[Answer]:
    """One answer for each question. See verification.mjs."""
    answers = ask("verify.mjs", {"questions": list(questions), "didDocuments": dict(did_documents)})
    return [Answer(**answer) for answer in answers]
