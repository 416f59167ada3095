"""The README's commands, one after the other as they stand there, on a real node: what it says is so."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from node.cli.client import ApiProblem, NodeClient
from node.cli.commands.keys import addresses_in
from node.cli.demo.processes import Process, free_port, wait_until
from node.settings import Settings
from registry.embedded.anvil import AnvilMissing, find_anvil

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8700"  # as the README and its examples have it
PATIENCE = 60  # seconds that one command may take


def commands(section: str) -> list[str]:
    """Those of the section's shell blocks; a line that ends in a backslash goes on in the next."""
    (text,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in re.sub(r"\\\n\s*", "", block).splitlines() if line.strip()]


class Newcomer:
    """Types what the README says, in a folder of their own."""

    def __init__(self, folder: Path, url: str, environment: dict[str, str]) -> None:
        self._folder = folder
        self._url = url
        self._environment = environment
        self._addresses = addresses_in(Path(environment["GOODSTANDING_DATA_DIR"]))

    def types(self, command: str) -> subprocess.CompletedProcess[str]:
        """The one thing no README can know is put in: the addresses; and this test's own port."""
        for name, address in self._addresses.items():
            command = command.replace(f"--{name} 0x…", f"--{name} {address}")
        if command.startswith("curl"):
            command = command.replace(ADDRESS, self._url)
        return subprocess.run(
            command,
            shell=True,
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newcomer]:
    try:
        find_anvil()
    except AnvilMissing as error:
        pytest.skip(str(error))
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine")
    folder, data, port = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("data"), free_port(0)
    (folder / "docs").symlink_to(ROOT / "docs")
    settings = {
        "GOODSTANDING_DATA_DIR": str(data),
        "GOODSTANDING_ISSUER_DID": "did:web:board.example",
        "GOODSTANDING_PUBLIC_URL": ADDRESS,
        "GOODSTANDING_PORT": str(port),
    }
    url = f"http://127.0.0.1:{port}"
    process = Process("the node", ["serve"], settings, data / "node.log")
    client = NodeClient(url)

    def ready() -> bool:
        try:
            return bool(client.get("/health/ready")["status"] == "ready")
        except ApiProblem:
            return False

    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    typed_in = {k: v for k, v in os.environ.items() if not k.startswith("GOODSTANDING_")}
    typed_in |= {"PATH": path, "GOODSTANDING_NODE": url, "GOODSTANDING_DATA_DIR": str(data)}
    try:
        process.start()
        wait_until("the node gets ready", ready, [process])
        yield Newcomer(folder, url, typed_in)
    finally:
        client.close()
        process.stop()


def test_the_readme_from_a_board_s_day_to_a_hospital_s(newcomer: Newcomer) -> None:
    typed = [*commands("A board's day"), *commands("Verify"), *commands("A hospital's day")]
    assert len(typed) >= 15
    answers: list[tuple[str, str]] = []
    for command in typed:
        result = newcomer.types(command)
        # the last verifies the licence just revoked: the exit status is the decision
        assert result.returncode == (command is typed[-1]), f"{command}\n{result.stdout}{result.stderr}"
        answers.append((command, result.stdout))

    def answer_to(part: str) -> str:
        return next(answer for command, answer in answers if part in command)

    assert answer_to("verify licence.json").startswith("IN GOOD STANDING")
    assert json.loads(answer_to("/v1/verifications"))["verified"] is True
    assert json.loads(answer_to("/credentials/verify"))["verified"] is True
    assert "employee-815" in answer_to("goodstanding alerts")
    assert answers[-1][1].startswith("NOT VALID")


def test_what_the_readme_sets_and_links_to_exists() -> None:
    known = {f"GOODSTANDING_{name.upper()}" for name in Settings.model_fields} | {"GOODSTANDING_NODE"}
    assert set(re.findall(r"GOODSTANDING_[A-Z_0-9]+", README)) <= known
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
    targets = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
