"""The independent verifiers, in one Node process that answers round by round."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from scripts.bench.cases import Case, fixture
from tests.interop.peers import FOLDER, node_command

PACKAGES = ("@digitalbazaar/vc", "jose")


class Peer:
    """Measures `cases` in a child process. Raises PeersMissing where it cannot be started."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._process = subprocess.Popen(
            [node_command(), str(FOLDER / "bench.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        board = fixture("did-board.json")
        questions = {
            case.name: {"genuine": case.question, "tampered": case.tampered_question} for case in cases
        }
        self.faults: dict[str, str] = self._ask({"didDocuments": {board["id"]: board}, "cases": questions})

    @property
    def versions(self) -> dict[str, str]:
        """What is compared with: package name -> version."""
        return {
            name: json.loads((FOLDER / "node_modules" / name / "package.json").read_text())["version"]
            for name in PACKAGES
        }

    def timed(self, name: str, seconds: float) -> list[float]:
        """Microseconds of each call in a round."""
        durations: list[float] = self._ask({"name": name, "seconds": seconds})
        return durations

    def _ask(self, request: Any) -> Any:
        streams = self._process.stdin, self._process.stdout
        assert streams[0] is not None and streams[1] is not None  # noqa: S101 - both are pipes
        streams[0].write(json.dumps(request).encode() + b"\n")
        streams[0].flush()
        line = streams[1].readline()
        if not line:
            raise RuntimeError("the independent verifier ended early")
        return json.loads(line)

    def __enter__(self) -> Peer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()
