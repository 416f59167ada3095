"""One geth process: a signer or a follower. Started, stopped, killed by its own id, never by a name."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path
from typing import IO, Any

import httpx2

from registry.free_ports import free_port

STARTING, STOPPING = 60.0, 20.0  # seconds
_COMMON = (
    "--nodiscover",
    "--nat=none",
    "--netrestrict=127.0.0.0/8",
    "--ipcdisable",
    "--syncmode=full",
    "--gcmode=archive",
    "--cache=64",
    "--verbosity=2",
    "--http.api=eth,net,web3,admin,clique",
    "--ws.api=eth,net,web3",
    "--txpool.pricelimit=1",
)


class GethFailed(Exception):
    """A node that should run does not; the message holds the last lines it wrote."""


class GethNode:
    """`secret` of a signer; a follower has none."""

    def __init__(
        self, geth: Path, folder: Path, genesis: Path, *, chain_id: int, secret: bytes | None = None
    ) -> None:
        self.folder = folder
        self._geth = geth
        self._genesis = genesis
        self._chain_id = chain_id
        self._secret = secret
        self._child: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self.p2p_port, self.http_port = free_port(), free_port()
        self.ws_port, self._auth_port = free_port(), free_port()
        self._http = httpx2.Client(timeout=10, trust_env=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self.ws_port}"

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def prepare(self) -> None:
        """Write the first block, and a signer's key. Raises GethFailed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._run("init", str(self._genesis))
        if self._secret is not None:
            (self.folder / "password").write_text("devnet\n")
            key = self.folder / "signer.key"
            key.write_text(self._secret.hex())
            key.chmod(0o600)
            self._run("account", "import", "--lightkdf", f"--password={self.folder / 'password'}", str(key))

    def start(self) -> None:
        """Until it answers. Raises GethFailed."""
        self._log = (self.folder / "geth.log").open("ab")
        command = [str(self._geth), f"--datadir={self.folder}", *_COMMON]
        command += [
            f"--networkid={self._chain_id}",
            f"--port={self.p2p_port}",
            f"--authrpc.port={self._auth_port}",
        ]
        command += ["--http", f"--http.port={self.http_port}", "--ws", f"--ws.port={self.ws_port}"]
        if self._secret is not None:
            address = self.address()
            command += [
                "--mine",
                f"--miner.etherbase={address}",
                f"--unlock={address}",
                "--allow-insecure-unlock",
            ]
            command += [f"--password={self.folder / 'password'}", "--miner.gasprice=1"]
        self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)
        deadline = time.monotonic() + STARTING
        while not self._answers():
            if not self.running or time.monotonic() > deadline:
                lines = (self.folder / "geth.log").read_text(errors="replace").splitlines()[-5:]
                self.kill()
                raise GethFailed("\n".join(("geth did not start:", *lines)))
            time.sleep(0.05)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def ask(self, method: str, *params: Any) -> Any:
        """The result. Raises GethFailed."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        try:
            answer = self._http.post(self.url, json=body).json()
        except (httpx2.HTTPError, ValueError) as error:
            raise GethFailed(f"{method}: {type(error).__name__}") from error
        if "error" in answer:
            raise GethFailed(f"{method}: {answer['error']}")
        return answer["result"]

    def block(self) -> int:
        return int(self.ask("eth_blockNumber"), 16)

    def address(self) -> str:
        """Of a signer."""
        (kept,) = (self.folder / "keystore").iterdir()
        return "0x" + str(json.loads(kept.read_text())["address"])

    def enode(self) -> str:
        """By which others find it."""
        identity = self.ask("admin_nodeInfo")["enode"].split("@")[0]
        return f"{identity}@127.0.0.1:{self.p2p_port}?discport=0"

    def peers(self) -> int:
        return int(self.ask("net_peerCount"), 16)

    def close(self) -> None:
        """Stop it and give everything back."""
        self.stop()
        self._http.close()

    def _answers(self) -> bool:
        try:
            return self.block() >= 0
        except GethFailed:
            return False

    def _run(self, *arguments: str) -> None:
        command = [str(self._geth), f"--datadir={self.folder}", "--verbosity=1", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=STARTING, check=False)
        if done.returncode:
            raise GethFailed(f"geth {arguments[0]}: {done.stderr.strip()[-500:]}")

    def _end(self, how: signal.Signals) -> None:
        if self._child is not None and self._child.poll() is None:
            self._child.send_signal(how)
            try:
                self._child.wait(STOPPING)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        self._child = None
        if self._log is not None:
            self._log.close()
            self._log = None
