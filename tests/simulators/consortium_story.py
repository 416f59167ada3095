"""The README's "A consortium on one machine", typed as it stands there while a devnet runs."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from node.cli.client import ApiProblem, NodeClient
from node.cli.commands.keys import addresses_in
from node.cli.demo.processes import wait_until
from tests.simulators.newcomer import Newcomer, commands

SECTION = "A consortium on one machine"
STARTING, STOPPING, ARRIVING = 180, 60, 60  # seconds
VALIDATORS = " --validators .devnet/validators.json"


class ConsortiumStory(Newcomer):
    """`sealed`: on geth, whose blocks bear seals; else on the embedded ledger."""

    def __init__(self, folder: Path, *, sealed: bool) -> None:
        super().__init__(folder, {})
        self._devnet = folder / ".devnet"
        self._sealed = sealed
        self._proposal = ""

    def as_typed(self, command: str) -> str:
        """The addresses, the number of what is pending; and no seals are asked for where there are none."""
        if "0x…" in command:
            for name, address in addresses_in(self._devnet / "board").items():
                command = command.replace(f"--{name} 0x…", f"--{name} {address}")
            command = command.replace("0x…", self._proposal)
        return command if self._sealed else command.replace(VALIDATORS, "")

    def play(self) -> None:
        """From the first command of the section to the last. Raises AssertionError where it is not so."""
        started, *typed = commands(SECTION)
        assert started.startswith("make devnet ")
        with self._running():
            answers = [(command, self._answer(command, 0)) for command in typed[:-1]]
            revoked = self._answer(typed[-1], 1)
        assert len(answers) >= 11
        told = {part: next(answer for command, answer in answers if part in command) for part in _EXPECTED}
        for part, expected in _EXPECTED.items():
            assert expected in told[part], f"{part}\n{told[part]}"
        assert ("of 4 validators" in told["receipt verify"]) == self._sealed
        assert revoked.startswith("NOT VALID")

    def _answer(self, command: str, status: int) -> str:
        """Of one command, when every node has the block it was done in."""
        result = self.types(command)
        if "receipt verify" in command and not self._sealed:
            status = 3  # nobody but the node stands for the block
        assert result.returncode == status, f"{command}\n{result.stdout}{result.stderr}"
        if "council list" in command:
            self._proposal = result.stdout.split()[0]
        done = re.search(r"^done: .* block (\d+)", result.stdout, re.MULTILINE)
        if done:
            block = int(done[1])
            wait_until(f"block {block} is everywhere", lambda: self._reached(block), [], ARRIVING)
        return result.stdout

    def _reached(self, block: int) -> bool:
        written = (self._devnet / "organisations.sh").read_text()
        urls = re.findall(r"GOODSTANDING_NODE=(\S+)", written)
        assert len(urls) == 3
        for url in urls:
            with contextlib.closing(NodeClient(url)) as client:
                try:
                    if client.get("/v1/ledger")["replicatedTo"] < block:
                        return False
                except ApiProblem:
                    return False
        return True

    @contextlib.contextmanager
    def _running(self) -> Iterator[None]:
        """What `make devnet` runs; stopped as Ctrl-C would."""
        command = [sys.executable, "-m", "scripts.devnet", "--folder", str(self._devnet)]
        log = self._devnet.with_suffix(".log")
        with log.open("wb") as written:
            child = subprocess.Popen(
                command if self._sealed else [*command, "--embedded"],
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_until(
                "the devnet runs",
                lambda: b"is running" in log.read_bytes() or child.poll() is not None,
                [],
                STARTING,
            )
            assert child.poll() is None, log.read_text()
            yield
        finally:
            child.terminate()
            child.wait(STOPPING)


_EXPECTED = {
    "keys show": "operator",
    "issuer accredit": "is open: 1 of 2 approvals",
    "council list": "accredit did:web:board.example",
    "council approve": "done: ",
    "did pin": "done: ",
    "verify licence.json": "IN GOOD STANDING",
    "receipt verify": "Recomputed from the ledger's proof it is the same",
    "--revoke 4711": "done: ",
}
