"""The README's commands, one after the other as they stand there, on real nodes: what it says is so."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from node.cli.commands.keys import addresses_in
from node.settings import Settings
from registry.free_ports import free_port
from tests.simulators.consortium_story import ConsortiumStory
from tests.simulators.newcomer import README, ROOT, Newcomer, commands
from tests.simulators.real_node import serving

ADDRESS = "http://127.0.0.1:8700"  # as the README and its examples have it


class AtOneNode(Newcomer):
    """With a node of their own."""

    def __init__(self, folder: Path, data: Path, url: str) -> None:
        super().__init__(folder, {"GOODSTANDING_NODE": url, "GOODSTANDING_DATA_DIR": str(data)})
        self._url = url
        self._addresses = addresses_in(data)

    def as_typed(self, command: str) -> str:
        """The one thing no README can know is put in: the addresses; and this test's own port."""
        for name, address in self._addresses.items():
            command = command.replace(f"--{name} 0x…", f"--{name} {address}")
        return command.replace(ADDRESS, self._url) if command.startswith("curl") else command


@pytest.fixture(scope="module")
def newcomer(anvil_binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newcomer]:
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine")
    folder, data, port = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("data"), free_port()
    settings = {
        "GOODSTANDING_DATA_DIR": str(data),
        "GOODSTANDING_ISSUER_DID": "did:web:board.example",
        "GOODSTANDING_PUBLIC_URL": ADDRESS,
        "GOODSTANDING_PORT": str(port),
    }
    url = f"http://127.0.0.1:{port}"
    with serving(settings, data / "node.log", url):
        yield AtOneNode(folder, data, url)


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
    assert "anchored by its issuer" in answer_to("/v1/verifications")
    assert "employee-815" in answer_to("goodstanding alerts")
    assert answers[-1][1].startswith("NOT VALID")


@pytest.mark.timeout(300)
def test_the_readme_s_consortium(anvil_binary: Path, tmp_path: Path) -> None:
    ConsortiumStory(tmp_path, sealed=False).play()


def test_what_the_readme_sets_and_links_to_exists() -> None:
    known = {f"GOODSTANDING_{name.upper()}" for name in Settings.model_fields} | {"GOODSTANDING_NODE"}
    assert set(re.findall(r"GOODSTANDING_[A-Z_0-9]+", README)) <= known
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
    targets = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
