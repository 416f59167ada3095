"""anvil as a child process that mines only when told and dies with us. It keeps nothing on the disk itself."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import sys
from pathlib import Path

from registry.chain.errors import LedgerError, LedgerUnavailable
from registry.chain.rpc import JsonRpc
from registry.embedded.errors import AnvilMissing, EmbeddedLedgerError
from registry.embedded.state import Genesis
from registry.free_ports import free_port

logger = logging.getLogger(__name__)

PATIENCE = 120.0  # seconds for one answer: a long dump, a block full of work
STARTING = 60.0  # seconds until it answers at all, a large snapshot included
MAX_DUMP = 4 * 2**30  # bytes
STATES_IN_MEMORY = 256  # blocks whose state `eth_call` can name; older blocks and all logs are kept as well

# Linux ends the child when we die, however we die. Elsewhere an orphan is harmless: all it holds is memory.
_DIE_WITH_PARENT = (
    "import ctypes, os, signal, sys\n"
    "if sys.platform == 'linux':\n"
    "    ctypes.CDLL(None).prctl(1, signal.SIGKILL)\n"  # PR_SET_PDEATHSIG
    "if os.getppid() == int(sys.argv[1]):\n"
    "    os.execv(sys.argv[2], sys.argv[2:])\n"
)


def find_anvil() -> Path:
    """$GOODSTANDING_ANVIL, the PATH, then where npm puts it in a checkout. Raises AnvilMissing."""
    if named := os.environ.get("GOODSTANDING_ANVIL"):
        if os.access(named, os.X_OK):
            return Path(named)
        raise AnvilMissing(f"GOODSTANDING_ANVIL names {named}, which is not a program")
    if on_path := shutil.which("anvil"):
        return Path(on_path)
    modules = Path(__file__).resolve().parents[2] / "contracts" / "node_modules" / "@foundry-rs"
    for found in sorted(modules.glob("anvil-*/bin/anvil")):
        if os.access(found, os.X_OK):
            return found
    raise AnvilMissing("no anvil: run `npm ci` in contracts/, or set GOODSTANDING_ANVIL to the program")


class Anvil:
    """A running anvil; `rpc` speaks to it."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process = process
        self.rpc = JsonRpc(f"http://127.0.0.1:{port}", timeout=PATIENCE, max_answer=MAX_DUMP)
        self.ws_url = f"ws://127.0.0.1:{port}"

    @classmethod
    async def start(cls, binary: Path, genesis: Genesis, snapshot: Path | None, log: Path) -> Anvil:
        """Started and answering. Raises EmbeddedLedgerError, with the end of what it said."""
        port = free_port()
        arguments = [str(binary), "--host", "127.0.0.1", "--port", str(port), "--quiet", "--no-cors"]
        arguments += ["--no-request-size-limit", "--no-mining", "--order", "fifo", "--accounts", "0"]
        arguments += ["--hardfork", "paris", "--base-fee", "0", "--gas-price", "0"]
        arguments += ["--slots-in-an-epoch", "1", "--prune-history", str(STATES_IN_MEMORY)]
        arguments += ["--chain-id", str(genesis.chain_id), "--timestamp", str(genesis.timestamp)]
        arguments += ["--gas-limit", str(genesis.gas_limit)]
        if snapshot:
            arguments += ["--load-state", str(snapshot)]
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", "-c", _DIE_WITH_PARENT, str(os.getpid())),
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # a Ctrl-C at the terminal is for us: we still have a block to finish
            )
        anvil = cls(process, port)
        try:
            await asyncio.wait_for(anvil._answers(genesis.chain_id), STARTING)
        except BaseException as error:
            await anvil.stop()
            if isinstance(error, (TimeoutError, EmbeddedLedgerError)):
                said = await asyncio.to_thread(_last_words, log)
                raise EmbeddedLedgerError(f"anvil does not start: {said or 'no answer'}") from error
            raise
        return anvil

    async def _answers(self, chain_id: int) -> None:
        while True:
            if self._process.returncode is not None:
                raise EmbeddedLedgerError("it ended")
            with contextlib.suppress(LedgerUnavailable, LedgerError):
                if await self.rpc.call("eth_chainId") == hex(chain_id):
                    return
            await asyncio.sleep(0.01)

    async def ended(self) -> None:
        """Until the process is no more."""
        await self._process.wait()

    @property
    def pid(self) -> int:
        return self._process.pid

    async def stop(self) -> None:
        """Nothing of it needs saving: it is killed."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self.rpc.close()


def _last_words(log: Path) -> str:
    return log.read_text(errors="replace")[-500:].strip()
