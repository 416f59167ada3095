"""A bare ledger for tests of the contracts themselves: mines each transaction, lets anyone be anyone."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import httpx2

from registry.bindings.abi import BlockTag
from registry.bindings.decoder import RawLog

STARTING = 30.0  # seconds


class Reverted(Exception):
    """The contract refused."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data.hex())
        self.data = data


@dataclass(frozen=True, slots=True)
class Mined:
    """What came of a transaction."""

    block: int
    gas_used: int
    contract: str | None
    logs: Sequence[RawLog]


class AnvilLedger:
    """JSON-RPC to an anvil that mines at once and signs for every address."""

    def __init__(self, url: str) -> None:
        self._http = httpx2.Client(base_url=url, timeout=STARTING)

    def __enter__(self) -> AnvilLedger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def ask(self, method: str, *params: Any) -> Any:
        """The result. Raises Reverted."""
        answer = self._http.post(
            "/", json={"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        ).json()
        if "error" in answer:
            data = answer["error"].get("data")
            if isinstance(data, str):
                raise Reverted(bytes.fromhex(data.removeprefix("0x")))
            raise RuntimeError(answer["error"])
        return answer["result"]

    def send(self, sender: str, to: str | None, data: bytes) -> Mined:
        """Mines one transaction. Raises Reverted."""
        transaction = {"from": sender, "data": "0x" + data.hex(), "gasPrice": "0x0"}
        if to is not None:
            transaction["to"] = to
        transaction["gas"] = self.ask("eth_estimateGas", transaction)
        sent = self.ask("eth_sendTransaction", transaction)
        self.ask("evm_mine")  # its own mining answers now and then before it has mined
        receipt = self.ask("eth_getTransactionReceipt", sent)
        if receipt["status"] != "0x1":
            raise Reverted(b"")
        return Mined(
            int(receipt["blockNumber"], 16),
            int(receipt["gasUsed"], 16),
            receipt["contractAddress"],
            receipt["logs"],
        )

    async def call(self, to: str, data: bytes, block: BlockTag) -> bytes:
        """What the bindings read through."""
        tag = hex(block) if isinstance(block, int) else block
        answer = self.ask("eth_call", {"to": to, "data": "0x" + data.hex()}, tag)
        return bytes.fromhex(answer.removeprefix("0x"))

    def logs(self) -> list[RawLog]:
        """All of them, from the first block on."""
        answer: list[RawLog] = self.ask("eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest"})
        return answer

    def now(self) -> int:
        """The latest block's time, Unix seconds."""
        return int(self.ask("eth_getBlockByNumber", "latest", False)["timestamp"], 16)


@contextmanager
def running_anvil(binary: Path) -> Iterator[AnvilLedger]:
    """An anvil of its own, on a port that was free."""
    rules = ["--hardfork", "paris", "--no-mining", "--auto-impersonate", "--gas-price", "0", "--base-fee", "0"]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen([binary, "--port", "0", *rules], stdout=output, stderr=subprocess.STDOUT)
        try:
            with AnvilLedger(_announced(process, output)) as ledger:
                yield ledger
        finally:
            process.kill()
            process.wait()


def _announced(process: subprocess.Popen[bytes], output: IO[str]) -> str:
    """The address anvil prints once it listens."""
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline and process.poll() is None:
        output.seek(0)
        for line in output.read().splitlines():
            if line.startswith("Listening on "):
                return "http://" + line.removeprefix("Listening on ").strip()
        time.sleep(0.02)
    output.seek(0)
    raise RuntimeError(f"anvil did not start: {output.read()[-500:]}")
