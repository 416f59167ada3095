"""The independent verifiers on Node, a process for each folder of packages, answering round by round."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from node.did import key
from node.verification.proofs.contexts import Contexts
from scripts.bench.cases import BAZAAR, CREDENTIALS, DID_JWT_VC, JOSE, SD_JWT_JS, Case, did_key, fixture
from tests.interop.peers import FOLDER, PeersMissing, node_command

INTEROP = (FOLDER, (BAZAAR, JOSE, SD_JWT_JS))
OTHERS = (Path(__file__).parent / "peers", (CREDENTIALS, DID_JWT_VC, "@digitalbazaar/vc-bitstring-status-list"))


class NodePeers:
    """Measures what packages in one folder can do of `cases`. Raises PeersMissing."""

    def __init__(
        self,
        where: tuple[Path, Sequence[str]],
        cases: Sequence[Case],
        others: Mapping[tuple[str, str], tuple[Any, Any]] | None = None,
    ) -> None:
        """`others`: questions of another kind, genuine and not, by case and package."""
        folder, packages = where
        if not (folder / "node_modules").is_dir():
            raise PeersMissing(f"{folder.name}/node_modules is absent: run npm ci --ignore-scripts there")
        self.versions = {name: _version(folder, name) for name in packages}
        self._process = subprocess.Popen(
            [node_command(), str(folder / "bench.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        asked = {
            (case.name, peer): case.peers[peer] for case in cases for peer in packages if peer in case.peers
        }
        questions = {
            _name(at): {"genuine": {"peer": at[1], **genuine}, "tampered": {"peer": at[1], **tampered}}
            for at, (genuine, tampered) in (asked | dict(others or {})).items()
        }
        found = self._ask({"setting": _setting(), "cases": questions})
        self.faults: dict[tuple[str, str], str] = {at: found[_name(at)] for at in (*asked, *(others or ()))}

    def timed(self, case: str, peer: str, seconds: float) -> list[float]:
        """Microseconds of each call in a round."""
        durations: list[float] = self._ask({"name": _name((case, peer)), "seconds": seconds})
        return durations

    def _ask(self, request: Any) -> Any:
        streams = self._process.stdin, self._process.stdout
        assert streams[0] is not None and streams[1] is not None  # noqa: S101 - both are pipes
        line = b""
        with contextlib.suppress(BrokenPipeError):
            streams[0].write(json.dumps(request).encode() + b"\n")
            streams[0].flush()
            line = streams[1].readline()
        if not line:
            raise RuntimeError("the independent verifiers ended early: are their packages those of the lock?")
        return json.loads(line)

    def __enter__(self) -> NodePeers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()


def _setting() -> dict[str, Any]:
    """The documents they may look up."""
    board = fixture("did-board.json")
    dids = [value["did"] for value in fixture("keys.json").values() if isinstance(value, dict)]
    computed = {did for did in dids if did.startswith("did:key:")} | {did_key("board"), did_key("boardP256")}
    contexts = Contexts()
    return {
        "didDocuments": {board["id"]: board}
        | {did: dict(key.document_of(did, did.removeprefix("did:key:")).document) for did in computed},
        "contexts": {url: contexts.document(url) for url in contexts.urls()},
    }


def _name(at: tuple[str, str]) -> str:
    return " by ".join(at)


def _version(folder: Path, package: str) -> str:
    found: str = json.loads((folder / "node_modules" / package / "package.json").read_text())["version"]
    return found
