"""The embedded ledger as a process of its own, to be killed."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

from registry.network_file import NetworkFile
from registry.publisher.signer import LocalSigner

STARTING = 60.0  # seconds


class EmbeddedProcess:
    """`python -m registry.embedded` on a state directory; always ended with `kill` or `terminate`."""

    def __init__(self, state_dir: Path, *options: str, port: int = 0) -> None:
        self.state_dir = state_dir
        command = [sys.executable, "-m", "registry.embedded", "--state", str(state_dir), "--port", str(port)]
        self.log = state_dir.with_suffix(".log")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=log)
        assert self.process.stdout
        watchdog = threading.Timer(STARTING, self.process.kill)
        watchdog.start()
        line = self.process.stdout.readline()
        watchdog.cancel()
        if not line:
            self.kill()
            raise RuntimeError(f"no embedded ledger: {self.log.read_text()[-2000:]}")
        ready = json.loads(line)
        self.url, self.ws_url = ready["url"], ready["ws"]
        self.network = NetworkFile.load(Path(ready["networkFile"]))
        self.governor = LocalSigner(bytes.fromhex((state_dir / "governor.key").read_text()))

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def anvil_pid(self) -> int:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        assert len(children) == 1
        return int(children[0])

    def kill(self) -> None:
        self.process.kill()
        self._ended()

    def terminate(self) -> int:
        """Its exit status."""
        self.process.terminate()
        return self._ended()

    def _ended(self) -> int:
        status = self.process.wait(30)
        if self.process.stdout:
            self.process.stdout.close()
        return status
