"""`make demo` is the promise on the first page: it is run here as a newcomer runs it, twice."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest


def demo(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "node.cli.main", "demo", "--folder", str(folder), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)


@pytest.fixture
def folder(anvil_binary: Path, tmp_path: Path) -> Path:
    return tmp_path / "demo"


@pytest.mark.timeout(400)
def test_the_whole_story_twice_with_the_ports_taken(folder: Path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8700))
            taken.listen()
        except OSError:
            pass  # taken by somebody else: as good
        done = demo(folder, "--json")
        again = demo(folder)
    assert done.returncode == 0, done.stderr
    steps = {one["step"]: one for one in json.loads(done.stdout)["steps"]}
    assert "Revoked by the issuer" in steps["hospital's next verdict: not valid"]["remark"]
    assert "employee-4711" in steps["the alert arrived by webhook, unasked"]["remark"]
    assert steps["    skill: Vertical fillet welding (3F)"]["remark"] == "Expert"
    assert again.returncode == 0, again.stderr
    *told, blank, last = again.stdout.splitlines()
    assert any("next verdict: not valid" in line and "Revoked by the issuer" in line for line in told)
    assert blank == "" and last.startswith("All of it in ")


def test_a_folder_with_something_else_in_it_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")
    done = demo(folder)
    assert done.returncode == 2
    assert "something else" in done.stderr
    assert (folder / "thesis.txt").read_text() == "years of work"
